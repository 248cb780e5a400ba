// The last messages of the agent in shared memory, so that any thread can include them in a crash report.

const SLOTS = 32;
/** Two bytes of length and the text. */
const SLOT_BYTES = 384;
const HEAD_BYTES = 8;

export class RecentMessages {
  readonly shared: SharedArrayBuffer;
  readonly #count: Int32Array;
  readonly #slots: Buffer;

  /** Uses the memory of another thread's instance, or allocates it. */
  constructor(shared = new SharedArrayBuffer(HEAD_BYTES + SLOTS * SLOT_BYTES)) {
    this.shared = shared;
    this.#count = new Int32Array(shared, 0, 1);
    this.#slots = Buffer.from(shared, HEAD_BYTES);
  }

  /** Stores a text, truncated to about 380 bytes, and overwrites the oldest one. Only one thread may write. */
  note(text: string): void {
    const count = Atomics.load(this.#count, 0);
    const at = (count % SLOTS) * SLOT_BYTES;
    const length = this.#slots.write(text, at + 2, SLOT_BYTES - 2);
    this.#slots.writeUInt16LE(length, at);
    Atomics.store(this.#count, 0, count + 1);
  }

  /** Oldest first. A text that is being written at the same time may be garbled. */
  list(): string[] {
    const count = Atomics.load(this.#count, 0);
    const kept = Math.min(count, SLOTS);
    return Array.from({ length: kept }, (_, i) => {
      const at = ((count - kept + i) % SLOTS) * SLOT_BYTES;
      return this.#slots.toString('utf8', at + 2, at + 2 + Math.min(this.#slots.readUInt16LE(at), SLOT_BYTES - 2));
    });
  }
}
