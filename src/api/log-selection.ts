// Selects messages in slices of time, because each text of a filter is searched in every message.
import { setImmediate } from 'node:timers/promises';

/** Monotonic milliseconds that are spent before other work of the event loop. */
const SLICE_MS = 5;

export interface Selection<T> {
  /** The first items that match, at most as many as the limit. */
  readonly found: T[];
  /** Number of items up to the last one found. */
  readonly examined: number;
  /** Whether further items match. */
  readonly truncated: boolean;
}

export async function selectInSlices<T>(
  items: readonly T[],
  matches: (item: T) => boolean,
  limit: number,
): Promise<Selection<T>> {
  const found: T[] = [];
  let examined = 0;
  let sliceEnd = performance.now() + SLICE_MS;
  for (const [at, item] of items.entries()) {
    if (matches(item)) {
      if (found.length === limit) return { found, examined, truncated: true };
      found.push(item);
      examined = at + 1;
    }
    if (performance.now() < sliceEnd) continue;
    await setImmediate();
    sliceEnd = performance.now() + SLICE_MS;
  }
  return { found, examined, truncated: false };
}
