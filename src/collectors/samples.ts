// The samples of a pass: values, and label sets that are built once for an owner.
import type { MetricDefinition } from './families/definition.ts';
import { type Family, FamilySamples, type HistogramValue } from './family-samples.ts';
import { LabelShape, type Labels, type LabelsOf } from './label-sets.ts';

/** The labels that identify the machine; each is empty until it is known. */
export interface NodeLabels {
  readonly machine_id: string;
  readonly system_uuid: string;
}

/** Labels of every series of a container in a cloud whose region and zone are known, as in Coroot. */
export interface ZoneLabels {
  readonly az: string;
  readonly region: string;
}

/** The result of a finished pass. Immutable. */
export interface Snapshot {
  /** Clock of the host when the pass began, milliseconds since 1970. */
  readonly atMs: number;
  /** Those of every series of the pass. */
  readonly nodeLabels: NodeLabels;
  readonly families: readonly Family[];
  /** Number of series. */
  readonly series: number;
}

/**
 * Receives the samples of a collector. `owner` is the object that the series describes, e.g. a container or a
 * destination. Its labels are immutable: `labels` is called once for an owner and all families with the same label
 * names. A replaced owner gets new labels.
 */
export interface SampleSink {
  add<O extends object>(definition: MetricDefinition, owner: O, labels: LabelsOf<O>, value: number): void;
  /** Adds every series of a histogram; the definition must have buckets. */
  addHistogram<O extends object>(
    definition: MetricDefinition,
    owner: O,
    labels: LabelsOf<O>,
    value: HistogramValue,
  ): void;
}

/** Label names that a scope adds to those of a family. */
const scopeLabels = {
  node: ['machine_id', 'system_uuid'],
  agent: ['machine_id', 'system_uuid'],
  container: ['machine_id', 'system_uuid', 'container_id'],
  self: [],
} as const satisfies Record<MetricDefinition['scope'], readonly string[]>;

/** Gathers the samples of each pass. A second sample of one series in a pass is dropped and counted. */
export class SampleGatherer implements SampleSink {
  readonly #verifyLabels: boolean;
  #families = new Map<MetricDefinition, FamilySamples>();
  /** By the label names, joined by spaces. */
  #shapes = new Map<string, LabelShape>();
  #nodeLabels: NodeLabels = { machine_id: '', system_uuid: '' };
  #zoneLabels: ZoneLabels | undefined;
  #pass = 0;
  #duplicates = 0;

  /** With `verifyLabels` a change of an owner's labels throws, for tests. */
  constructor({ verifyLabels = false } = {}) {
    this.#verifyLabels = verifyLabels;
  }

  begin(): void {
    this.#pass++;
    this.#duplicates = 0;
    for (const family of this.#families.values()) family.begin();
  }

  /** Drops every label set, because labels that all series share have changed. */
  relabel(nodeLabels: NodeLabels, zoneLabels?: ZoneLabels): void {
    this.#nodeLabels = nodeLabels;
    this.#zoneLabels = zoneLabels;
    for (const shape of this.#shapes.values()) shape.retired = true;
    this.#families = new Map();
    this.#shapes = new Map();
  }

  add<O extends object>(definition: MetricDefinition, owner: O, labels: LabelsOf<O>, value: number): void {
    const family = this.#family(definition);
    if (!family.add(family.shape.setFor(owner, labels, this.#pass), this.#pass, value)) this.#duplicates++;
  }

  addHistogram<O extends object>(
    definition: MetricDefinition,
    owner: O,
    labels: LabelsOf<O>,
    value: HistogramValue,
  ): void {
    const family = this.#family(definition);
    if (!family.addHistogram(family.shape.setFor(owner, labels, this.#pass), this.#pass, value))
      this.#duplicates += family.seriesPerRow;
  }

  /** Returns the current number of rows of each family, for `rollBack`. */
  mark(): Map<MetricDefinition, number> {
    return new Map([...this.#families].map(([definition, { rows }]) => [definition, rows]));
  }

  /** Removes the samples that were added since the mark. */
  rollBack(mark: ReadonlyMap<MetricDefinition, number>): void {
    for (const [definition, family] of this.#families) family.rollBack(mark.get(definition) ?? 0);
  }

  /** Samples of this pass that were dropped because their series had one already. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Ends the pass. The snapshot has the families with a sample, sorted by name. */
  finish(atMs: number): Snapshot {
    for (const shape of this.#shapes.values()) shape.expire(this.#pass);
    const filled = [...this.#families.values()].filter(({ rows }) => rows > 0);
    filled.sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
    const series = filled.reduce((sum, { rows, seriesPerRow }) => sum + rows * seriesPerRow, 0);
    return { atMs, nodeLabels: this.#nodeLabels, families: filled.map((family) => family.finish()), series };
  }

  #family(definition: MetricDefinition): FamilySamples {
    let family = this.#families.get(definition);
    if (!family) {
      const { scope, labels } = definition;
      const shared = scope === 'container' ? this.#zoneLabels : undefined;
      family = new FamilySamples(definition, this.#shape([...scopeLabels[scope], ...labels], { ...shared }));
      this.#families.set(definition, family);
    }
    return family;
  }

  #shape(own: readonly string[], shared: Labels): LabelShape {
    const names = [...own, ...Object.keys(shared)].sort();
    const key = names.join(' ');
    let shape = this.#shapes.get(key);
    if (!shape) {
      shape = new LabelShape(names, this.#verifyLabels, shared);
      this.#shapes.set(key, shape);
    }
    return shape;
  }
}
