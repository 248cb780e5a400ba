// Samples of one pass: values with label sets that are made once a series and kept as long as their owner lives.
import type { MetricDefinition } from './catalogue.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  /** In alphabetical order; the same object from pass to pass while the series lives. */
  readonly labels: Labels;
  readonly value: number;
}

export interface Family {
  readonly definition: MetricDefinition;
  readonly samples: readonly Sample[];
}

/** The finished result of one pass. */
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
  add(definition: MetricDefinition, owner: object, labels: () => Record<string, string>, value: number): void;
}

interface Series {
  labels: Labels;
  /** The values of its labels, to find duplicates. */
  identity: string;
}

/** Label sets of all series, by definition and owner. */
export class SeriesCache {
  #byDefinition = new Map<MetricDefinition, WeakMap<object, Series>>();

  /** Forgets everything, for when labels that all series share have changed. */
  clear(): void {
    this.#byDefinition = new Map();
  }

  series(definition: MetricDefinition, owner: object, make: () => Record<string, string>): Series {
    let owners = this.#byDefinition.get(definition);
    if (!owners) {
      owners = new WeakMap();
      this.#byDefinition.set(definition, owners);
    }
    let series = owners.get(owner);
    if (!series) {
      const made = make();
      const names = Object.keys(made).sort();
      const labels: Record<string, string> = {};
      for (const name of names) labels[name] = wellFormed(made[name]!);
      series = { labels, identity: names.map((name) => labels[name]).join('\u0001') };
      owners.set(owner, series);
    }
    return series;
  }
}

/** A lone surrogate cannot be written as UTF-8. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** Gathers one pass; a second sample of the same series is dropped and counted. */
export class SampleSet implements SampleSink {
  readonly #cache: SeriesCache;
  readonly #families = new Map<MetricDefinition, { samples: Sample[]; seen: Set<string> }>();
  #duplicates = 0;
  #series = 0;

  constructor(cache: SeriesCache) {
    this.#cache = cache;
  }

  add(definition: MetricDefinition, owner: object, labels: () => Record<string, string>, value: number): void {
    const series = this.#cache.series(definition, owner, labels);
    let family = this.#families.get(definition);
    if (!family) {
      family = { samples: [], seen: new Set() };
      this.#families.set(definition, family);
    }
    if (family.seen.has(series.identity)) {
      this.#duplicates++;
      return;
    }
    family.seen.add(series.identity);
    family.samples.push({ labels: series.labels, value });
    this.#series++;
  }

  /** Samples dropped because their series was there already. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Families in the order of their names. */
  finish(atMs: number): Snapshot {
    const families = [...this.#families].map(([definition, { samples }]) => ({ definition, samples }));
    families.sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
    return { atMs, families, series: this.#series };
  }
}
