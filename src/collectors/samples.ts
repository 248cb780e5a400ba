// Samples of one pass: values with label sets that are made once a series and kept as long as their owner lives.
import type { MetricDefinition } from './catalogue.ts';

export type Labels = Readonly<Record<string, string>>;

/** What the name of a series has behind its family's: those of a histogram something, all others nothing. */
export type Suffix = '' | '_bucket' | '_sum' | '_count';

export interface Sample {
  readonly suffix: Suffix;
  /** In alphabetical order; the same object from pass to pass while the series lives. */
  readonly labels: Labels;
  /** As of the last pass that had the series. */
  readonly value: number;
}

export interface Family {
  readonly definition: MetricDefinition;
  /** Those of one histogram stand together: its buckets by size, its sum, its count. */
  readonly samples: readonly Sample[];
}

/** Observations by size. */
export interface HistogramValue {
  /** How many lie in each bucket of the definition, above the bound before it; one more at the end for those above all bounds. */
  readonly counts: ArrayLike<number>;
  readonly sum: number;
}

/** The result of the last finished pass; valid until the next one begins, which uses the same objects again. */
export interface Snapshot {
  /** Clock of the host when the pass began, milliseconds since 1970. */
  readonly atMs: number;
  readonly families: readonly Family[];
  /** Number of series. */
  readonly series: number;
}

/**
 * Where a collector puts its samples. `owner` is the object that the series stands for (a container, a destination): as long
 * as it lives, `labels` is not called again.
 */
export interface SampleSink {
  add<O extends object>(definition: MetricDefinition, owner: O, labels: (owner: O) => Labels, value: number): void;
  /** Adds every series of a histogram; the definition must have buckets. */
  addHistogram<O extends object>(definition: MetricDefinition, owner: O, labels: (owner: O) => Labels, value: HistogramValue): void;
}

/** Label names that a scope adds to a family's own. */
const scopeLabels = {
  node: ['machine_id', 'system_uuid'],
  agent: ['machine_id', 'system_uuid'],
  container: ['machine_id', 'system_uuid', 'container_id'],
  self: [],
} as const satisfies Record<MetricDefinition['scope'], readonly string[]>;

/** Passes count from 1: a series with this mark has left its family's table and must enter it again. */
const EXPIRED = -1;

/**
 * One series of one owner, and its sample in one: with ten thousand of them, every object less is felt at each garbage
 * collection. That is also why it hangs on its owner and not in a weak map.
 */
interface Series {
  readonly family: FamilySeries;
  /** Its place in a histogram, 0 in all other families. */
  readonly part: number;
  readonly suffix: Suffix;
  readonly labels: Labels;
  value: number;
  /** The values of the labels that tell it from its siblings. */
  readonly identity: string;
  /** The pass that used it last. */
  pass: number;
  /** The live series with the same identity, if another owner has it: it stands for both. */
  twin: Series | undefined;
  /** Another series of the same owner. */
  readonly next: Series | undefined;
}

const firstSeries = Symbol('first series');
type Owner = { [firstSeries]?: Series };

/** The series of one family. */
class FamilySeries {
  readonly definition: MetricDefinition;
  /** Buckets of a histogram with the one above all bounds; 0 for other families. */
  readonly buckets: number;
  readonly #labelNames: readonly string[];
  /** Live series by identity. */
  readonly live = new Map<string, Series>();
  /** Those of the pass under way. */
  samples: Series[] = [];

  constructor(definition: MetricDefinition) {
    this.definition = definition;
    this.buckets = definition.buckets ? definition.buckets.length + 1 : 0;
    this.#labelNames = [...scopeLabels[definition.scope], ...definition.labels].sort();
  }

  /** How the series of one part is called; `le` is the upper bound of a bucket. */
  partOf(part: number): { suffix: Suffix; labelNames: readonly string[]; le: string } {
    const labelNames = this.#labelNames;
    if (this.buckets === 0) return { suffix: '', labelNames, le: '' };
    if (part >= this.buckets) return { suffix: part === this.buckets ? '_sum' : '_count', labelNames, le: '' };
    return { suffix: '_bucket', labelNames: [...labelNames, 'le'].sort(), le: String(this.definition.buckets![part] ?? '+Inf') };
  }

  /** Forgets series that this pass did not use. */
  expire(pass: number): void {
    if (this.live.size === this.samples.length) return;
    for (const [identity, series] of this.live) {
      if (series.pass === pass) continue;
      series.pass = EXPIRED;
      this.live.delete(identity);
    }
  }
}

