// A set of connections by the hash of their 4-tuple, looked up without allocating.

/**
 * Two 32-bit hashes of a 4-tuple (local and remote address and port) as fields, because a 64-bit number would be a heap
 * object. The chance that two of 50,000 connections share both hashes is one in ten billion.
 */
export class TupleHash {
  a = 0;
  b = 0;

  /**
   * Sets the hash of row `row`. Addresses have `width` bytes: 4, or 16. An IPv4-mapped address has the hash of its 4
   * bytes.
   */
  of(local: Uint8Array, localPort: number, remote: Uint8Array, remotePort: number, row: number, width: number): this {
    this.a = Math.imul(localPort, 0x85eb_ca6b) ^ remotePort;
    this.b = Math.imul(remotePort, 0xc2b2_ae35) ^ localPort;
    this.#mix(local, row * width, width);
    this.#mix(remote, row * width, width);
    return this;
  }

  #mix(bytes: Uint8Array, at: number, width: number): void {
    for (let word = 4 - width / 4; word < 4; word++) {
      const i = at + (word - (4 - width / 4)) * 4;
      const value = (bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!;
      // Skips the prefix of a mapped address, which a row of 4 bytes does not have.
      if (width === 16 && ((word < 2 && value === 0) || (word === 2 && value === 0xffff))) continue;
      this.a = Math.imul(this.a ^ value, 0x9e37_79b1) + word;
      this.a ^= this.a >>> 15;
      this.b = Math.imul(this.b + value, 0x27d4_eb2f) ^ word;
      this.b ^= this.b >>> 13;
    }
  }
}

const INITIAL_LENGTH = 256;

/** Numbers connections from 0 in the order of insertion, so that a user can keep their values in arrays. */
export class TupleSet {
  #a = new Int32Array(INITIAL_LENGTH);
  #b = new Int32Array(INITIAL_LENGTH);
  /** Number plus one by hash, open addressing; 0 is a free slot. Twice as long as the arrays above. */
  #slots = new Int32Array(INITIAL_LENGTH * 2);
  size = 0;

  /** The number of a connection, -1 if it is not in the set. */
  find({ a, b }: TupleHash): number {
    const mask = this.#slots.length - 1;
    for (let slot = a & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]! - 1;
      if (number < 0) return -1;
      if (this.#a[number] === a && this.#b[number] === b) return number;
    }
  }

  /** Adds a connection and returns its number; without effect if it is in the set. */
  add(hash: TupleHash): number {
    const found = this.find(hash);
    if (found >= 0) return found;
    if (this.size === this.#a.length) this.#grow();
    const number = this.size++;
    this.#a[number] = hash.a;
    this.#b[number] = hash.b;
    this.#insert(number);
    return number;
  }

  /** Copies the hash of a number into `hash`. */
  hashOf(number: number, hash: TupleHash): void {
    hash.a = this.#a[number]!;
    hash.b = this.#b[number]!;
  }

  clear(): void {
    this.size = 0;
    this.#slots.fill(0);
  }

  #insert(number: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#a[number]! & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
  }

  #grow(): void {
    const length = this.#a.length * 2;
    const [a, b] = [this.#a, this.#b];
    this.#a = new Int32Array(length);
    this.#b = new Int32Array(length);
    this.#a.set(a);
    this.#b.set(b);
    this.#slots = new Int32Array(length * 2);
    for (let number = 0; number < this.size; number++) this.#insert(number);
  }
}
