// One collection pass: runs every collector on its own, so that one fault costs one collector.
import type { Counters } from '../base/counters.ts';
import { reasonOf } from '../base/errors.ts';
import type { HostModel } from '../model/host-model.ts';
import { catalogue, type MetricDefinition } from './catalogue.ts';
import type { Collector, CollectorContext } from './collector.ts';
import { SampleGatherer, type Snapshot } from './samples.ts';

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
  readonly counters: Counters;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Called once for each new fault text of a collector. */
  readonly onFault: (collector: string, error: unknown) => void;
}

/** Runs passes and keeps the last finished one. */
export class PassRunner {
  readonly states: CollectorState[];
  count = 0;
  lastSeconds = 0;
  /** Clock of the host at the last pass, 0 before the first. */
  lastAtMs = 0;
  snapshot: Snapshot | undefined;
  readonly #options: PassOptions;
  readonly #samples = new SampleGatherer();
  #nodeLabels = { machine_id: '', system_uuid: '' };
  readonly #self = { passes: {}, seconds: {} };

  constructor(options: PassOptions) {
    this.#options = options;
    this.states = options.collectors.map(({ name }) => ({ name, failures: 0, lastError: '' }));
  }

  /** `beganAt` is the monotonic time at which work on this tick began, so that the model's update counts as well. */
  run(model: HostModel, beganAt: number): Snapshot {
    const { counters, now } = this.#options;
    this.#shareLabels(model);
    const context: CollectorContext = { model, agentVersion: this.#options.agentVersion, nodeLabels: this.#nodeLabels };
    const samples = this.#samples;
    samples.begin();
    for (const [i, collector] of this.#options.collectors.entries()) this.#collect(collector, this.states[i]!, context);
    if (samples.duplicates > 0)
      counters.add(catalogue.selfSeriesDropped.name, { reason: 'duplicate' }, samples.duplicates);
    this.count++;
    samples.add(catalogue.selfPasses, this.#self.passes, () => ({}), this.count);
    samples.add(catalogue.selfPassSeconds, this.#self.seconds, () => ({}), this.lastSeconds);
    for (const entry of counters.entries()) {
      const definition = selfDefinitions.get(entry.name);
      if (definition) samples.add(definition, entry, ({ labels }) => labels, entry.value);
    }
    this.snapshot = samples.finish(model.nowMs);
    this.lastAtMs = model.nowMs;
    this.lastSeconds = (now() - beganAt) / 1000;
    return this.snapshot;
  }

  #collect(collector: Collector, state: CollectorState, context: CollectorContext): void {
    const { counters, now, onFault } = this.#options;
    const beganAt = now();
    const mark = this.#samples.mark();
    try {
      collector.collect(context, this.#samples);
      state.lastError = '';
    } catch (error) {
      this.#samples.rollBack(mark);
      state.failures++;
      counters.add(catalogue.selfCollectorFailures.name, { collector: collector.name });
      const reason = reasonOf(error);
      if (reason !== state.lastError) onFault(collector.name, error);
      state.lastError = reason;
    }
    if (now() - beganAt > COLLECTOR_BUDGET_MS)
      counters.add(catalogue.selfCollectorOverruns.name, { collector: collector.name });
  }

  /** The ids of the machine are in nearly every label set: when they change, all sets are made anew. */
  #shareLabels(model: HostModel): void {
    const machine_id = model.node.identity?.machineId ?? '';
    const system_uuid = model.node.identity?.systemUuid ?? '';
    if (this.#nodeLabels.machine_id === machine_id && this.#nodeLabels.system_uuid === system_uuid) return;
    this.#nodeLabels = { machine_id, system_uuid };
    this.#samples.relabel();
  }
}

const selfDefinitions = new Map<string, MetricDefinition>(
  Object.values<MetricDefinition>(catalogue)
    .filter(({ scope }) => scope === 'self')
    .map((definition) => [definition.name, definition]),
);
