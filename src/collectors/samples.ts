// Samples of one pass: values with label sets that are made once a series and kept as long as their owner lives.
import type { MetricDefinition } from './catalogue.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  /** In alphabetical order; the same object from pass to pass while the series lives. */
  readonly labels: Labels;
  /** As of the last pass that had the series. */
  readonly value: number;
}

export interface Family {
  readonly definition: MetricDefinition;
  readonly samples: readonly Sample[];
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
}

/** Label names that a scope adds to a family's own. */
const scopeLabels = {
  node: ['machine_id', 'system_uuid'],
  agent: ['machine_id', 'system_uuid'],
  container: ['machine_id', 'system_uuid', 'container_id'],
  self: [],
} as const satisfies Record<MetricDefinition['scope'], readonly string[]>;

/** One identity of a family, shared by all owners that claim it: the pass that used it last, to find duplicates. */
interface Claim {
  pass: number;
}

/** Claims that no recent pass used leave the table; an owner that still holds one must claim again. */
const EXPIRED = -1;

/** One series of one owner. */
interface Series {
  readonly family: FamilySeries;
  readonly sample: { readonly labels: Labels; value: number };
  readonly identity: string;
  claim: Claim;
  /** Another series of the same owner. */
  readonly next: Series | undefined;
}

// Kept on the owner itself: a weak map of ten thousand owners would cost every garbage collection dear.
const firstSeries = Symbol('first series');
type Owner = { [firstSeries]?: Series };

/** The series of one family. */
class FamilySeries {
  readonly definition: MetricDefinition;
  readonly labelNames: readonly string[];
  readonly claims = new Map<string, Claim>();
  samples: Sample[] = [];

  constructor(definition: MetricDefinition) {
    this.definition = definition;
    this.labelNames = [...scopeLabels[definition.scope], ...definition.labels].sort();
  }

  claim(identity: string): Claim {
    let claim = this.claims.get(identity);
    if (!claim) {
      claim = { pass: 0 };
      this.claims.set(identity, claim);
    }
    return claim;
  }

  /** Forgets identities that this pass did not use. */
  expire(pass: number): void {
    if (this.claims.size === this.samples.length) return;
    for (const [identity, claim] of this.claims) {
      if (claim.pass === pass) continue;
      claim.pass = EXPIRED;
      this.claims.delete(identity);
    }
  }

  series(owner: Owner, identity: string, labels: Labels): Series {
    return { family: this, sample: { labels, value: 0 }, identity, claim: this.claim(identity), next: owner[firstSeries] };
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
    const family = this.#family(definition);
    const series = this.#seriesOf(family, owner, labels);
    if (series.claim.pass === EXPIRED) series.claim = family.claim(series.identity);
    if (series.claim.pass === this.#pass) {
      this.#duplicates++;
      return;
    }
    series.claim.pass = this.#pass;
    series.sample.value = value;
    family.samples.push(series.sample);
    this.#series++;
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

  #seriesOf<O extends Owner>(family: FamilySeries, owner: O, make: (owner: O) => Labels): Series {
    for (let series = owner[firstSeries]; series; series = series.next) if (series.family === family) return series;
    // What is left of a family from before a relabelling is of no use to anybody.
    while (owner[firstSeries] && this.#families.get(owner[firstSeries].family.definition) !== owner[firstSeries].family) {
      if (owner[firstSeries].next) owner[firstSeries] = owner[firstSeries].next;
      else delete owner[firstSeries];
    }
    const made = make(owner);
    const labels: Record<string, string> = {};
    let identity = '';
    for (const name of family.labelNames) {
      const value = wellFormed(made[name] ?? '');
      labels[name] = value;
      if (name !== 'machine_id' && name !== 'system_uuid') identity += `${value}\u0001`;
    }
    const series = family.series(owner, identity, labels);
    owner[firstSeries] = series;
    return series;
  }
}

/** A lone surrogate cannot be written as UTF-8. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}
