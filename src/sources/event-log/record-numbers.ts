// How far a channel was read, by the numbers of its records: lag, and records that were lost.
import type { LogRange } from './calls.ts';

/**
 * Records of a channel are numbered one after the other. Old ones are overwritten; after a channel was cleared the
 * numbers may start again at 1.
 */
export class RecordNumbers {
  readonly #countsGaps: boolean;
  /** Undefined when no record was read, and none is to be left out. */
  #last: bigint | undefined;
  #range: LogRange = { oldest: 0n, count: 0n };
  #skipped = 0n;

  /** Gaps between records are lost records only where all records are read. */
  constructor(countsGaps: boolean) {
    this.#countsGaps = countsGaps;
  }

  /** Number of the last record that was read, or behind which reading starts. */
  get last(): bigint | undefined {
    return this.#last;
  }

  /** Number of the newest record in the channel; undefined for an empty one. */
  get newest(): bigint | undefined {
    const { oldest, count } = this.#range;
    return count > 0n ? oldest + count - 1n : undefined;
  }

  /** Records behind the last one that was read. */
  get lag(): number {
    const { newest } = this;
    if (newest === undefined) return 0;
    const last = this.#last;
    // All records of a channel that was cleared are new.
    return Number(last === undefined || newest < last ? this.#range.count : newest - last);
  }

  /** Records that were overwritten or cleared before they were read. */
  get skipped(): number {
    return Number(this.#skipped);
  }

  /** The numbers have started again: the channel was cleared. */
  get isRestarted(): boolean {
    const { newest } = this;
    return newest !== undefined && this.#last !== undefined && newest < this.#last;
  }

  /** No record behind the last one that was read is missing. */
  get isInLog(): boolean {
    const { newest } = this;
    if (newest === undefined || this.#last === undefined) return false;
    return this.#range.oldest <= this.#last + 1n && this.#last <= newest;
  }

  start(last: bigint | undefined): void {
    this.#last = last;
  }

  update(range: LogRange): void {
    this.#range = range;
  }

  /** Reading goes on at the oldest record. How many were lost in a channel that was cleared is not known. */
  startAtOldest(): void {
    const { oldest, count } = this.#range;
    const first = count > 0n ? oldest : undefined;
    if (first !== undefined && this.#last !== undefined && !this.isRestarted && first > this.#last + 1n)
      this.#skipped += first - this.#last - 1n;
    this.#last = first === undefined ? undefined : first - 1n;
  }

  /**
   * `taken` records were read, the last of which has the number. `oversized` records could not be read before them:
   * returns how many of these there were.
   */
  advance(recordId: bigint | undefined, taken: number, oversized: number): number {
    const last = this.#last;
    if (recordId === undefined) return oversized;
    this.#last = recordId;
    // The record is newer than the last range, or of a channel that was cleared since.
    if (recordId > (this.newest ?? recordId - 1n) || (last !== undefined && recordId < last))
      this.#range = { oldest: recordId, count: 1n };
    if (!this.#countsGaps || last === undefined || recordId < last) return oversized;
    const gap = recordId - last - BigInt(taken);
    if (gap <= 0n) return 0;
    const counted = gap < BigInt(oversized) ? gap : BigInt(oversized);
    this.#skipped += gap - counted;
    return Number(counted);
  }

  /** The records up to this one are not read. */
  moveTo(recordId: bigint): void {
    this.#last = recordId;
  }
}
