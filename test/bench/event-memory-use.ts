// Memory readings of the event benchmarks.
import { readFileSync } from 'node:fs';

/** Memory growth is reported for this number of events. */
export const SPAN_EVENTS = 50_000_000;

/** RssAnon of this process in MiB, without a preceding collection; 0 where the system does not report it. */
export function rssAnonMiB(): number {
  if (process.platform !== 'linux') return 0;
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;
}
