// Rate limit of the records of one owner and source: a token bucket.

/** The burst, in seconds of the rate. */
const BURST_SECONDS = 10;

export class RecordLimiter {
  readonly #recordsPerSecond: number;
  #tokens: number;
  #filledMonoMs: number | undefined;

  /** 0: no limit. */
  constructor(recordsPerSecond: number) {
    this.#recordsPerSecond = recordsPerSecond;
    this.#tokens = recordsPerSecond * BURST_SECONDS;
  }

  /** Whether a record may be passed on at that time, in milliseconds of a monotonic clock. */
  admit(monoMs: number): boolean {
    const rate = this.#recordsPerSecond;
    if (rate === 0) return true;
    const elapsedMs = Math.max(0, monoMs - (this.#filledMonoMs ?? monoMs));
    this.#filledMonoMs = Math.max(monoMs, this.#filledMonoMs ?? monoMs);
    this.#tokens = Math.min(rate * BURST_SECONDS, this.#tokens + (elapsedMs * rate) / 1000);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
