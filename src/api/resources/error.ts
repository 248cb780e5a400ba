// The answer to a request that fails.
import { record, type Static, text } from '../fields.ts';

export const errorSchema = record(
  {
    error: record({
      code: text('text', 'Code of the error, e.g. `NOT_READY`; docs/errors.md lists all of them.'),
      message: text('text', 'What is wrong, in one sentence.'),
      hint: text('text', 'What to do about it.'),
    }),
  },
  'An error, with a status of 400 or above.',
);
export type ErrorAnswer = Static<typeof errorSchema>;
