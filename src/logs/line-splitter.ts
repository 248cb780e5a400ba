// Splits the bytes of a file into lines, whatever the chunks are in which they are read.

const LINE_FEED = 0x0a;

/** Where line feeds are looked for: in each byte, or in units of two bytes. */
export type LineUnit = 'byte' | 'utf-16le' | 'utf-16be';

/** Receives a line without its line feed, and how many bytes of the file it takes with its line feed. */
export type LineVisitor = (line: Uint8Array, size: number) => void;

/**
 * In UTF-8 and in the code pages of Windows the byte of a line feed belongs to no other character. Of a longer line the
 * first `maxLineBytes` bytes are kept.
 */
export class LineSplitter {
  /** Lines that were cut; the number only grows. */
  cutLines = 0;
  readonly #maxLineBytes: number;
  readonly #unit: LineUnit;
  readonly #visit: LineVisitor;
  /** Start of a line that has no line feed yet. */
  #partial: Uint8Array[] = [];
  #partialBytes = 0;
  /** Bytes of the file that the started line takes so far. */
  #size = 0;

  constructor(maxLineBytes: number, unit: LineUnit, visit: LineVisitor) {
    this.#maxLineBytes = maxLineBytes;
    this.#unit = unit;
    this.#visit = visit;
  }

  /** Bytes that were pushed after the last line feed. */
  get pendingBytes(): number {
    return this.#size;
  }

  /**
   * Visits each line that ends in the chunk. The chunk may be overwritten afterwards. With a unit of two bytes its
   * length is even.
   */
  push(chunk: Uint8Array): void {
    let from = 0;
    const feedBytes = this.#unit === 'byte' ? 1 : 2;
    for (let at = this.#feed(chunk, 0); at >= 0; at = this.#feed(chunk, from)) {
      this.#endLine(chunk.subarray(from, at), feedBytes);
      from = at + feedBytes;
    }
    if (from === chunk.length) return;
    const rest = this.#withinLimit(chunk.subarray(from));
    this.#size += chunk.length - from;
    this.#partialBytes += rest.length;
    if (rest.length > 0) this.#partial.push(rest.slice());
  }

  /** Visits the line that was started, if any, because no line feed will follow. */
  end(): void {
    if (this.#size > 0) this.#endLine(new Uint8Array(0), 0);
  }

  /** Position of the next line feed, -1 if there is none. */
  #feed(chunk: Uint8Array, from: number): number {
    let at = chunk.indexOf(LINE_FEED, from);
    if (this.#unit === 'byte') return at;
    const low = this.#unit === 'utf-16le' ? 0 : 1;
    for (; at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) {
      const unit = at - low;
      if (unit >= from && unit % 2 === 0 && chunk[unit + 1 - low] === 0) return unit;
    }
    return -1;
  }

  #endLine(last: Uint8Array, feedBytes: number): void {
    const size = this.#size + last.length + feedBytes;
    const part = this.#withinLimit(last);
    const length = this.#partialBytes + part.length;
    const line = this.#partial.length === 0 ? part : Buffer.concat([...this.#partial, part], length);
    if (length < size - feedBytes) this.cutLines++;
    this.#partial = [];
    this.#partialBytes = 0;
    this.#size = 0;
    this.#visit(line, size);
  }

  #withinLimit(part: Uint8Array): Uint8Array {
    return part.subarray(0, this.#maxLineBytes - this.#partialBytes);
  }
}
