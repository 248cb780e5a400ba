// A counter that never decreases, for a source that wraps, restarts, or reports a lower value for one reading.

/** Values of an unsigned 32-bit counter. */
const WRAP = 4_294_967_296;
/** A 32-bit counter wraps from the last quarter of its range to the first. */
const WRAPS_FROM = WRAP * 0.75;
const WRAPS_TO = WRAP * 0.25;
/** A source that restarts has counted less than this part of what it had counted before. */
const RESTART_BELOW = 0.5;

/**
 * Adds up the growth of a raw counter; its first value counts from zero, as in Windows. The mark is the highest value
 * since the source started:
 * - A value at the mark or above adds the difference.
 * - A value below half of the mark is a restart: it counts from zero. If the next value is at the mark again it was a
 *   wrong reading, and what it added is taken off the growth.
 * - Any other lower value adds nothing and keeps the mark: jitter, e.g. of two counters that are read one after the
 *   other. A source that restarted and counted half of the mark again in one interval exceeds it soon.
 * - 32 bits: a value in the first quarter of the range after one in the last quarter is a wrap, no restart.
 */
export class GrowingCounter {
  total = 0;
  #mark = 0;
  /** Mark and total before a restart or wrap that the next reading may disprove. */
  #before: { readonly mark: number; readonly total: number } | undefined;

  /** Value from which growth is counted. */
  get mark(): number {
    return this.#mark;
  }

  /** `restarted`: another counter of the same source shows that it has restarted. */
  add(raw: number, restarted = false): void {
    if (this.#disprovesRestart(raw) || this.#grows(raw)) return;
    if (restarted || isRestart(this.#mark, raw)) this.#begin(raw, raw);
  }

  /** For a source of 32 bits. */
  add32(raw: number, restarted = false): void {
    if (this.#disprovesRestart(raw) || this.#grows(raw)) return;
    if (!restarted && isWrap(this.#mark, raw)) this.#begin(raw, wrapGrowth(this.#mark, raw));
    else if (restarted || isRestart(this.#mark, raw)) this.#begin(raw, raw);
  }

  /** Another counter of the same source shows that the last restart was real. */
  confirmRestart(): void {
    this.#before = undefined;
  }

  /** Continues with another source, which has counted `mark` already. */
  replaceSource(mark: number): void {
    this.#before = undefined;
    this.#mark = mark;
  }

  #disprovesRestart(raw: number): boolean {
    const before = this.#before;
    if (!before) return false;
    // An unchanged value shows neither growth since a restart nor the end of a wrong reading.
    if (raw === this.#mark) return true;
    this.#before = undefined;
    if (raw < before.mark) return false;
    this.total = Math.max(this.total, before.total + raw - before.mark);
    this.#mark = raw;
    return true;
  }

  #grows(raw: number): boolean {
    if (raw < this.#mark) return false;
    this.total += raw - this.#mark;
    this.#mark = raw;
    return true;
  }

  /** Starts from `raw` as the mark. */
  #begin(raw: number, growth: number): void {
    this.#before = { mark: this.#mark, total: this.total };
    this.total += growth;
    this.#mark = raw;
  }
}

/** Whether a source whose highest value was `mark` has restarted if it reports `raw`. */
export function isRestart(mark: number, raw: number): boolean {
  return raw < mark * RESTART_BELOW;
}

/** Whether a counter of 32 bits has wrapped between two readings. */
export function isWrap(mark: number, raw: number): boolean {
  return mark >= WRAPS_FROM && raw < WRAPS_TO;
}

/** Growth of a counter of 32 bits since `mark` that has wrapped. */
export function wrapGrowth(mark: number, raw: number): number {
  return raw + WRAP - mark;
}