/** Gathers pass after pass, with the same objects; a second sample of one series in a pass is dropped and counted. */
export class SampleGatherer implements SampleSink {
  #families = new Map<MetricDefinition, FamilySeries>();
  #pass = 0;
  #series = 0;
  #duplicates = 0;

  /** Begins a pass: the snapshot of the one before is over. */
  begin(): void {
    this.#pass++;
    this.#series = 0;
    this.#duplicates = 0;
    for (const family of this.#families.values()) family.samples = [];
  }

  /** Makes every label set anew, for when labels that all series share have changed. */
  relabel(): void {
    this.#families = new Map();
  }

  add<O extends object>(definition: MetricDefinition, owner: O, labels: (owner: O) => Labels, value: number): void {
    this.#put(this.#family(definition), owner, labels, 0, value);
  }

  addHistogram<O extends object>(
    definition: MetricDefinition,
    owner: O,
    labels: (owner: O) => Labels,
    { counts, sum }: HistogramValue,
  ): void {
    const family = this.#family(definition);
    let total = 0;
    for (let part = 0; part < family.buckets; part++) {
      total += counts[part] ?? 0;
      this.#put(family, owner, labels, part, total);
    }
    this.#put(family, owner, labels, family.buckets, sum);
    this.#put(family, owner, labels, family.buckets + 1, total);
  }

  #put<O extends object>(family: FamilySeries, owner: O, labels: (owner: O) => Labels, part: number, value: number): void {
    const own = this.#seriesOf(family, owner, labels, part);
    let series = own.twin ?? own;
    if (series.pass === EXPIRED) {
      // Somebody else may have taken its place in the meantime.
      own.twin = family.live.get(own.identity);
      series = own.twin ?? own;
      if (series === own) family.live.set(own.identity, own);
    }
    if (series.pass === this.#pass) {
      this.#duplicates++;
      return;
    }
    series.pass = this.#pass;
    series.value = value;
    family.samples.push(series);
    this.#series++;
  }

  /** Where the pass stands, to be able to go back there. */
  mark(): Map<MetricDefinition, number> {
    return new Map([...this.#families].map(([definition, { samples }]) => [definition, samples.length]));
  }

  /** Takes back what was added since the mark. */
  rollBack(mark: ReadonlyMap<MetricDefinition, number>): void {
    for (const [definition, family] of this.#families) {
      const removed = family.samples.splice(mark.get(definition) ?? 0);
      for (const series of removed) series.pass = 0;
      this.#series -= removed.length;
    }
  }

  /** Samples of this pass that were dropped because their series was there already. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Ends the pass: families with a sample, in the order of their names. */
  finish(atMs: number): Snapshot {
    const families = [...this.#families.values()];
    for (const family of families) family.expire(this.#pass);
    const filled = families.filter(({ samples }) => samples.length > 0);
    filled.sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
    return { atMs, families: filled.map(({ definition, samples }) => ({ definition, samples })), series: this.#series };
  }

  #family(definition: MetricDefinition): FamilySeries {
    let family = this.#families.get(definition);
    if (!family) {
      family = new FamilySeries(definition);
      this.#families.set(definition, family);
    }
    return family;
  }

  #seriesOf<O extends Owner>(family: FamilySeries, owner: O, make: (owner: O) => Labels, part: number): Series {
    for (let series = owner[firstSeries]; series; series = series.next) if (series.family === family && series.part === part) return series;
    const { suffix, labelNames, le } = family.partOf(part);
    const made = make(owner);
    const labels: Record<string, string> = {};
    let identity: string = suffix;
    for (const name of labelNames) {
      const value = name === 'le' ? le : wellFormed(made[name] ?? '');
      labels[name] = value;
      if (name !== 'machine_id' && name !== 'system_uuid') identity += `${value}\u0001`;
    }
    const twin = family.live.get(identity);
    const series: Series = { family, part, suffix, labels, value: 0, identity, pass: 0, twin, next: this.#stillUsed(owner[firstSeries]) };
    if (!twin) family.live.set(identity, series);
    owner[firstSeries] = series;
    return series;
  }

  /** What is left on an owner from before a relabelling is of no use to anybody. */
  #stillUsed(series: Series | undefined): Series | undefined {
    return series && this.#families.get(series.family.definition) === series.family ? series : undefined;
  }
}

/** A lone surrogate cannot be written as UTF-8. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}
