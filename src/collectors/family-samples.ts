// The samples of one family in a pass, stored in columns so that a sample needs no object of its own.
import { grow } from '../base/grow.ts';
import type { MetricDefinition } from './families/definition.ts';
import type { LabelSet, LabelShape, Labels } from './label-sets.ts';

/** Appended to the name of the family; empty for every type but a histogram. */
export type Suffix = '' | '_bucket' | '_sum' | '_count';

export interface Sample {
  readonly suffix: Suffix;
  /** One for each of the family's label names; the same object from pass to pass while the series exists. */
  readonly labels: Labels;
  /** Upper bound of a bucket, empty for all others. */
  readonly le: string;
  readonly value: number;
}

/** The samples of one family in a finished pass, at least one. Immutable. */
export class Family {
  readonly definition: MetricDefinition;
  /** In alphabetical order, without `le`. */
  readonly labelNames: readonly string[];
  /** One for each row. */
  readonly sets: readonly LabelSet[];
  /**
   * One for each row, then unused ones. A histogram has for each row one cumulative count for each bucket in growing
   * order, then the sum.
   */
  readonly values: Readonly<ArrayLike<number>>;

  constructor(
    definition: MetricDefinition,
    labelNames: readonly string[],
    sets: readonly LabelSet[],
    values: Readonly<ArrayLike<number>>,
  ) {
    this.definition = definition;
    this.labelNames = labelNames;
    this.sets = sets;
    this.values = values;
  }

  /** Every sample. Those of one histogram are adjacent: buckets in growing order, sum, count. */
  *samples(): Generator<Sample> {
    const { buckets } = this.definition;
    const { sets, values } = this;
    if (!buckets) {
      for (let row = 0; row < sets.length; row++)
        yield { suffix: '', labels: sets[row]!.labels, le: '', value: values[row]! };
      return;
    }
    const bounds = [...buckets.map(String), '+Inf'];
    let index = 0;
    for (const { labels } of sets) {
      for (const le of bounds) yield { suffix: '_bucket', labels, le, value: values[index++]! };
      const count = values[index - 1]!;
      yield { suffix: '_sum', labels, le: '', value: values[index++]! };
      yield { suffix: '_count', labels, le: '', value: count };
    }
  }
}

/** The observations of a histogram, by bucket. */
export interface HistogramValue {
  /** Observations in each bucket, not cumulative; the last count is of those above all bounds. */
  readonly counts: ArrayLike<number>;
  readonly sum: number;
}

const MIN_CAPACITY = 4;

/** Gathers the samples of one family, pass after pass. */
export class FamilySamples {
  readonly definition: MetricDefinition;
  readonly shape: LabelShape;
  readonly seriesPerRow: number;
  readonly #valuesPerRow: number;
  #sets: LabelSet[] = [];
  #rows = 0;
  #values = new Float64Array(MIN_CAPACITY);
  /** The last pass that each set was added in, by id. */
  #lastPass = new Int32Array(MIN_CAPACITY);

  constructor(definition: MetricDefinition, shape: LabelShape) {
    this.definition = definition;
    this.shape = shape;
    this.#valuesPerRow = definition.buckets ? definition.buckets.length + 2 : 1;
    this.seriesPerRow = definition.buckets ? this.#valuesPerRow + 1 : 1;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Allocates new columns of the same size: the snapshot of the previous pass keeps the old ones. */
  begin(): void {
    this.#values = new Float64Array(Math.max(MIN_CAPACITY, this.#rows * this.#valuesPerRow));
    this.#sets = new Array(this.#rows);
    this.#rows = 0;
  }

  /** Returns false if the pass has a row of this set already. */
  add(set: LabelSet, pass: number, value: number): boolean {
    const index = this.#addRow(set, pass);
    if (index < 0) return false;
    this.#values[index] = value;
    return true;
  }

  addHistogram(set: LabelSet, pass: number, { counts, sum }: HistogramValue): boolean {
    let index = this.#addRow(set, pass);
    if (index < 0) return false;
    let total = 0;
    for (let bucket = 0; bucket < this.#valuesPerRow - 1; bucket++) {
      total += counts[bucket] ?? 0;
      this.#values[index++] = total;
    }
    this.#values[index] = sum;
    return true;
  }

  /** Removes all rows but the first `rows`. */
  rollBack(rows: number): void {
    for (let row = rows; row < this.#rows; row++) this.#lastPass[this.#sets[row]!.id] = 0;
    this.#rows = Math.min(this.#rows, rows);
  }

  finish(): Family {
    this.#sets.length = this.#rows;
    return new Family(this.definition, this.shape.names, this.#sets, this.#values);
  }

  /** Adds a row and returns the index of its first value, or -1 if the pass has a row of this set already. */
  #addRow(set: LabelSet, pass: number): number {
    if (set.id >= this.#lastPass.length)
      this.#lastPass = grow(this.#lastPass, new Int32Array(Math.max(set.id + 1, this.#lastPass.length * 2)));
    if (this.#lastPass[set.id] === pass) return -1;
    this.#lastPass[set.id] = pass;
    const index = this.#rows * this.#valuesPerRow;
    if (index + this.#valuesPerRow > this.#values.length)
      this.#values = grow(this.#values, new Float64Array((index + this.#valuesPerRow) * 2));
    this.#sets[this.#rows++] = set;
    return index;
  }
}
