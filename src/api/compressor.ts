// Compresses answers with gzip, one after the other: each compression needs a quarter of a megabyte.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

/** A packet; less is not sent any faster. */
const MIN_BYTES = 1024;
const MAX_WAITING = 32;

export class Compressor {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  static isWorthwhile(body: Buffer): boolean {
    return body.length >= MIN_BYTES;
  }

  /** Undefined while too many wait. */
  async gzip(body: Buffer): Promise<Buffer | undefined> {
    if (this.#waiting >= MAX_WAITING) return undefined;
    this.#waiting++;
    const compressed = this.#last.then(() => compress(body));
    this.#last = compressed.catch(() => {});
    try {
      return await compressed;
    } finally {
      this.#waiting--;
    }
  }
}
