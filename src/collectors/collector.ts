// What a collector is: a function of the model that adds samples, and the labels that they share.
import type { SelfMetrics } from '../base/self-metrics.ts';
import type { HostModel } from '../model/host-model.ts';
import type { SampleSink } from './samples.ts';

/** Facts that collectors need beside the model. */
export interface CollectorContext {
  readonly model: HostModel;
  readonly agentVersion: string;
  /** The agent's own instrumentation, for what the model counts about the agent. */
  readonly selfMetrics: SelfMetrics;
  /** Labels of node and agent series: machine_id, system_uuid. */
  readonly nodeLabels: { readonly machine_id: string; readonly system_uuid: string };
}

export interface Collector {
  /** For status and counters, e.g. `containers`. */
  readonly name: string;
  /** Adds the samples of one pass; what it throws is isolated and counted. */
  collect(context: CollectorContext, sink: SampleSink): void;
}
