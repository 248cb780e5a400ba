// The last round that the main thread has processed, in shared memory: a message would wake the worker for each round.

export class Acknowledgement {
  /** Passed to the other thread, which creates its own object from it. */
  readonly shared: SharedArrayBuffer;
  readonly #seq: BigInt64Array<SharedArrayBuffer>;

  constructor(shared = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#seq = new BigInt64Array(shared);
  }

  /** Number of the tick of that round, 0 before the first. */
  get seq(): number {
    return Number(Atomics.load(this.#seq, 0));
  }

  set seq(seq: number) {
    Atomics.store(this.#seq, 0, BigInt(seq));
    Atomics.notify(this.#seq, 0);
  }

  /** Resolves when `seq` is another one than `before`. The windows worker does not wait, other workers may. */
  async changed(before: number): Promise<void> {
    await Atomics.waitAsync(this.#seq, 0, BigInt(before)).value;
  }
}
