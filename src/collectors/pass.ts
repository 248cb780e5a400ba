// Runs collection passes; a collector that throws does not affect the others.
import { reasonOf } from '../base/errors.ts';
import type { SelfMetrics } from '../base/self-metrics.ts';
import type { HostModel } from '../model/host-model.ts';
import { catalogue } from './catalogue.ts';
import type { Collector, CollectorContext } from './collector.ts';
import { type NodeLabels, SampleGatherer, type Snapshot, type ZoneLabels } from './samples.ts';

/** Main-thread time above which a collector counts as overrunning. */
const COLLECTOR_BUDGET_MS = 100;

export interface CollectorState {
  readonly name: string;
  failures: number;
  lastError: string;
}

export interface PassOptions {
  readonly collectors: readonly Collector[];
  readonly agentVersion: string;
  readonly selfMetrics: SelfMetrics;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Fails a collector that changes the labels of an owner, for tests. */
  readonly verifyLabels?: boolean | undefined;
  /** Called once for each new error text of a collector. */
  readonly onFault: (collector: string, error: unknown) => void;
}

/** Runs passes and keeps the snapshot of the last one. */
export class PassRunner {
  readonly states: CollectorState[];
  count = 0;
  lastSeconds = 0;
  /** Clock of the host at the last pass, 0 before the first. */
  lastAtMs = 0;
  snapshot: Snapshot | undefined;
  readonly #options: PassOptions;
  readonly #samples: SampleGatherer;
  #nodeLabels: NodeLabels = { machine_id: '', system_uuid: '' };
  #zoneLabels: ZoneLabels | undefined;

  constructor(options: PassOptions) {
    this.#options = options;
    this.#samples = new SampleGatherer({ verifyLabels: options.verifyLabels ?? false });
    this.states = options.collectors.map(({ name }) => ({ name, failures: 0, lastError: '' }));
  }

  /** `beganAt` is the monotonic time at which the model update of this tick began, which counts as part of the pass. */
  run(model: HostModel, beganAt: number): Snapshot {
    const { agentVersion, selfMetrics, now } = this.#options;
    this.#updateNodeLabels(model);
    const context: CollectorContext = { model, agentVersion, selfMetrics, nodeLabels: this.#nodeLabels };
    const samples = this.#samples;
    samples.begin();
    for (const [i, collector] of this.#options.collectors.entries()) this.#collect(collector, this.states[i]!, context);
    this.snapshot = samples.finish(model.nowMs);
    this.count++;
    this.lastAtMs = model.nowMs;
    this.lastSeconds = (now() - beganAt) / 1000;
    if (samples.duplicates > 0)
      selfMetrics.increment(catalogue.selfSeriesDropped, { reason: 'duplicate' }, samples.duplicates);
    selfMetrics.increment(catalogue.selfPasses, {});
    selfMetrics.set(catalogue.selfSeries, {}, this.snapshot.series);
    selfMetrics.observe(catalogue.selfPassDuration, {}, this.lastSeconds);
    return this.snapshot;
  }

  #collect(collector: Collector, state: CollectorState, context: CollectorContext): void {
    const { selfMetrics, now, onFault } = this.#options;
    const beganAt = now();
    const mark = this.#samples.mark();
    try {
      collector.collect(context, this.#samples);
      state.lastError = '';
    } catch (error) {
      this.#samples.rollBack(mark);
      state.failures++;
      selfMetrics.increment(catalogue.selfCollectorFailures, { collector: collector.name });
      const reason = reasonOf(error);
      if (reason !== state.lastError) onFault(collector.name, error);
      state.lastError = reason;
    }
    if (now() - beganAt > COLLECTOR_BUDGET_MS)
      selfMetrics.increment(catalogue.selfCollectorOverruns, { collector: collector.name });
  }

  /** These labels are in nearly every set: a change drops all sets. */
  #updateNodeLabels({ node }: HostModel): void {
    const machine_id = node.identity?.machineId ?? '';
    const system_uuid = node.identity?.systemUuid ?? '';
    const { availabilityZone: az, region } = node.cloud.instance;
    const zone = az !== '' && region !== '' ? { az, region } : undefined;
    const before = this.#nodeLabels;
    const sameZone = this.#zoneLabels?.az === zone?.az && this.#zoneLabels?.region === zone?.region;
    if (before.machine_id === machine_id && before.system_uuid === system_uuid && sameZone) return;
    this.#nodeLabels = { machine_id, system_uuid };
    this.#zoneLabels = zone;
    this.#samples.relabel(this.#nodeLabels, zone);
  }
}
