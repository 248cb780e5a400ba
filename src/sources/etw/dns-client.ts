// Decodes queries of Microsoft-Windows-DNS-Client, asked (3006) and answered (3008).
import { fileTimeToMs } from '../file-time.ts';
import type { DnsEventRecord } from '../host.ts';
import type { EventView } from './event-view.ts';

/** Longest name with room for what is none. */
const MAX_NAME = 1024;
/** Longest answer: some two hundred addresses. */
const MAX_RESULTS = 8192;
const MAX_QUERY_TYPE = 0xffff;

/** Undefined when it is cut off or makes no sense. */
export function decodeDns(event: EventView): DnsEventRecord | undefined {
  const atMs = fileTimeToMs(event.ticks);
  const containerId = event.containerId();
  const name = event.text16(MAX_NAME + 1);
  const queryType = event.u32();
  const options = event.u64();
  if (name.length > MAX_NAME || queryType > MAX_QUERY_TYPE) return undefined;
  const query = { atMs, pid: event.pid, name, queryType, options };
  const container = containerId === '' ? {} : { containerId };
  if (event.id === 3006) return event.broken ? undefined : { type: 'asked', ...query, ...container };
  const status = event.u32();
  // The last field: it may be missing altogether where there is no answer.
  const results = whole(event.text16(MAX_RESULTS + 1));
  return event.broken ? undefined : { type: 'answered', ...query, status, results, ...container };
}

/** An answer that is too long loses its last parts, not half of one. */
function whole(results: string): string {
  return results.length <= MAX_RESULTS ? results : results.slice(0, results.lastIndexOf(';', MAX_RESULTS - 1) + 1);
}
