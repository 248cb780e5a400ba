// A counter that never decreases, for a source that wraps or restarts.

/** Values of an unsigned 32-bit counter. */
const WRAP = 4_294_967_296;

/** Adds up the growth of a raw counter; its first value counts from zero, as in Windows. */
export class GrowingCounter {
  total = 0;
  #last = 0;

  /** `restarted`: the source started from zero. A value below the last one means the same. */
  add(raw: number, restarted = false): void {
    this.total += restarted || raw < this.#last ? raw : raw - this.#last;
    this.#last = raw;
  }

  /** For a source of 32 bits: below the last value it has wrapped, unless it is known to have restarted. */
  add32(raw: number, restarted = false): void {
    if (restarted) this.total += raw;
    else this.total += raw >= this.#last ? raw - this.#last : raw + WRAP - this.#last;
    this.#last = raw;
  }
}
