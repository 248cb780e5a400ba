// A part of the host that could not be read, and why.
import { code, type Field, text } from './field.ts';
import { optional, type RecordOf, record } from './record.ts';

const fields = {
  /** What is missing, e.g. `tcp tables of compartment 3`. */
  part: text,
  /** Why, in words for a person. */
  reason: text,
  /** Win32 error or NTSTATUS, if Windows returned one. */
  code: optional(code),
  /** The right that the agent lacks; absent when no right would help. */
  requiredRight: optional(text),
  /** What the agent cannot report without this part. */
  consequence: optional(text),
};

/** One value that could not be read. */
export interface Unavailability extends RecordOf<typeof fields> {}
export const unavailability: Field<Unavailability> = record(fields);
