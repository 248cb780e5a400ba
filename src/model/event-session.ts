// How the event session fares, and how many events of each kind came through.
import type { EtwSessionRecord, Observation } from '../sources/host.ts';

/** One kind of events and its count. */
export interface EventCount {
  readonly kind: 'tcp' | 'dns' | 'process';
  events: number;
}

export class EventSession {
  /** What was said last; undefined where there is no session. */
  record: EtwSessionRecord | undefined;
  readonly counts: readonly EventCount[] = [
    { kind: 'tcp', events: 0 },
    { kind: 'dns', events: 0 },
    { kind: 'process', events: 0 },
  ];

  take(observation: Observation): void {
    if (observation.unavailable) return;
    const [tcp, dns, process] = this.counts;
    if (observation.kind === 'etw') this.record = observation.data;
    if (observation.kind === 'tcpEvents') tcp!.events += observation.data.count;
    if (observation.kind === 'dnsEvents') dns!.events += observation.data.length;
    if (observation.kind === 'processEvents') process!.events += observation.data.length;
  }
}
