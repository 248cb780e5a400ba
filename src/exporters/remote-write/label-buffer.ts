// A buffer in which the labels of one series are encoded: its bytes are reused, so that a label set leaves no garbage.
import { stringText, varintText } from './protobuf-text.ts';

const INITIAL_BYTES = 4096;
/** Bytes of a tag and a length of at most five bytes, for `TimeSeries.labels` and for `Label.value`. */
const HEADER_BYTES = 2 * 6;

/** Entries of `TimeSeries.labels`. */
export class LabelBuffer {
  /** `Label.name` as text with one character for each byte. The names of all labels are few. */
  readonly #names = new Map<string, string>();
  #bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Adds a label. A lone surrogate becomes U+FFFD, because the text must be UTF-8. */
  add(name: string, value: string): void {
    const nameText = this.#nameText(name);
    const valueLength = Buffer.byteLength(value);
    const valueHeader = valueLength <= 0x7f ? 2 : 1 + varintText(valueLength).length;
    const length = nameText.length + valueHeader + valueLength;
    this.#reserve(HEADER_BYTES + length);
    this.#header(1, length);
    this.#length += this.#bytes.write(nameText, this.#length, 'latin1');
    this.#header(2, valueLength);
    this.#length += this.#bytes.write(value, this.#length, 'utf8');
  }

  /** Bytes as text with one character for each of them. */
  text(from: number, to: number): string {
    return this.#bytes.toString('latin1', from, to);
  }

  #nameText(name: string): string {
    let text = this.#names.get(name);
    if (text === undefined) {
      text = stringText(1, name);
      this.#names.set(name, text);
    }
    return text;
  }

  #header(field: number, length: number): void {
    this.#bytes[this.#length++] = (field << 3) | 2;
    let rest = length;
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  #reserve(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
