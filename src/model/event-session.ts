// The state of the event session, and the number of events received by kind.

import { GrowingCounter } from '../base/growing-counter.ts';
import type { EtwSessionRecord, Observation } from '../sources/host.ts';

export interface EventCount {
  readonly kind: 'tcp' | 'dns' | 'process';
  events: number;
}

export class EventSession {
  /** The last state, with totals that never decrease; undefined if there is no session. */
  record: EtwSessionRecord | undefined;
  readonly #totals = new Map<string, GrowingCounter>();
  readonly counts: readonly EventCount[] = [
    { kind: 'tcp', events: 0 },
    { kind: 'dns', events: 0 },
    { kind: 'process', events: 0 },
  ];

  update(observation: Observation): void {
    if (observation.unavailable) return;
    const [tcp, dns, process] = this.counts;
    if (observation.kind === 'etw') this.record = this.#withTotals(observation.data);
    if (observation.kind === 'tcpEvents') tcp!.events += observation.data.count;
    if (observation.kind === 'dnsEvents') dns!.events += observation.data.length;
    if (observation.kind === 'processEvents') process!.events += observation.data.length;
  }
  /** The agent that recorded a tape may have restarted in between. */
  #withTotals(record: EtwSessionRecord): EtwSessionRecord {
    const dropped = Object.entries(record.dropped).map(([key, count]) => [key, this.#total(`dropped ${key}`, count)]);
    return {
      ...record,
      restarts: this.#total('restarts', record.restarts),
      events: this.#total('events', record.events),
      eventsLost: this.#total('eventsLost', record.eventsLost),
      buffersLost: this.#total('buffersLost', record.buffersLost),
      realTimeBuffersLost: this.#total('realTimeBuffersLost', record.realTimeBuffersLost),
      dropped: Object.fromEntries(dropped),
    };
  }

  #total(key: string, raw: number): number {
    let counter = this.#totals.get(key);
    if (!counter) {
      counter = new GrowingCounter();
      this.#totals.set(key, counter);
    }
    counter.add(raw);
    return counter.total;
  }
}
