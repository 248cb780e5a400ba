// How long to wait before the next attempt: longer each time, until one has held.

const FIRST_MS = 1000;
/** Somebody who may grant a right, or end another program's sessions, should not have to wait for long. */
const LONGEST_MS = 300_000;
/** What ran for so long counts as having held. */
const HELD_MS = 60_000;

export class Backoff {
  #nextMs = FIRST_MS;

  /** Milliseconds to wait after an attempt that ran for `ranMs`. */
  next(ranMs: number): number {
    if (ranMs >= HELD_MS) this.#nextMs = FIRST_MS;
    const wait = this.#nextMs;
    this.#nextMs = Math.min(LONGEST_MS, wait * 2);
    return wait;
  }
}
