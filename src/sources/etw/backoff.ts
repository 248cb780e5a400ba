// Exponential backoff between attempts to start the event session.

const FIRST_MS = 1000;
/** Short enough that a right which was granted, or a session slot which was freed, takes effect within minutes. */
const LONGEST_MS = 300_000;
/** A session that ran this long resets the backoff. */
const STABLE_MS = 60_000;

export class Backoff {
  #nextMs = FIRST_MS;

  /** Milliseconds to wait after a session that ran for `ranMs`; 0 for one that did not start. */
  next(ranMs: number): number {
    if (ranMs >= STABLE_MS) this.#nextMs = FIRST_MS;
    const wait = this.#nextMs;
    this.#nextMs = Math.min(LONGEST_MS, wait * 2);
    return wait;
  }
}
