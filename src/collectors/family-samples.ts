// The samples of one family in a pass, as columns: nothing is made for a sample.
import { grow } from '../base/grow.ts';
import type { MetricDefinition } from './families/definition.ts';
import type { LabelSet, LabelShape, Labels } from './label-sets.ts';

/** What the name of a series has behind its family's: those of a histogram something, all others nothing. */
export type Suffix = '' | '_bucket' | '_sum' | '_count';

export interface Sample {
  readonly suffix: Suffix;
  /** One for each of the family's label names; the same object from pass to pass while the series lives. */
  readonly labels: Labels;
  /** Upper bound of a bucket, empty for all others. */
  readonly le: string;
  readonly value: number;
}

/** The samples of one family in a finished pass: at least one. They do not change any more. */
export class Family {
  readonly definition: MetricDefinition;
  /** In alphabetical order, `le` not among them. */
  readonly labelNames: readonly string[];
  /** One a row. */
  readonly #sets: readonly LabelSet[];
  /** One a row; of a histogram the counts of all buckets from the smallest on, each with those below, then the sum. */
  readonly #values: Float64Array;

  constructor(
    definition: MetricDefinition,
    labelNames: readonly string[],
    sets: readonly LabelSet[],
    values: Float64Array,
  ) {
    this.definition = definition;
    this.labelNames = labelNames;
    this.#sets = sets;
    this.#values = values;
  }

  /** Every sample; those of one histogram stand together: its buckets by size, its sum, its count. */
  *samples(): Generator<Sample> {
    const { buckets } = this.definition;
    const sets = this.#sets;
    const values = this.#values;
    if (!buckets) {
      for (let row = 0; row < sets.length; row++)
        yield { suffix: '', labels: sets[row]!.labels, le: '', value: values[row]! };
      return;
    }
    const bounds = [...buckets.map(String), '+Inf'];
    let at = 0;
    for (const { labels } of sets) {
      for (const le of bounds) yield { suffix: '_bucket', labels, le, value: values[at++]! };
      const count = values[at - 1]!;
      yield { suffix: '_sum', labels, le: '', value: values[at++]! };
      yield { suffix: '_count', labels, le: '', value: count };
    }
  }
}

/** Observations by size. */
export interface HistogramValue {
  /** How many lie in each bucket of the definition, above the bound before it; one more at the end for those above all bounds. */
  readonly counts: ArrayLike<number>;
  readonly sum: number;
}

const SMALLEST = 4;

/** Gathers the samples of one family, pass after pass. */
export class FamilySamples {
  readonly definition: MetricDefinition;
  readonly shape: LabelShape;
  /** Series of one row. */
  readonly parts: number;
  /** Values of one row. */
  readonly #width: number;
  #sets: LabelSet[] = [];
  #rows = 0;
  #values = new Float64Array(SMALLEST);
  /** The pass that each set was in last, by id. */
  #seen = new Int32Array(SMALLEST);

  constructor(definition: MetricDefinition, shape: LabelShape) {
    this.definition = definition;
    this.shape = shape;
    this.#width = definition.buckets ? definition.buckets.length + 2 : 1;
    this.parts = definition.buckets ? this.#width + 1 : 1;
  }

  get rows(): number {
    return this.#rows;
  }

  /** The columns of the pass before belong to its snapshot; the new ones begin with room for as much. */
  begin(): void {
    this.#values = new Float64Array(Math.max(SMALLEST, this.#rows * this.#width));
    this.#sets = new Array(this.#rows);
    this.#rows = 0;
  }

  /** False when the pass has this set already. */
  add(set: LabelSet, pass: number, value: number): boolean {
    const at = this.#room(set, pass);
    if (at < 0) return false;
    this.#values[at] = value;
    return true;
  }

  addHistogram(set: LabelSet, pass: number, { counts, sum }: HistogramValue): boolean {
    let at = this.#room(set, pass);
    if (at < 0) return false;
    let total = 0;
    for (let bucket = 0; bucket < this.#width - 1; bucket++) {
      total += counts[bucket] ?? 0;
      this.#values[at++] = total;
    }
    this.#values[at] = sum;
    return true;
  }

  /** Takes back the rows from this one on. */
  rollBack(rows: number): void {
    for (let row = rows; row < this.#rows; row++) this.#seen[this.#sets[row]!.id] = 0;
    this.#rows = Math.min(this.#rows, rows);
  }

  finish(): Family {
    this.#sets.length = this.#rows;
    return new Family(this.definition, this.shape.names, this.#sets, this.#values);
  }

  /** Where the values of a new row go, -1 when there is one of this set. */
  #room(set: LabelSet, pass: number): number {
    if (set.id >= this.#seen.length)
      this.#seen = grow(this.#seen, new Int32Array(Math.max(set.id + 1, this.#seen.length * 2)));
    if (this.#seen[set.id] === pass) return -1;
    this.#seen[set.id] = pass;
    const at = this.#rows * this.#width;
    if (at + this.#width > this.#values.length)
      this.#values = grow(this.#values, new Float64Array((at + this.#width) * 2));
    this.#sets[this.#rows++] = set;
    return at;
  }
}
