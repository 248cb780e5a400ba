// Applies events of Microsoft-Windows-DNS-Client to a model in which each process is a service of its own.
import type { DnsEventRecord } from '../../src/sources/host.ts';
import { type BuiltEvent, DNS_CLIENT, dnsAnswered, dnsAsked, event } from './etw-builder.ts';
import { decodeAll } from './etw-decode.ts';
import { aModel, HOUR_MS, round, wall } from './model.ts';
import { aService, observation } from './observations.ts';

/** Bits of QueryOptions: IPv4 and IPv6 addresses in one lookup, and what Windows adds when the lookup completes. */
export const DUAL = 0x4000n;
export const COMPLETED = 1n << 51n;

export interface DnsTotals {
  /** `type domain status count` of all processes. */
  readonly requests: readonly string[];
  readonly timed: number;
  readonly durationMs: number;
  readonly unanswered: number;
  readonly unattributed: Readonly<Record<string, number>>;
  readonly names: Readonly<Record<string, string>>;
}

/** The totals three minutes after the last event, when all open questions have expired. */
export function totalsOf(events: readonly BuiltEvent[]): DnsTotals {
  const { dns, dropped } = decodeAll(events);
  if (Object.keys(dropped).length > 0) throw new Error(`dropped: ${JSON.stringify(dropped)}`);
  return totalsOfRecords(dns);
}

/** The same for decoded events. */
export function totalsOfRecords(records: readonly DnsEventRecord[]): DnsTotals {
  const model = aModel({ network: { maxDomains: 50 } });
  const pids = [...new Set(records.map(({ pid }) => pid))];
  const services = pids.map((pid) => aService({ name: `p${pid}`, pid }));
  const processes = pids.map((pid) => ({ pid, createdAtMs: wall(-HOUR_MS) }));
  const list = (atMs: number): void => round(model, atMs, { services, processes });
  list(0);
  const shiftMs = wall(1000) - records[0]!.atMs;
  const shifted = records.map((record) => ({ ...record, atMs: record.atMs + shiftMs }));
  const lastMs = Math.max(...shifted.map(({ atMs }) => atMs)) - wall(0);
  model.observe(observation('dnsEvents', shifted, { atMs: lastMs }));
  for (const afterMs of [1000, 180_000]) list(lastMs + afterMs);
  const counts = new Map<string, number>();
  const totals = { timed: 0, durationMs: 0, unanswered: 0 };
  for (const { dns } of model.containers.all()) {
    for (const { type, domain, status, count } of dns.requests()) {
      const key = `${type} ${domain} ${status}`;
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
    totals.timed += dns.durations.counts.reduce((sum, count) => sum + count, 0);
    totals.durationMs += dns.durations.sum * 1000;
    totals.unanswered += dns.unanswered;
  }
  return {
    ...totals,
    requests: [...counts].map(([key, count]) => `${key} ${count}`).sort(),
    unattributed: Object.fromEntries([...model.unattributed.all()].map(({ reason, count }) => [reason, count])),
    names: Object.fromEntries([...model.names.all()].map(({ ip, fqdn }) => [ip, fqdn])),
  };
}

/** An event with the bytes of a real one. */
export function rawEvent(id: 3006 | 3008, hex: string, head: { atMs: number; pid: number }): BuiltEvent {
  return event(DNS_CLIENT, id, 0, Buffer.from(hex, 'hex'), head);
}

export interface DualLookup {
  readonly atMs: number;
  readonly pid: number;
  readonly name: string;
  readonly tookMs: number;
  readonly status?: number;
  readonly results?: string;
}

/**
 * The four events of `getaddrinfo` for both address families: the lookup, which is of type AAAA, and a request of type
 * A that Windows refuses at once with status 87. `answerFirst` is the other order that real logs have.
 */
export function dualLookup(lookup: DualLookup, answerFirst = false): BuiltEvent[] {
  const { atMs, pid, name, tookMs, status = 0, results = '' } = lookup;
  const both = { name, type: 28, options: 0x4002_2000n | DUAL };
  const onlyA = { name, type: 1, options: 0x4000_2000n | DUAL };
  const asked = dnsAsked(both, { atMs, pid });
  const answered = dnsAnswered(
    { ...both, options: both.options | COMPLETED, status, results },
    { atMs: atMs + tookMs, pid },
  );
  const refused = [
    dnsAsked(onlyA, { atMs: atMs + 0.1, pid }),
    dnsAnswered({ ...onlyA, status: 87 }, { atMs: atMs + 0.2, pid }),
  ];
  return answerFirst ? [asked, answered, ...refused] : [asked, ...refused, answered];
}
