// Splits a stream of bytes into lines, with the position of each line.

/** A complete line without its line feed. */
export interface Line {
  readonly bytes: Buffer;
  /** Counted from 1. */
  readonly line: number;
  /** Offset of its first byte in the stream. */
  readonly offset: number;
}

/** A line is longer than the limit. */
export class LineTooLong extends Error {
  constructor(maxBytes: number) {
    super(`the line is longer than ${maxBytes} bytes`);
    this.name = 'LineTooLong';
  }
}

/** Buffers at most one line: the limit and the last chunk. */
export class LineSplitter {
  /** Longest line in bytes; may be changed between lines. */
  maxBytes: number;
  #line = 1;
  #lineOffset = 0;
  #buffered: Buffer[] = [];
  #bufferedBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Number of the incomplete line. */
  get line(): number {
    return this.#line;
  }

  /** Offset of its first byte. */
  get lineOffset(): number {
    return this.#lineOffset;
  }

  /** Bytes of it received so far. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** Its first `maxBytes` bytes, as latin1. */
  bufferedText(maxBytes: number): string {
    return Buffer.concat(this.#buffered).toString('latin1', 0, maxBytes);
  }

  /** Adds bytes and yields the lines that they complete. Throws LineTooLong. */
  *split(chunk: Buffer): Generator<Line> {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#buffer(chunk.subarray(from, end));
      const bytes =
        this.#buffered.length === 1 ? this.#buffered[0]! : Buffer.concat(this.#buffered, this.#bufferedBytes);
      const found = { bytes, line: this.#line, offset: this.#lineOffset };
      this.#line++;
      this.#lineOffset += this.#bufferedBytes + 1;
      this.#buffered = [];
      this.#bufferedBytes = 0;
      from = end + 1;
      yield found;
    }
    if (from < chunk.length) this.#buffer(chunk.subarray(from));
  }

  #buffer(part: Buffer): void {
    if (this.#bufferedBytes + part.length > this.maxBytes) throw new LineTooLong(this.maxBytes);
    this.#buffered.push(part);
    this.#bufferedBytes += part.length;
  }
}
