// Exponential backoff between attempts to start a part that is missing or has failed.

const FIRST_MS = 1000;
/** Short enough that a granted right, a freed session or an installed driver takes effect within minutes. */
const LONGEST_MS = 300_000;
/** A part that ran this long resets the backoff. */
const STABLE_MS = 60_000;

export class Backoff {
  #nextMs = FIRST_MS;

  /** Milliseconds to wait after a part that ran for `ranMs`; 0 for one that did not start. */
  next(ranMs: number): number {
    if (ranMs >= STABLE_MS) this.#nextMs = FIRST_MS;
    const wait = this.#nextMs;
    this.#nextMs = Math.min(LONGEST_MS, wait * 2);
    return wait;
  }
}
