// One event where it lies in memory: its head, and a reader of its packed payload that never leaves it.

/** Longest SOCKADDR of Windows: https://learn.microsoft.com/windows/win32/winsock/sockaddr-storage-2 */
const MAX_SOCKADDR = 128;
const AF_INET = 2;
const AF_INET6 = 23;
const IPV4_MAPPED = 0xffff_0000;

/**
 * The same object stands for one event after the other, so that reading them leaves no garbage. Reads go forward through the payload; one that
 * would leave it gives 0 and sets `broken`, which is looked at once, when all fields are read.
 */
export class EventView {
  provider = 0;
  id = 0;
  version = 0;
  /** Of the process that wrote it, which may not be the one it is about. */
  pid = 0;
  /** 4 where a 32-bit program wrote it. */
  pointerBytes: 4 | 8 = 8;
  /** The halves of a FILETIME. */
  ticksLow = 0;
  ticksHigh = 0;
  /** The next field, and the end of the payload. */
  at = 0;
  end = 0;
  /** The id of the container that it happened in, as ASCII; empty outside of containers. */
  containerAt = 0;
  containerEnd = 0;
  broken = false;
  #view: DataView<ArrayBufferLike> = new DataView(new ArrayBuffer(0));
  #bytes: Buffer = Buffer.alloc(0);

  /** FILETIME; its last bits are lost in a double, less than two microseconds. */
  get ticks(): number {
    return this.ticksHigh * 4294967296 + this.ticksLow;
  }

  /** The memory that `at` and `end` count in. */
  wrap(memory: Uint8Array<ArrayBufferLike>): this {
    this.#view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
    this.#bytes = Buffer.from(memory.buffer as ArrayBuffer, memory.byteOffset, memory.byteLength);
    return this;
  }

  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : this.#view.getUint16(at, true);
  }

  u32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#view.getUint32(at, true);
  }

  /** Above 2^53 the last bits are lost. */
  u64(): number {
    const at = this.#take(8);
    return at < 0 ? 0 : this.#view.getUint32(at + 4, true) * 4294967296 + this.#view.getUint32(at, true);
  }

  /** A pointer; of one with 64 bits the low 48, which a double holds exactly. */
  pointer48(): number {
    const at = this.#take(this.pointerBytes);
    if (at < 0) return 0;
    const low = this.#view.getUint32(at, true);
    return this.pointerBytes === 4 ? low : this.#view.getUint16(at + 4, true) * 4294967296 + low;
  }

  skipPointer(): void {
    this.#take(this.pointerBytes);
  }

  skip(length: number): void {
    this.#take(length);
  }

  /**
   * A length and that many bytes of SOCKADDR: the address goes into row `row` of `addresses` as IPv6, the port is the result. What is empty,
   * as after a connect that failed early, or of another family is all zeros.
   */
  socketAddress(addresses: Uint32Array, row: number): number {
    const length = this.u32();
    if (length > MAX_SOCKADDR) this.broken = true;
    const at = this.#take(length);
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
      // Word by word: the machine is little-endian, and so is the reading.
      addresses[word] = view.getUint32(at + 8, true);
      addresses[word + 1] = view.getUint32(at + 12, true);
      addresses[word + 2] = view.getUint32(at + 16, true);
      addresses[word + 3] = view.getUint32(at + 20, true);
    } else return 0;
    return view.getUint16(at + 2, false);
  }

  /** UTF-16 up to its NUL, or to the end of the payload: some events leave the NUL out. At most `max` characters of it are made. */
  text16(max: number): string {
    const from = this.at;
    let at = from;
    while (at + 1 < this.end && this.#view.getUint16(at, true) !== 0) at += 2;
    this.at = Math.min(at + 2, this.end);
    return this.#bytes.toString('utf16le', from, Math.min(at, from + max * 2));
  }

  /** Bytes up to their NUL or the end of the payload, as Latin-1. */
  text8(max: number): string {
    const from = this.at;
    const nul = this.#bytes.subarray(from, this.end).indexOf(0);
    const to = nul < 0 ? this.end : from + nul;
    this.at = Math.min(to + 1, this.end);
    return this.#bytes.toString('latin1', from, Math.min(to, from + max));
  }

  /** A security identifier: 8 bytes and 4 for each of the parts that its second byte counts. */
  skipSid(): void {
    const parts = this.at + 1 < this.end ? this.#view.getUint8(this.at + 1) : 0;
    this.#take(8 + 4 * parts);
  }

  /** NULs behind it are no part of it. */
  containerId(): string {
    return this.#bytes.toString('latin1', this.containerAt, this.containerEnd).replace(/\0+$/, '');
  }

  /** A copy of the payload. */
  payload(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.at, this.end));
  }

  /** Where the next `length` bytes begin, or -1 when they are not all there. */
  #take(length: number): number {
    const at = this.at;
    if (length > this.end - at || this.broken) {
      this.broken = true;
      return -1;
    }
    this.at = at + length;
    return at;
  }
}
