// Logs a problem of a destination once, and when it is over.
export interface ProblemLogger {
  warn(text: string): void;
  info(text: string): void;
}

/** The same problem is logged again after this time. */
const REPEAT_MS = 3_600_000;

export class ProblemLog {
  readonly #name: string;
  readonly #log: ProblemLogger;
  readonly #monoMs: () => number;
  /** When each kind of problem was logged last. */
  readonly #loggedAtMono = new Map<string, number>();
  #isOpen = false;

  constructor(name: string, log: ProblemLogger, monoMs: () => number) {
    this.#name = name;
    this.#log = log;
    this.#monoMs = monoMs;
  }

  /** Problems with the same key are the same problem, although their texts differ. */
  report(key: string, text: string): void {
    const now = this.#monoMs();
    const last = this.#loggedAtMono.get(key);
    if (last !== undefined && now - last < REPEAT_MS) return;
    this.#loggedAtMono.set(key, now);
    this.#isOpen = true;
    this.#log.warn(`delivery of ${this.#name}: ${text}`);
  }

  recovered(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#log.info(`delivery of ${this.#name} works again`);
  }
}
