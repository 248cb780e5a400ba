// Samples of one pass: values with label sets that are made once and kept as long as their owner lives.
import type { MetricDefinition } from './families/definition.ts';
import { type Family, FamilySamples, type HistogramValue } from './family-samples.ts';
import { LabelShape, type LabelsOf } from './label-sets.ts';

/** The result of a finished pass; it does not change any more. */
export interface Snapshot {
  /** Clock of the host when the pass began, milliseconds since 1970. */
  readonly atMs: number;
  readonly families: readonly Family[];
  /** Number of series. */
  readonly series: number;
}

/**
 * Receives the samples of a collector. `owner` is the object that the series stands for, e.g. a container or a destination. Its
 * labels are immutable: `labels` is called once for an owner and all families with the same label names. An owner that is replaced
 * gets new labels.
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

/** Label names that a scope adds to a family's own. */
const scopeLabels = {
  node: ['machine_id', 'system_uuid'],
  agent: ['machine_id', 'system_uuid'],
  container: ['machine_id', 'system_uuid', 'container_id'],
  self: [],
} as const satisfies Record<MetricDefinition['scope'], readonly string[]>;

/** Gathers pass after pass; a second sample of one series in a pass is dropped and counted. */
export class SampleGatherer implements SampleSink {
  readonly #verifyLabels: boolean;
  #families = new Map<MetricDefinition, FamilySamples>();
  /** By their names in one text. */
  #shapes = new Map<string, LabelShape>();
  #pass = 0;
  #duplicates = 0;

  /** `verifyLabels` makes an owner whose labels have changed an error, for tests. */
  constructor({ verifyLabels = false } = {}) {
    this.#verifyLabels = verifyLabels;
  }

  begin(): void {
    this.#pass++;
    this.#duplicates = 0;
    for (const family of this.#families.values()) family.begin();
  }

  /** Makes every label set anew, for when labels that all series share have changed. */
  relabel(): void {
    for (const shape of this.#shapes.values()) shape.retired = true;
    this.#families = new Map();
    this.#shapes = new Map();
  }

  add<O extends object>(definition: MetricDefinition, owner: O, labels: LabelsOf<O>, value: number): void {
    const family = this.#family(definition);
    if (!family.add(family.shape.of(owner, labels, this.#pass), this.#pass, value)) this.#duplicates++;
  }

  addHistogram<O extends object>(
    definition: MetricDefinition,
    owner: O,
    labels: LabelsOf<O>,
    value: HistogramValue,
  ): void {
    const family = this.#family(definition);
    if (!family.addHistogram(family.shape.of(owner, labels, this.#pass), this.#pass, value))
      this.#duplicates += family.parts;
  }

  /** Where the pass stands, to be able to go back there. */
  mark(): Map<MetricDefinition, number> {
    return new Map([...this.#families].map(([definition, { rows }]) => [definition, rows]));
  }

  /** Takes back what was added since the mark. */
  rollBack(mark: ReadonlyMap<MetricDefinition, number>): void {
    for (const [definition, family] of this.#families) family.rollBack(mark.get(definition) ?? 0);
  }

  /** Samples of this pass that were dropped because their series was there already. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Ends the pass: families with a sample, in the order of their names. */
  finish(atMs: number): Snapshot {
    for (const shape of this.#shapes.values()) shape.expire(this.#pass);
    const filled = [...this.#families.values()].filter(({ rows }) => rows > 0);
    filled.sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
    const series = filled.reduce((sum, { rows, parts }) => sum + rows * parts, 0);
    return { atMs, families: filled.map((family) => family.finish()), series };
  }

  #family(definition: MetricDefinition): FamilySamples {
    let family = this.#families.get(definition);
    if (!family) {
      family = new FamilySamples(definition, this.#shape([...scopeLabels[definition.scope], ...definition.labels]));
      this.#families.set(definition, family);
    }
    return family;
  }

  #shape(names: string[]): LabelShape {
    const key = names.sort().join(' ');
    let shape = this.#shapes.get(key);
    if (!shape) {
      shape = new LabelShape(names, this.#verifyLabels);
      this.#shapes.set(key, shape);
    }
    return shape;
  }
}
