// The state of the event session, and the number of events received by kind.
import type { EtwSessionRecord, Observation } from '../sources/host.ts';

export interface EventCount {
  readonly kind: 'tcp' | 'dns' | 'process';
  events: number;
}

export class EventSession {
  /** The last state; undefined if there is no session. */
  record: EtwSessionRecord | undefined;
  readonly counts: readonly EventCount[] = [
    { kind: 'tcp', events: 0 },
    { kind: 'dns', events: 0 },
    { kind: 'process', events: 0 },
  ];

  update(observation: Observation): void {
    if (observation.unavailable) return;
    const [tcp, dns, process] = this.counts;
    if (observation.kind === 'etw') this.record = observation.data;
    if (observation.kind === 'tcpEvents') tcp!.events += observation.data.count;
    if (observation.kind === 'dnsEvents') dns!.events += observation.data.length;
    if (observation.kind === 'processEvents') process!.events += observation.data.length;
  }
}
