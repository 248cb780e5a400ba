// Counters of one source, e.g. a volume or an adapter, which restart together.
import { type GrowingCounter, isRestart, isWrap } from './growing-counter.ts';

export interface GroupedCounter {
  readonly counter: GrowingCounter;
  readonly bits: 32 | 64;
}

/** The marks of a group: what its source had counted at the last reading. */
export type Marks = readonly number[];

/** What the counters of one source are added to, e.g. the drive letter that a volume has. */
export interface SourceCounts {
  readonly marks: Marks;
  /** Continues with another source. Without its marks its counters count from zero. */
  replaceSource(marks: Marks | undefined): void;
}

/** Sources that are not listed any more and are still known if they come back. */
const MAX_ABSENT = 256;

/**
 * The sources by identity, wherever they are counted: a source may move, be exchanged with another one, and come back.
 * What was counted of it once is not counted again.
 */
export class CountedSources {
  /** Of each source, where it was counted in the last reading that had it, with its marks then. */
  readonly #byIdentity = new Map<string, ReadonlyMap<SourceCounts, Marks>>();
  readonly #identities = new WeakMap<SourceCounts, string>();
  /** The sources of this reading; separate, because two sources may exchange their places in one reading. */
  #reading = new Map<string, SourceCounts[]>();

  /** Called before a source is added to `counts`: replaces the source of `counts` if that is another one. */
  assign(identity: string, counts: SourceCounts): void {
    const known = this.#byIdentity.get(identity);
    if (this.#identities.get(counts) !== identity || !known?.has(counts)) {
      counts.replaceSource(known?.values().next().value);
      this.#identities.set(counts, identity);
    }
    const others = this.#reading.get(identity);
    if (others) others.push(counts);
    else this.#reading.set(identity, [counts]);
  }

  /** Called after the last source of a reading was added. */
  endReading(): void {
    for (const [identity, counts] of this.#reading) {
      // Sources of this reading move to the end: the first ones have been absent longest.
      this.#byIdentity.delete(identity);
      this.#byIdentity.set(identity, new Map(counts.map((each) => [each, each.marks])));
    }
    for (const identity of this.#byIdentity.keys()) {
      if (this.#byIdentity.size <= this.#reading.size + MAX_ABSENT) break;
      this.#byIdentity.delete(identity);
    }
    this.#reading = new Map();
  }
}

export class CounterGroup implements SourceCounts {
  readonly #counters: readonly GroupedCounter[];
  /** The counter that showed the last restart, and its mark before, until the next reading confirms or disproves it. */
  #restart: { readonly index: number; readonly mark: number } | undefined;

  constructor(counters: readonly GroupedCounter[]) {
    this.#counters = counters;
  }

  get marks(): Marks {
    return this.#counters.map(({ counter }) => counter.mark);
  }

  /** Adds one reading, in the order of the counters. Returns whether the source has restarted. */
  add(values: readonly number[]): boolean {
    this.#confirmRestart(values);
    const restarted = this.#hasRestarted(values);
    for (const [i, { counter, bits }] of this.#counters.entries()) {
      if (bits === 32) counter.add32(values[i]!, restarted);
      else counter.add(values[i]!, restarted);
    }
    return restarted;
  }

  /** The counter with the highest mark decides: a small one falls below half of its mark by chance. */
  #hasRestarted(values: readonly number[]): boolean {
    let index = 0;
    for (let i = 1; i < values.length; i++) if (this.#markOf(i) > this.#markOf(index)) index = i;
    const [mark, raw] = [this.#markOf(index), values[index]!];
    if (!isRestart(mark, raw) || (this.#counters[index]!.bits === 32 && isWrap(mark, raw))) return false;
    this.#restart ??= { index, mark };
    return true;
  }

  /** A single wrong reading ends with the counter at its mark again; otherwise no counter takes its growth off. */
  #confirmRestart(values: readonly number[]): void {
    if (!this.#restart) return;
    const { index, mark } = this.#restart;
    const raw = values[index]!;
    if (raw === this.#markOf(index)) return;
    this.#restart = undefined;
    if (raw < mark) for (const { counter } of this.#counters) counter.confirmRestart();
  }

  #markOf(index: number): number {
    return this.#counters[index]!.counter.mark;
  }

  replaceSource(marks: Marks | undefined): void {
    this.#restart = undefined;
    for (const [i, { counter }] of this.#counters.entries()) counter.replaceSource(marks?.[i] ?? 0);
  }
}
