// The call that a worker is in, in shared memory: the main thread names it when the worker does not end.

/** Bytes of text; a longer one is cut. */
const MAX_BYTES = 124;

export class Activity {
  /** Passed to the other thread, which creates its own object from it. */
  readonly shared: SharedArrayBuffer;
  readonly #length: Int32Array<SharedArrayBuffer>;
  readonly #text: Uint8Array<SharedArrayBuffer>;

  constructor(shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT + MAX_BYTES)) {
    this.shared = shared;
    this.#length = new Int32Array(shared, 0, 1);
    this.#text = new Uint8Array(shared, Int32Array.BYTES_PER_ELEMENT);
  }

  /** Runs a call and shows its name while it runs. */
  during<T>(name: string, call: () => T): T {
    const bytes = Buffer.from(name).subarray(0, MAX_BYTES);
    this.#text.set(bytes);
    Atomics.store(this.#length, 0, bytes.length);
    try {
      return call();
    } finally {
      Atomics.store(this.#length, 0, 0);
    }
  }

  /** Name of the call that runs now, empty between calls. */
  get call(): string {
    return Buffer.from(this.#text.slice(0, Atomics.load(this.#length, 0))).toString();
  }
}
