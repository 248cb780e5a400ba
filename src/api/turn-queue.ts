// Lets one waiting task begin in each turn of the event loop.

export class TurnQueue {
  readonly #limit: number;
  readonly #first: (() => void)[] = [];
  readonly #last: (() => void)[] = [];
  #scheduled = false;

  /** `limit` is for tasks that go last; there are only as many that go first as there are routes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves when the task may begin; undefined if too many wait. */
  next(place: 'first' | 'last'): Promise<void> | undefined {
    if (place === 'last' && this.#last.length >= this.#limit) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    (place === 'first' ? this.#first : this.#last).push(resolve);
    this.#schedule();
    return promise;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      (this.#first.shift() ?? this.#last.shift())?.();
      if (this.#first.length + this.#last.length > 0) this.#schedule();
    });
  }
}
