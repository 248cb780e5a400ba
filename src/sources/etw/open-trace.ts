// The handle of the trace that the etw worker reads, shared so that another thread can close it.

/** Indices of the shared Int32 values. */
const WORD = { isOpen: 0, low: 1, high: 2 } as const;

/**
 * Only the thread that claims the handle closes it, so it is closed once.
 * https://learn.microsoft.com/windows/win32/api/evntrace/nf-evntrace-closetrace
 */
export class OpenTrace {
  /** Passed to the other thread, which creates its own object from it. */
  readonly shared: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;

  constructor(shared = new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#words = new Int32Array(shared);
  }

  /** Offers a handle of OpenTraceW to both threads. */
  publish(handle: bigint): void {
    Atomics.store(this.#words, WORD.low, Number(BigInt.asIntN(32, handle)));
    Atomics.store(this.#words, WORD.high, Number(BigInt.asIntN(32, handle >> 32n)));
    Atomics.store(this.#words, WORD.isOpen, 1);
  }

  /** The handle, for the caller to close; undefined if there is none, or the other thread has claimed it. */
  claim(): bigint | undefined {
    if (Atomics.exchange(this.#words, WORD.isOpen, 0) === 0) return undefined;
    const [low, high] = [Atomics.load(this.#words, WORD.low), Atomics.load(this.#words, WORD.high)];
    return (BigInt.asUintN(32, BigInt(high)) << 32n) | BigInt.asUintN(32, BigInt(low));
  }
}
