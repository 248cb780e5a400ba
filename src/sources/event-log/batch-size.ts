// How many events to ask for in one call: fewer after a batch that was too large for the service.

/** As many as Coroot's agent asks for. */
const MOST = 64;
/** Full batches after which twice as many are tried again. */
const GROW_AFTER = 8;

export class BatchSize {
  #size = MOST;
  #full = 0;

  get value(): number {
    return this.#size;
  }

  /** A batch of `requested` events was too large. Returns false when it was a single one. */
  shrink(requested: number): boolean {
    this.#full = 0;
    if (requested <= 1) return false;
    this.#size = Math.max(1, Math.floor(requested / 2));
    return true;
  }

  /** A batch arrived. */
  received(events: number): void {
    if (events < this.#size || this.#size === MOST) return;
    this.#full++;
    if (this.#full < GROW_AFTER) return;
    this.#full = 0;
    this.#size = Math.min(MOST, this.#size * 2);
  }
}
