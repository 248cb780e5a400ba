// The contract of a collector: a function that reads the model and adds samples.
import type { SelfMetrics } from '../base/self-metrics.ts';
import type { HostModel } from '../model/host-model.ts';
import type { SampleSink } from './samples.ts';

/** The input of a collector. */
export interface CollectorContext {
  readonly model: HostModel;
  readonly agentVersion: string;
  /** The agent's own instrumentation, for totals that the model keeps about the agent. */
  readonly selfMetrics: SelfMetrics;
  /** Labels of node and agent series: machine_id, system_uuid. */
  readonly nodeLabels: { readonly machine_id: string; readonly system_uuid: string };
}

export interface Collector {
  /** Shown by status and used as a label, e.g. `containers`. */
  readonly name: string;
  /** Adds the samples of one pass. An error is counted and does not affect other collectors. */
  collect(context: CollectorContext, sink: SampleSink): void;
}
