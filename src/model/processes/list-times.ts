// Times of the last two process lists.
import type { ProcessEventRecord } from '../../sources/host.ts';

/** Milliseconds since 1970; 0 for a list that does not exist. */
export interface ListTimes {
  readonly lastMs: number;
  readonly beforeMs: number;
}

/** Whether it started after the last list, or ran between the last two lists and its stop event was late. */
export function ranBetweenLists({ createdAtMs, atMs }: ProcessEventRecord, { lastMs, beforeMs }: ListTimes): boolean {
  if (lastMs !== 0 && createdAtMs > lastMs) return true;
  return beforeMs !== 0 && createdAtMs > beforeMs && atMs < lastMs;
}
