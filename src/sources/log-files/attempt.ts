// Runs actions on files, of which some cannot be read at the moment.
import { reasonOf } from '../../base/errors.ts';
import type { Tail } from './tail.ts';

/** Pause after a file could not be read. */
const RETRY_MS = 5000;

/** A file that cannot be read is tried again later, and the others are read meanwhile. */
export function attempt<T>(tail: Tail, nowMs: number, action: () => T): T | undefined {
  if (tail.problem !== undefined && nowMs < tail.nextPollMs) return undefined;
  try {
    const result = action();
    tail.problem = undefined;
    return result;
  } catch (error) {
    tail.problem = reasonOf(error);
    tail.nextPollMs = nowMs + RETRY_MS;
    return undefined;
  }
}
