// The buffer that rendered texts are written to: it grows for a large one, within a limit, and shrinks afterwards.
import { ERROR_INSUFFICIENT_BUFFER, ERROR_SUCCESS, Win32Error } from '../../native/win32-error.ts';
import { TextTooLarge } from './calls.ts';

/** Most events fit. */
const USUAL_BYTES = 32 * 1024;
/**
 * A record has at most 64 KiB of data. As hexadecimal digits or character references in UTF-16 it takes a multiple of
 * that.
 */
const MAX_BYTES = 2 * 1024 * 1024;
/** A text may change between two attempts; one that never fits is refused. */
const MAX_ATTEMPTS = 4;

/** Win32 error of an attempt, and the bytes that were written or are needed, with the NUL. */
export interface TextAttempt {
  readonly code: number;
  readonly bytes: number;
}

export class TextBuffer {
  #buffer = Buffer.alloc(USUAL_BYTES);

  /**
   * The text that `attempt` writes as UTF-16, up to its NUL. It is called with a larger buffer while it returns
   * ERROR_INSUFFICIENT_BUFFER. Throws TextTooLarge and Win32Error.
   */
  fill(call: string, attempt: (buffer: Buffer) => TextAttempt): string {
    try {
      for (let attempts = 1; ; attempts++) {
        const { code, bytes } = attempt(this.#buffer);
        if (code === ERROR_SUCCESS) return this.#text(call, bytes);
        if (code !== ERROR_INSUFFICIENT_BUFFER) throw new Win32Error(call, code);
        if (bytes > MAX_BYTES) throw new TextTooLarge(call, bytes);
        if (attempts === MAX_ATTEMPTS) throw new Win32Error(call, code);
        this.#buffer = Buffer.alloc(Math.min(MAX_BYTES, Math.max(bytes, this.#buffer.length * 2)));
      }
    } finally {
      if (this.#buffer.length > USUAL_BYTES) this.#buffer = Buffer.alloc(USUAL_BYTES);
    }
  }

  #text(call: string, bytes: number): string {
    if (bytes > this.#buffer.length) throw new TextTooLarge(call, bytes);
    const text = this.#buffer.toString('utf16le', 0, bytes);
    const end = text.indexOf('\0');
    return end < 0 ? text : text.slice(0, end);
  }
}
