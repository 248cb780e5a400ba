// Schedules the collection pass that follows a tick, so that pending I/O runs between the model update and the pass.

export class PassSchedule {
  readonly #run: (spentMs: number) => void;
  #due: { readonly spentMs: number; immediate: NodeJS.Immediate } | undefined;

  /** `run` executes a pass; `spentMs` is the time that the model update of its tick took. */
  constructor(run: (spentMs: number) => void) {
    this.#run = run;
  }

  /**
   * Makes a pass due. It runs in the second of two nested immediates: the first one runs before the event loop polls
   * for I/O, the second one after that poll.
   */
  schedule(spentMs: number): void {
    const immediate = setImmediate(() => {
      if (this.#due) this.#due.immediate = setImmediate(() => this.runDue());
    });
    this.#due = { spentMs, immediate };
  }

  /** Runs the due pass, if any. Called before the next observation, so that a pass shows the host as of its tick. */
  runDue(): void {
    if (!this.#due) return;
    const { spentMs, immediate } = this.#due;
    this.#due = undefined;
    clearImmediate(immediate);
    this.#run(spentMs);
  }

  /** Drops the due pass. */
  cancel(): void {
    clearImmediate(this.#due?.immediate);
    this.#due = undefined;
  }
}
