// Runs rounds on a fixed grid of time and skips those for which the worker or the main thread is too slow.

/** Rounds that the main thread may have received without having acknowledged them. */
const MAX_UNACKNOWLEDGED = 2;

export interface LoopClock {
  now(): number;
  /** Calls back once after `delayMs`; the function that it returns cancels that. */
  schedule(callback: () => void, delayMs: number): () => void;
}

export interface RoundLoopOptions {
  readonly intervalMs: number;
  /** Runs one round and returns the number that acknowledges it. */
  readonly round: () => number;
  /** The number of the last acknowledged round; it acknowledges all rounds before it as well. */
  readonly acknowledged: () => number;
  readonly onSkipped: (rounds: number) => void;
  readonly clock?: LoopClock;
}

export class RoundLoop {
  readonly #options: RoundLoopOptions;
  readonly #clock: LoopClock;
  readonly #unacknowledged = new Set<number>();
  #cancel: () => void = () => {};

  constructor(options: RoundLoopOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Runs the first round at once. */
  start(): void {
    this.#run(this.#clock.now());
  }

  stop(): void {
    this.#cancel();
  }

  #run(dueAtMs: number): void {
    const { intervalMs, round, acknowledged, onSkipped } = this.#options;
    const seq = acknowledged();
    for (const each of this.#unacknowledged) if (each <= seq) this.#unacknowledged.delete(each);
    if (this.#unacknowledged.size < MAX_UNACKNOWLEDGED) this.#unacknowledged.add(round());
    else onSkipped(1);
    const now = this.#clock.now();
    const intervals = Math.max(1, Math.ceil((now - dueAtMs) / intervalMs));
    if (intervals > 1) onSkipped(intervals - 1);
    const nextAtMs = dueAtMs + intervals * intervalMs;
    this.#cancel = this.#clock.schedule(() => this.#run(nextAtMs), nextAtMs - now);
  }
}

const systemClock: LoopClock = {
  now: () => performance.now(),
  schedule: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
