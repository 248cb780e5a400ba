// The time of the model: that of the last observation, on both clocks of the host.

/** One moment on both clocks. */
export interface Now {
  /** Milliseconds on the monotonic clock: for ages, retention and timeouts. Only differences are meaningful. */
  readonly monoMs: number;
  /** Milliseconds since 1970. The clock may be set: for display, and to compare with times that Windows reports. */
  readonly wallMs: number;
}

/** Events arrive later than they happen by less than this. */
const MAX_LATE_MS = 60_000;
/** The clocks drift apart by less between two observations, unless one was set. */
const MAX_DRIFT_MS = 1000;

export class Clock implements Now {
  monoMs = 0;
  wallMs = 0;
  /** When an observation showed that the wall clock had been set; 0 for never. */
  #setMonoMs = 0;

  /** Observations of several threads arrive slightly out of order; monotonic time never decreases. */
  advance(tMono: number, tWall: number): void {
    const driftMs = tWall - this.wallMs - (tMono - this.monoMs);
    if (this.wallMs !== 0 && Math.abs(driftMs) > MAX_DRIFT_MS) this.#setMonoMs = tMono;
    this.monoMs = Math.max(this.monoMs, tMono);
    this.wallMs = tWall;
  }

  /** Whether the wall clock was set after a monotonic time: then times of events before and after do not compare. */
  wasSetSince(monoMs: number): boolean {
    return this.#setMonoMs !== 0 && this.#setMonoMs >= monoMs;
  }

  /**
   * The monotonic time of an event that has just arrived, by the time that Windows gives it. If that is not close to
   * the clock, the clock was set after the event, and its arrival counts.
   */
  monoOf(eventWallMs: number): number {
    const lateMs = this.wallMs - eventWallMs;
    return Math.abs(lateMs) <= MAX_LATE_MS ? this.monoMs - lateMs : this.monoMs;
  }
}
