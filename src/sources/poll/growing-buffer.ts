// Reads a table whose size may change between asking for it and getting it: a bounded growing loop.
import { Win32Error } from '../../native/win32-error.ts';

const MAX_BYTES = 256 * 1024 * 1024;
const MAX_TRIES = 8;

/** What one attempt said: done, or too small with the size that the system asks for (0 when it does not say). */
export type Attempt = { done: true } | { done: false; needed: number; code: number };

/** Keeps the buffer of one table between polls, so that the next poll starts with a size that fitted last time. */
export class GrowingBuffer {
  #buffer: Buffer;

  constructor(initialBytes: number) {
    this.#buffer = Buffer.alloc(initialBytes);
  }

  /** Calls `attempt` until it is done; throws Win32Error when it never fits. The result is overwritten by the next fill. */
  fill(call: string, attempt: (buffer: Buffer) => Attempt): Buffer {
    for (let tries = 0; ; tries++) {
      const result = attempt(this.#buffer);
      if (result.done) return this.#buffer;
      // A quarter more than asked for: rows keep coming while we allocate.
      const wanted = Math.max(this.#buffer.length * 2, Math.ceil(result.needed * 1.25));
      if (tries + 1 >= MAX_TRIES || wanted > MAX_BYTES) throw new Win32Error(call, result.code);
      this.#buffer = Buffer.alloc(wanted);
    }
  }
}
