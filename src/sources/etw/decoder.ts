// Turns events into records by provider, id and version; what cannot be used is counted by reason, never thrown.
import { isMoment } from '../file-time.ts';
import type { DnsEventRecord, ProcessEventRecord } from '../host.ts';
import { decodeDns } from './dns-client.ts';
import type { EventView } from './event-view.ts';
import { decodeProcess } from './kernel-process.ts';
import { type EventVersions, PROVIDER, providers } from './providers.ts';
import { TcpColumns } from './tcp-columns.ts';
import { decodeTcpip } from './tcpip.ts';

/** Reasons that are told apart, ids and versions included: a broken provider could make up thousands. */
const MAX_REASONS = 64;

const versions: readonly ReadonlyMap<number, EventVersions>[] = providers.map(
  ({ events }) => new Map(Object.entries(events).map(([id, known]) => [Number(id), known])),
);

/** What was decoded since the last time that somebody took it. */
export class EventDecoder {
  readonly tcp = new TcpColumns();
  dns: DnsEventRecord[] = [];
  processes: ProcessEventRecord[] = [];
  /** Events that were handed in, since the beginning. */
  events = 0;
  /** Events left out, since the beginning, by reason and event, e.g. `unknown version: tcpip 1033 v7`. */
  readonly dropped = new Map<string, number>();
  /** What the cycles of processes are counted at, 0 when unknown. */
  cpuMHz = 0;

  /** Rows that wait to be taken. */
  get pending(): number {
    return this.tcp.count + this.dns.length + this.processes.length;
  }

  decode(event: EventView): void {
    this.events++;
    const known = versions[event.provider]?.get(event.id);
    if (!known) this.#drop('not asked for', event);
    else if (event.version > known.newest && !known.appends) this.#drop('unknown version', event);
    else if (!isMoment(event.ticks) || !this.#read(event)) this.#drop('malformed', event);
  }

  #read(event: EventView): boolean {
    event.broken = false;
    if (event.provider === PROVIDER.tcpip) return decodeTcpip(event, this.tcp);
    if (event.provider === PROVIDER.dnsClient) {
      const query = decodeDns(event);
      if (query) this.dns.push(query);
      return query !== undefined;
    }
    const record = decodeProcess(event, this.cpuMHz);
    if (record) this.processes.push(record);
    return record !== undefined;
  }

  #drop(reason: string, { provider, id, version }: EventView): void {
    const exact = `${reason}: ${providers[provider]?.name ?? 'unknown provider'} ${id} v${version}`;
    const key = this.dropped.has(exact) || this.dropped.size < MAX_REASONS ? exact : reason;
    this.dropped.set(key, (this.dropped.get(key) ?? 0) + 1);
  }
}
