// A cursor over one event in the ring: its header fields and a bounds-checked reader of its packed payload.

/** Longest SOCKADDR of Windows: https://learn.microsoft.com/windows/win32/winsock/sockaddr-storage-2 */
const MAX_SOCKADDR = 128;
const AF_INET = 2;
const AF_INET6 = 23;
const IPV4_MAPPED = 0xffff_0000;

/**
 * One object is reused for all events, so reading allocates nothing. Reads advance through the payload. A read beyond
 * its end returns 0 and sets `broken`; decoders check `broken` once, after the last field.
 */
export class EventView {
  provider = 0;
  id = 0;
  version = 0;
  /** The process that wrote the event; the event may be about another one. */
  pid = 0;
  /** 4 when a 32-bit program wrote the event. */
  pointerBytes: 4 | 8 = 8;
  /** The two halves of a FILETIME. */
  ticksLow = 0;
  ticksHigh = 0;
  /** Offsets of the next field and of the end of the payload. */
  at = 0;
  end = 0;
  /** Offsets of the id of the Windows container, in ASCII; an empty range outside containers. */
  containerAt = 0;
  containerEnd = 0;
  broken = false;
  #view: DataView<ArrayBufferLike> = new DataView(new ArrayBuffer(0));
  #bytes: Buffer = Buffer.alloc(0);

  /** FILETIME, rounded to a double: the error is below two microseconds. */
  get ticks(): number {
    return this.ticksHigh * 4294967296 + this.ticksLow;
  }

  /** Sets the memory to which the offsets refer. */
  wrap(memory: Uint8Array<ArrayBufferLike>): this {
    this.#view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
    this.#bytes = Buffer.from(memory.buffer as ArrayBuffer, memory.byteOffset, memory.byteLength);
    return this;
  }

  u16(): number {
    const at = this.#advance(2);
    return at < 0 ? 0 : this.#view.getUint16(at, true);
  }

  u32(): number {
    const at = this.#advance(4);
    return at < 0 ? 0 : this.#view.getUint32(at, true);
  }

  /** Rounded to a double above 2^53. */
  u64(): number {
    const at = this.#advance(8);
    return at < 0 ? 0 : this.#view.getUint32(at + 4, true) * 4294967296 + this.#view.getUint32(at, true);
  }

  /** A pointer. Of 64 bits only the low 48 are kept, which a double represents exactly. */
  pointer48(): number {
    const at = this.#advance(this.pointerBytes);
    if (at < 0) return 0;
    const low = this.#view.getUint32(at, true);
    return this.pointerBytes === 4 ? low : this.#view.getUint16(at + 4, true) * 4294967296 + low;
  }

  skipPointer(): void {
    this.#advance(this.pointerBytes);
  }

  skip(length: number): void {
    this.#advance(length);
  }

  /**
   * A length and a SOCKADDR of that length: writes the address into row `row` of `addresses` as IPv6 and returns the
   * port. An empty SOCKADDR, which a connect that failed early has, and one of another family give zeros.
   */
  socketAddress(addresses: Uint32Array, row: number): number {
    const length = this.u32();
    if (length > MAX_SOCKADDR) this.broken = true;
    const at = this.#advance(length);
    const word = row * 4;
    addresses[word] = 0;
    addresses[word + 1] = 0;
    addresses[word + 2] = 0;
    addresses[word + 3] = 0;
    if (at < 0 || length < 16) return 0;
    const view = this.#view;
    const family = view.getUint16(at, true);
    if (family === AF_INET) {
      addresses[word + 2] = IPV4_MAPPED;
      addresses[word + 3] = view.getUint32(at + 4, true);
    } else if (family === AF_INET6 && length >= 28) {
      // Copied in words: both sides are little-endian, so the bytes keep their order.
      addresses[word] = view.getUint32(at + 8, true);
      addresses[word + 1] = view.getUint32(at + 12, true);
      addresses[word + 2] = view.getUint32(at + 16, true);
      addresses[word + 3] = view.getUint32(at + 20, true);
    } else return 0;
    return view.getUint16(at + 2, false);
  }

  /**
   * UTF-16 text up to its NUL or to the end of the payload, because some events omit the NUL. Cut after `max`
   * characters.
   */
  text16(max: number): string {
    const from = this.at;
    let at = from;
    while (at + 1 < this.end && this.#view.getUint16(at, true) !== 0) at += 2;
    this.at = Math.min(at + 2, this.end);
    return this.#bytes.toString('utf16le', from, Math.min(at, from + max * 2));
  }

  /** Latin-1 text up to its NUL or to the end of the payload. Cut after `max` characters. */
  text8(max: number): string {
    const from = this.at;
    const nul = this.#bytes.subarray(from, this.end).indexOf(0);
    const to = nul < 0 ? this.end : from + nul;
    this.at = Math.min(to + 1, this.end);
    return this.#bytes.toString('latin1', from, Math.min(to, from + max));
  }

  /** Skips a security identifier: 8 bytes, and 4 for each subauthority; the second byte is their number. */
  skipSid(): void {
    const parts = this.at + 1 < this.end ? this.#view.getUint8(this.at + 1) : 0;
    this.#advance(8 + 4 * parts);
  }

  /** The container id without trailing NULs. */
  containerId(): string {
    return this.#bytes.toString('latin1', this.containerAt, this.containerEnd).replace(/\0+$/, '');
  }

  /** A copy of the payload. */
  payload(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.at, this.end));
  }

  /** Advances by `length` bytes and returns their offset, or -1 when the payload is shorter. */
  #advance(length: number): number {
    const at = this.at;
    if (length > this.end - at || this.broken) {
      this.broken = true;
      return -1;
    }
    this.at = at + length;
    return at;
  }
}
