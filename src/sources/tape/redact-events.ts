// Redaction of events and statistics: names of hosts, addresses and results of queries.
import { isIpv4Mapped } from '../../base/ip.ts';
import { each, keep, type Rule, record, text } from '../../redaction/rules.ts';
import type { Scrubber } from '../../redaction/scrub.ts';
import type { DnsEventRecord, EtwSessionRecord, ObservationData, ProcessEventRecord } from '../host.ts';

const WIDTH = 16;

/** Addresses of 16 bytes a row; a mapped IPv4 address gets the stand-in that it has everywhere else. */
function mappedAddresses(bytes: Uint8Array, { standIns }: Scrubber): Uint8Array {
  const redacted = new Uint8Array(bytes);
  for (let at = 0; at + WIDTH <= bytes.length; at += WIDTH) {
    const from = isIpv4Mapped(bytes, at) ? at + 12 : at;
    redacted.set(standIns.address(bytes.slice(from, at + WIDTH)), from);
  }
  return redacted;
}

function ends<T extends { readonly localAddress: Uint8Array; readonly remoteAddress: Uint8Array }>(
  table: T,
  scrubber: Scrubber,
): T {
  const localAddress = mappedAddresses(table.localAddress, scrubber);
  return { ...table, localAddress, remoteAddress: mappedAddresses(table.remoteAddress, scrubber) };
}

/** A name in the DNS; the dot at its end is no part of it. */
export function domain(name: string, { standIns }: Scrubber): string {
  return name === '' ? '' : standIns.name('host', name.replace(/\.$/, '').toLowerCase());
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
