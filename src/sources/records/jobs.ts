// Named job objects: the limits of the processes in them.
import { amount, type Field, text, u32 } from './field.ts';
import { list, optional, type RecordOf, record } from './record.ts';

const fields = {
  /** In the object namespace, e.g. `\\Container_0123abcd` or `\\BaseNamedObjects\\wrapper`. */
  name: text,
  /** Processes in the job and in the jobs nested in it. */
  pids: list(u32),
  /** Memory that its processes together may commit. */
  memoryLimitBytes: optional(amount),
  /** Memory that each of its processes may commit. */
  processMemoryLimitBytes: optional(amount),
  /** Upper limit as a share of all processors, or of the limit of the parent job; above 0, up to 1. */
  cpuShare: optional(amount),
};

export interface JobRecord extends RecordOf<typeof fields> {}
export const job: Field<JobRecord> = record(fields);
