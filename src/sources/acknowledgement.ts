// The last round or batch that the main thread has processed, in shared memory: a message for each would cost more.

export class Acknowledgement {
  /** Passed to the other thread, which creates its own object from it. */
  readonly shared: SharedArrayBuffer;
  readonly #seq: BigInt64Array<SharedArrayBuffer>;

  constructor(shared = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#seq = new BigInt64Array(shared);
  }

  /** Number of that batch, or of the tick of that round; 0 before the first. */
  get seq(): number {
    return Number(Atomics.load(this.#seq, 0));
  }

  set seq(seq: number) {
    Atomics.store(this.#seq, 0, BigInt(seq));
    Atomics.notify(this.#seq, 0);
  }

  /** Resolves when `seq` is another one than `before`, or after the timeout. The windows worker does not wait. */
  async changed(before: number, timeoutMs = Number.POSITIVE_INFINITY): Promise<void> {
    await Atomics.waitAsync(this.#seq, 0, BigInt(before), timeoutMs).value;
  }
}
