// Redaction of events and statistics: names of hosts, addresses and results of queries.
import { domain, mappedAddresses } from '../../redaction/network-rules.ts';
import { each, keep, type Rule, record, text } from '../../redaction/rules.ts';
import type { Scrubber } from '../../redaction/scrub.ts';
import type { DnsEventRecord, EtwSessionRecord, ObservationData, ProcessEventRecord } from '../host.ts';

function ends<T extends { readonly localAddress: Uint8Array; readonly remoteAddress: Uint8Array }>(
  table: T,
  scrubber: Scrubber,
): T {
  const localAddress = mappedAddresses(table.localAddress, scrubber);
  return { ...table, localAddress, remoteAddress: mappedAddresses(table.remoteAddress, scrubber) };
}

/** Addresses by their stand-ins, other answers without their values. */
function results(answer: string, scrubber: Scrubber): string {
  return answer
    .split(';')
    .map((part) => (/^\s*type:/i.test(part) ? part.replace(/^(\s*type:\s*\d*).*$/is, '$1 *') : scrubber.text(part)))
    .join(';');
}

type EventKind = 'tcpEvents' | 'dnsEvents' | 'processEvents' | 'etw' | 'tcpStatistics' | 'rawEvents';

export const EVENT_RULES: { readonly [K in EventKind]: Rule<ObservationData[K]> } = {
  tcpEvents: (table, scrubber) => ({
    ...ends(table, scrubber),
    name: table.name.map((name) => domain(name, scrubber)),
  }),
  dnsEvents: each(
    record<DnsEventRecord>({
      type: keep,
      atMs: keep,
      pid: keep,
      name: domain,
      queryType: keep,
      options: keep,
      status: keep,
      results,
      containerId: (id, { standIns }) => standIns.id(id),
    }),
  ),
  processEvents: each(
    record<ProcessEventRecord>({
      type: keep,
      atMs: keep,
      pid: keep,
      createdAtMs: keep,
      parentPid: keep,
      sessionId: keep,
      imageName: text,
      exitCode: keep,
      cpuMs: keep,
      cycles: keep,
      reads: keep,
      writes: keep,
      readBytes: keep,
      writtenBytes: keep,
      hardFaults: keep,
    }),
  ),
  etw: record<EtwSessionRecord>({
    state: keep,
    reason: text,
    providers: each(text),
    restarts: keep,
    events: keep,
    eventsLost: keep,
    buffersLost: keep,
    realTimeBuffersLost: keep,
    dropped: (counts, scrubber) =>
      Object.fromEntries(Object.entries(counts).map(([reason, count]) => [scrubber.text(reason), count])),
  }),
  tcpStatistics: ends,
  // Packed bytes of anybody's events cannot be gone through field by field.
  rawEvents: () => ({ count: 0, bytes: new Uint8Array() }),
};
