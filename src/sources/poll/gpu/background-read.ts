// A read that blocks for an unknown time: it runs between two rounds, and a round takes its result.

export type Finished<T> =
  | { readonly value: T; readonly seconds: number }
  | { readonly error: unknown; readonly seconds: number };

/** One read at a time: while a call hangs no other is started. */
export class BackgroundRead<T> {
  readonly #read: () => Promise<T>;
  readonly #now: () => number;
  #startedAtMs: number | undefined;
  #finished: Finished<T> | undefined;

  /** `now` is a monotonic clock in milliseconds. */
  constructor(read: () => Promise<T>, now: () => number) {
    this.#read = read;
    this.#now = now;
  }

  /** Starts a read unless one is running. Its result replaces one that was not taken. */
  start(): void {
    if (this.#startedAtMs !== undefined) return;
    const startedAtMs = this.#now();
    this.#startedAtMs = startedAtMs;
    const finish = (outcome: { readonly value: T } | { readonly error: unknown }): void => {
      this.#finished = { ...outcome, seconds: (this.#now() - startedAtMs) / 1000 };
      this.#startedAtMs = undefined;
    };
    this.#read().then(
      (value) => finish({ value }),
      (error: unknown) => finish({ error }),
    );
  }

  /** The result since the last call, if there is one. */
  take(): Finished<T> | undefined {
    const finished = this.#finished;
    this.#finished = undefined;
    return finished;
  }

  /** Milliseconds since the start of the running read, 0 if none runs. */
  get runningMs(): number {
    return this.#startedAtMs === undefined ? 0 : this.#now() - this.#startedAtMs;
  }
}
