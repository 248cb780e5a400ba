// Cuts a stream of bytes into lines and knows where each one began.

/** A complete line without its line feed. */
export interface Line {
  readonly bytes: Buffer;
  /** Counted from 1. */
  readonly line: number;
  /** Byte of the stream where it begins. */
  readonly offset: number;
}

/** A line got longer than allowed. */
export class LineTooLong extends Error {
  constructor(maxBytes: number) {
    super(`the line is longer than ${maxBytes} bytes`);
    this.name = 'LineTooLong';
  }
}

/** Holds no more than one line: at most the limit and the last chunk. */
export class LineSplitter {
  /** Longest line allowed, in bytes; may be changed between lines. */
  maxBytes: number;
  #line = 1;
  #lineOffset = 0;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Number of the line that has not ended yet. */
  get line(): number {
    return this.#line;
  }

  /** Where that line begins. */
  get lineOffset(): number {
    return this.#lineOffset;
  }

  /** Bytes of that line so far. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The beginning of that line. */
  heldText(maxBytes: number): string {
    return Buffer.concat(this.#held).toString('latin1', 0, maxBytes);
  }

  /** Takes the next bytes, gives the lines that end in them; throws LineTooLong. */
  *split(chunk: Buffer): Generator<Line> {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#hold(chunk.subarray(from, end));
      const bytes = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held, this.#heldBytes);
      const found = { bytes, line: this.#line, offset: this.#lineOffset };
      this.#line++;
      this.#lineOffset += this.#heldBytes + 1;
      this.#held = [];
      this.#heldBytes = 0;
      from = end + 1;
      yield found;
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from));
  }

  #hold(part: Buffer): void {
    if (this.#heldBytes + part.length > this.maxBytes) throw new LineTooLong(this.maxBytes);
    this.#held.push(part);
    this.#heldBytes += part.length;
  }
}
