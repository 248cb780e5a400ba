// Writes protobuf into slices that are compressed one by one, and joins them into one block of snappy.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readPreamble } from './block-format.ts';
import { varintText } from './protobuf-text.ts';
import type { Compress } from './snappy.ts';

/** Plain bytes of a slice, about 200 series: a little less than the 64 KiB that snappy compresses at once. */
const SLICE_BYTES = 64_512;
/** Space behind a full slice, so that a usual entry needs no space of its own. */
const MARGIN_BYTES = 16_384;

/** One body. Offsets of copies in a block are relative, so that blocks without their preambles may be joined. */
export class SliceWriter {
  /** Other work must run soon: call `nextTurn` after the current entry. */
  isTurnOver = false;
  readonly #compress: Compress;
  #bytes = Buffer.allocUnsafeSlow(SLICE_BYTES + MARGIN_BYTES);
  #view = viewOf(this.#bytes);
  #at = 0;
  /** Work of this turn besides the slice, as the number of bytes that are written and compressed in the same time. */
  #otherWork = 0;
  #plainLength = 0;
  readonly #blocks: Uint8Array[] = [];

  constructor(compress: Compress) {
    this.#compress = compress;
  }

  /** Makes space for the next bytes, which are written by the other methods. */
  reserve(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    this.#compressSlice();
    this.isTurnOver = true;
    if (length <= this.#bytes.length) return;
    release(this.#bytes);
    this.#bytes = Buffer.allocUnsafeSlow(length);
    this.#view = viewOf(this.#bytes);
  }

  /** Writes a text with one character for each byte into reserved space. */
  text(text: string): void {
    this.#at += this.#bytes.write(text, this.#at, 'latin1');
    if (this.#at >= SLICE_BYTES) this.isTurnOver = true;
  }

  /** Writes tag and length of a message in a field from 1 to 15 into reserved space. */
  header(field: number, length: number): void {
    this.#bytes[this.#at++] = (field << 3) | 2;
    let rest = length;
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#at++] = rest;
  }

  /** Replaces the eight written bytes that begin `back` bytes before the end. */
  double(value: number, back: number): void {
    const at = this.#at - back;
    if (Number.isNaN(value)) {
      // Some values of NaN have a meaning in Prometheus; this one has none (model/value in its repository).
      this.#view.setUint32(at, 1, true);
      this.#view.setUint32(at + 4, 0x7ff8_0000, true);
    } else this.#view.setFloat64(at, value, true);
  }

  /** Writes bytes, which may be more than one slice. */
  async append(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; from += SLICE_BYTES) {
      const part = bytes.subarray(from, from + SLICE_BYTES);
      this.reserve(part.length);
      this.#bytes.set(part, this.#at);
      this.#at += part.length;
      if (this.isTurnOver || this.#at >= SLICE_BYTES) await this.nextTurn();
    }
  }

  /** Counts work that takes as long as writing and compressing so many bytes. */
  addWork(bytes: number): void {
    this.#otherWork += bytes;
    if (this.#otherWork >= SLICE_BYTES) this.isTurnOver = true;
  }

  /** Compresses the slice if it is full, and lets other work run. */
  async nextTurn(): Promise<void> {
    if (this.#at >= SLICE_BYTES) this.#compressSlice();
    this.#otherWork = 0;
    this.isTurnOver = false;
    await nextTurn();
  }

  /** The complete block; nothing may be written after it. */
  finish(): Uint8Array {
    this.#compressSlice();
    const body = joinElements(this.#plainLength, this.#blocks);
    for (const bytes of [...this.#blocks, this.#bytes]) release(bytes);
    return body;
  }

  #compressSlice(): void {
    if (this.#at === 0) return;
    this.#blocks.push(readPreamble(this.#compress(this.#bytes.subarray(0, this.#at))).elements);
    this.#plainLength += this.#at;
    this.#at = 0;
  }
}

/** A block of elements that together produce `plainLength` bytes. Throws if the format cannot hold so many. */
export function joinElements(plainLength: number, elements: readonly Uint8Array[]): Uint8Array {
  if (plainLength > 0xffff_ffff) throw new Error(`${plainLength} bytes are more than a snappy block can hold (4 GiB)`);
  return Buffer.concat([Buffer.from(varintText(plainLength), 'latin1'), ...elements]);
}

/** Frees memory that the garbage collector would keep for several passes, because it sees only small objects. */
function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
