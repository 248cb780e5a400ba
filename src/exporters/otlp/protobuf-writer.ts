// Writes a protobuf message in one pass into a buffer that grows and is used again.
// https://protobuf.dev/programming-guides/encoding/

const INITIAL_BYTES = 64 * 1024;
/** Up to this length a loop over the characters is quicker than a call of the native encoder. */
const SHORT_TEXT = 24;
/** A character has at most three bytes for each UTF-16 unit. */
const MAX_UNIT_BYTES = 3;
/** Bytes of a tag and a length of at most five bytes. */
const MAX_HEADER_BYTES = 6;

/**
 * Tags are bytes: field numbers up to 15 with their wire type. Every method makes the space that it needs.
 */
export class ProtobufWriter {
  #bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #at = 0;

  /** Written bytes. */
  get length(): number {
    return this.#at;
  }

  /** The buffer, until the next write. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Takes back what was written after this length, or everything. A buffer that is far too large is released. */
  truncate(length = 0): void {
    if (length === 0 && this.#bytes.length > INITIAL_BYTES && this.#at < this.#bytes.length / 4)
      this.#bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
    this.#at = length;
  }

  /** A number from 0 to 2^32-1. */
  varint(tag: number, value: number): void {
    this.#reserve(MAX_HEADER_BYTES);
    this.#bytes[this.#at] = tag;
    this.#at = putVarint(this.#bytes, this.#at + 1, value);
  }

  /** The time in nanoseconds, as fixed64. Both numbers are whole, not negative, and the nanoseconds below 10^9. */
  nanoseconds(tag: number, seconds: number, nanoseconds: number): void {
    this.#reserve(9);
    // A double is exact up to 2^53, so that the product is computed in two parts: seconds = high * 2^16 + low.
    const low = seconds % 0x1_0000;
    const lowNanoseconds = low * 1e9 + nanoseconds;
    const highNanoseconds = ((seconds - low) / 0x1_0000) * 1e9;
    const sum = (highNanoseconds % 0x1_0000) * 0x1_0000 + (lowNanoseconds % 0x1_0000_0000);
    this.#bytes[this.#at] = tag;
    putUint32(this.#bytes, this.#at + 1, sum);
    putUint32(
      this.#bytes,
      this.#at + 5,
      Math.floor(highNanoseconds / 0x1_0000) +
        Math.floor(lowNanoseconds / 0x1_0000_0000) +
        Math.floor(sum / 0x1_0000_0000),
    );
    this.#at += 9;
  }

  /** Bytes given as hexadecimal digits, an even number of at most 254. */
  hex(tag: number, digits: string): void {
    this.#reserve(2 + digits.length / 2);
    this.#bytes[this.#at++] = tag;
    this.#bytes[this.#at++] = digits.length / 2;
    this.#at += this.#bytes.write(digits, this.#at, 'hex');
  }

  /** A text as UTF-8. A lone surrogate becomes U+FFFD. */
  text(tag: number, text: string): void {
    this.#reserve(MAX_HEADER_BYTES + text.length * MAX_UNIT_BYTES);
    this.#bytes[this.#at++] = tag;
    if (text.length <= SHORT_TEXT && this.#ascii(text)) return;
    const reserved = varintSize(text.length);
    const length = this.#bytes.write(text, this.#at + reserved, 'utf8');
    this.#at += reserved + length;
    this.#putLength(length, reserved);
  }

  /**
   * Begins a message, which has at least so many bytes: the size of its length is reserved for that. Returns where its
   * content starts, for `end` with the same number.
   */
  begin(tag: number, least: number): number {
    this.#reserve(MAX_HEADER_BYTES);
    this.#bytes[this.#at] = tag;
    this.#at += 1 + varintSize(least);
    return this.#at;
  }

  end(start: number, least: number): void {
    this.#reserve(MAX_HEADER_BYTES);
    this.#putLength(this.#at - start, varintSize(least));
  }

  /** Writes length and content of a short text if all its characters have one byte. */
  #ascii(text: string): boolean {
    const bytes = this.#bytes;
    const start = this.#at + 1;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return false;
      bytes[start + i] = unit;
    }
    bytes[start - 1] = text.length;
    this.#at = start + text.length;
    return true;
  }

  /** Puts the length before the last `length` bytes, and moves them if it needs more than the reserved bytes. */
  #putLength(length: number, reserved: number): void {
    const start = this.#at - length;
    const more = varintSize(length) - reserved;
    if (more > 0) {
      this.#bytes.copyWithin(start + more, start, this.#at);
      this.#at += more;
    }
    putVarint(this.#bytes, start - reserved, length);
  }

  #reserve(length: number): void {
    const needed = this.#at + length;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}

/** Bytes of a number from 0 to 2^32-1 in the variable-length form. */
export function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

/** Puts a number from 0 to 2^32-1 in the variable-length form, and returns the offset behind it. */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let end = at;
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes[end++] = (rest & 0x7f) | 0x80;
  bytes[end++] = rest;
  return end;
}

function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}
