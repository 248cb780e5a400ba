// What the status and the log say of payloads that are lost because of the size limit of the spool.
const LOG_INTERVAL_MS = 3_600_000;

export class SizeProblem {
  /** What is wrong and what to do; empty if nothing is. */
  problem = '';
  readonly #folder: string;
  readonly #monotonicMs: () => number;
  readonly #log: (level: 'warn', message: string) => void;
  #mayLogAtMs = Number.NEGATIVE_INFINITY;

  constructor(folder: string, monotonicMs: () => number, log: (level: 'warn', message: string) => void) {
    this.#folder = folder;
    this.#monotonicMs = monotonicMs;
    this.#log = log;
  }

  reportFull(): void {
    this.#report('is full, and the oldest payloads are dropped: let the receiver accept them, or raise max-spool-size');
  }

  reportTooSmall(maxBytes: number): void {
    this.#report(
      `is too small for one payload (max-spool-size is ${maxBytes} bytes): only the newest one waits, in memory, ` +
        'and is lost when the agent stops; raise max-spool-size',
    );
  }

  /** A payload was written without deleting others. */
  end(): void {
    this.problem = '';
  }

  #report(text: string): void {
    this.problem = `the spool ${this.#folder} ${text}`;
    const now = this.#monotonicMs();
    if (now < this.#mayLogAtMs) return;
    this.#mayLogAtMs = now + LOG_INTERVAL_MS;
    this.#log('warn', this.problem);
  }
}
