// Splits the bytes of a stream into lines, whatever the chunks are in which they are read.

const LINE_FEED = 0x0a;

/**
 * Lines end at line feeds, which belong to no character of UTF-8 besides themselves. Invalid UTF-8 becomes U+FFFD. Of a
 * longer line the first `maxLineBytes` bytes are kept.
 */
export class LineSplitter {
  /** Lines that were cut; the number only grows. */
  cutLines = 0;
  readonly #maxLineBytes: number;
  readonly #visit: (line: string) => void;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** Start of a line whose end was not read yet. */
  #partial: Uint8Array[] = [];
  #partialBytes = 0;
  #isOpen = false;
  #isCut = false;

  constructor(maxLineBytes: number, visit: (line: string) => void) {
    this.#maxLineBytes = maxLineBytes;
    this.#visit = visit;
  }

  /** Visits each line that ends in the chunk, without its line feed. The chunk may be overwritten afterwards. */
  push(chunk: Uint8Array): void {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      this.#endLine(chunk.subarray(from, end));
      from = end + 1;
    }
    if (from === chunk.length) return;
    const rest = this.#withinLimit(chunk.subarray(from));
    this.#partialBytes += rest.length;
    this.#isOpen = true;
    if (rest.length > 0) this.#partial.push(rest.slice());
  }

  /** Visits the line that was started, if any, because no line feed will follow. */
  end(): void {
    if (this.#isOpen) this.#endLine(new Uint8Array(0));
  }

  #endLine(last: Uint8Array): void {
    const part = this.#withinLimit(last);
    const bytes =
      this.#partial.length === 0 ? part : concat([...this.#partial, part], this.#partialBytes + part.length);
    if (this.#isCut) this.cutLines++;
    this.#partial = [];
    this.#partialBytes = 0;
    this.#isOpen = false;
    this.#isCut = false;
    this.#visit(this.#decoder.decode(bytes));
  }

  #withinLimit(part: Uint8Array): Uint8Array {
    const kept = part.subarray(0, this.#maxLineBytes - this.#partialBytes);
    if (kept.length < part.length) this.#isCut = true;
    return kept;
  }
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
