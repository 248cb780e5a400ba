// Provider Microsoft-Windows-DNS-Client: requests to the Windows resolver (3006) and their results (3008).
import { fileTimeToMs } from '../../file-time.ts';
import { PART_GRANTS } from '../../grants.ts';
import type { DnsEventRecord } from '../../host.ts';
import type { EventView } from '../event-view.ts';
import type { EtwProvider } from '../provider.ts';
import { RecordBatch } from '../record-batch.ts';

const STARTED = 3006;
const COMPLETED = 3008;

export const dnsClient: EtwProvider = {
  name: 'dns-client',
  title: 'Microsoft-Windows-DNS-Client',
  guid: '1c95126e-7eea-49a9-a3fe-a378b03ddb4d',
  // The manifest gives these events no keyword; the events themselves have bit 63 set.
  anyKeyword: 0n,
  level: 4,
  events: { [STARTED]: { newest: 0, appends: false }, [COMPLETED]: { newest: 0, appends: false } },
  inProcesses: true,
  rundown: false,
  grant: PART_GRANTS.dnsEvents,
  ringShare: 1 / 16,
  createBatch: () => new RecordBatch('dnsEvents', decode),
};

/** A DNS name has at most 255 characters; a longer text than this is not a name. */
const MAX_NAME = 1024;
/** Eight times as long as results of Windows. */
const MAX_RESULTS = 8192;
const MAX_QUERY_TYPE = 0xffff;

function decode(event: EventView): DnsEventRecord | undefined {
  const atMs = fileTimeToMs(event.ticks);
  const containerId = event.containerId();
  const name = event.text16(MAX_NAME + 1);
  const queryType = event.u32();
  const options = low53(event.u32(), event.u32());
  if (name.length > MAX_NAME || queryType > MAX_QUERY_TYPE) return undefined;
  const request = { atMs, pid: event.pid, name, queryType, options };
  const container = containerId === '' ? {} : { containerId };
  if (event.id === STARTED) return event.broken ? undefined : { type: 'started', ...request, ...container };
  const status = event.u32();
  // The last field; it may be absent when there is no result.
  const results = wholeResults(event.text16(MAX_RESULTS));
  return event.broken ? undefined : { type: 'completed', ...request, status, results, ...container };
}

/** The low 53 of 64 bits, which a double represents exactly. */
function low53(low: number, high: number): number {
  return (high & 0x1f_ffff) * 4_294_967_296 + low;
}

/**
 * The results up to the last `;`, which Windows writes behind each of them. A last part without it was cut, by Windows
 * at 1,024 characters or here: `10.0.0.1` of `10.0.0.12` would be the address of another host.
 */
function wholeResults(results: string): string {
  return results.slice(0, results.lastIndexOf(';') + 1);
}
