// Self-metrics of observations: readings by kind and result, their duration, and the size of event batches.
import type { SelfMetrics } from '../base/self-metrics.ts';
import type { Observation } from '../sources/host.ts';
import { catalogue } from './catalogue.ts';

export function countObservation(selfMetrics: SelfMetrics, observation: Observation): void {
  const { kind } = observation;
  const result = observation.unavailable ? 'failed' : 'good';
  selfMetrics.increment(catalogue.selfReadings, { kind, result });
  const batch = eventBatch(observation);
  if (batch) selfMetrics.observe(catalogue.selfEventBatch, { kind: batch.kind }, batch.events);
  else if (kind !== 'tick' && kind !== 'rawEvents')
    selfMetrics.observe(catalogue.selfReadingDuration, { kind }, observation.seconds);
}

function eventBatch(observation: Observation): { kind: string; events: number } | undefined {
  const { kind, data } = observation;
  if (kind === 'tcpEvents') return { kind: 'tcp', events: data?.count ?? 0 };
  if (kind === 'dnsEvents') return { kind: 'dns', events: data?.length ?? 0 };
  if (kind === 'processEvents') return { kind: 'process', events: data?.length ?? 0 };
  return undefined;
}
