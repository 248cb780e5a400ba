// Reads memory that Windows filled, and checks each offset and each embedded pointer against the bounds.
import { addressOf } from './ffi.ts';

/** Thrown when a structure in a buffer extends or points outside of the buffer. */
export class BoundsError extends Error {
  constructor(what: string, offset: number, length: number) {
    super(`${what} at ${offset} lies outside of the buffer of ${length} bytes`);
    this.name = 'BoundsError';
  }
}

/** Little-endian view of a buffer, with the address at which it was filled. */
export class ForeignBuffer {
  readonly bytes: Buffer;
  readonly #base: bigint;

  /** `base` is the address that pointers inside refer to: that of the buffer, unless the bytes were captured elsewhere. */
  constructor(bytes: Buffer, base: bigint = addressOf(bytes)) {
    this.bytes = bytes;
    this.#base = base;
  }

  u8(offset: number): number {
    this.#check('u8', offset, 1);
    return this.bytes.readUInt8(offset);
  }

  u16(offset: number): number {
    this.#check('u16', offset, 2);
    return this.bytes.readUInt16LE(offset);
  }

  /** In network byte order, e.g. a port. */
  u16be(offset: number): number {
    this.#check('u16be', offset, 2);
    return this.bytes.readUInt16BE(offset);
  }

  u32(offset: number): number {
    this.#check('u32', offset, 4);
    return this.bytes.readUInt32LE(offset);
  }

  /** A signed 64-bit integer as a number; above 2^53 the last bits are lost. */
  i64(offset: number): number {
    this.#check('i64', offset, 8);
    return this.bytes.readInt32LE(offset + 4) * 4294967296 + this.bytes.readUInt32LE(offset);
  }

  slice(offset: number, length: number): Buffer {
    this.#check('slice', offset, length);
    return this.bytes.subarray(offset, offset + length);
  }

  /** Offset of the target of the pointer at `offset`, or -1 for NULL. */
  pointer(offset: number): number {
    this.#check('pointer', offset, 8);
    const value = this.bytes.readBigUInt64LE(offset);
    if (value === 0n) return -1;
    const target = value - this.#base;
    if (target < 0n || target >= BigInt(this.bytes.length))
      throw new BoundsError('pointer target', offset, this.bytes.length);
    return Number(target);
  }

  /** NUL-terminated UTF-16 text at the target of the pointer at `offset`; empty for NULL, bounded by the buffer. */
  text(offset: number): string {
    const start = this.pointer(offset);
    return start < 0 ? '' : this.textAt(start);
  }

  /** NUL-terminated UTF-16 text at an offset, bounded by the buffer. */
  textAt(start: number): string {
    let end = start;
    while (end + 1 < this.bytes.length && this.bytes.readUInt16LE(end) !== 0) end += 2;
    return this.bytes.toString('utf16le', start, end);
  }

  #check(what: string, offset: number, length: number): void {
    if (offset < 0 || length < 0 || offset + length > this.bytes.length)
      throw new BoundsError(what, offset, this.bytes.length);
  }
}
