// A buffer for a table whose size may change between the call that returns it and the call that reads it.
import { Win32Error } from '../../native/win32-error.ts';

const MAX_BYTES = 256 * 1024 * 1024;
const MAX_TRIES = 8;

/** Outcome of one attempt: done, or too small with the size that the system asks for, 0 when it gives none. */
export type Attempt = { done: true } | { done: false; needed: number; code: number };

/** Keeps the buffer of one table between polls, so that the next poll starts with a size that was sufficient before. */
export class GrowingBuffer {
  #buffer: Buffer;

  constructor(initialBytes: number) {
    this.#buffer = Buffer.alloc(initialBytes);
  }

  /** Calls `attempt` with larger buffers until it is done. The next fill overwrites the result. Throws Win32Error. */
  fill(call: string, attempt: (buffer: Buffer) => Attempt): Buffer {
    for (let tries = 0; ; tries++) {
      const result = attempt(this.#buffer);
      if (result.done) return this.#buffer;
      // A quarter more than needed, because the table may grow until the next attempt.
      const wanted = Math.max(this.#buffer.length * 2, Math.ceil(result.needed * 1.25));
      if (tries + 1 >= MAX_TRIES || wanted > MAX_BYTES) throw new Win32Error(call, result.code);
      this.#buffer = Buffer.alloc(wanted);
    }
  }
}
