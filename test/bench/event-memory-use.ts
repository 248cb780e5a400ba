// What the measurements of events say about memory.
import { readFileSync } from 'node:fs';

/** What growth is told of. */
export const SPAN_EVENTS = 50_000_000;

/**
 * Memory of this process that is no file's, in MiB, as it is: nothing is collected before. 0 where the system does not
 * tell.
 */
export function rssAnonMiB(): number {
  if (process.platform !== 'linux') return 0;
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;
}
