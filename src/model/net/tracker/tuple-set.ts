// Connections told apart by a hash of their four ends, found again without making an object.

/**
 * Two 32-bit hashes of local and remote address and port, as fields: a number of 64 bits would be an object of its own for each
 * connection. Among 50,000 connections two share both by a chance of one in ten billion.
 */
export class TupleHash {
  a = 0;
  b = 0;

  /** Addresses are `width` bytes at row `row`: 4, or 16 with IPv4 mapped, which gives the same hash. */
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
      // Zeros and the mark of a mapped address stand for what a row of IPv4 does not have.
      if (width === 16 && ((word < 2 && value === 0) || (word === 2 && value === 0xffff))) continue;
      this.a = Math.imul(this.a ^ value, 0x9e37_79b1) + word;
      this.a ^= this.a >>> 15;
      this.b = Math.imul(this.b + value, 0x27d4_eb2f) ^ word;
      this.b ^= this.b >>> 13;
    }
  }
}

const SMALLEST = 256;

/** Numbers connections from 0 in the order of their coming; what is known of each, the user keeps in arrays by that number. */
export class TupleSet {
  #a = new Int32Array(SMALLEST);
  #b = new Int32Array(SMALLEST);
  /** Number plus one, 0 for a free place; twice as long as the arrays before. */
  #places = new Int32Array(SMALLEST * 2);
  size = 0;

  /** Number of a connection, -1 when it is not here. */
  find({ a, b }: TupleHash): number {
    const mask = this.#places.length - 1;
    for (let place = a & mask; ; place = (place + 1) & mask) {
      const number = this.#places[place]! - 1;
      if (number < 0) return -1;
      if (this.#a[number] === a && this.#b[number] === b) return number;
    }
  }

  /** Number of a connection, which is `size` before the call when it was not here. */
  add(hash: TupleHash): number {
    const found = this.find(hash);
    if (found >= 0) return found;
    if (this.size === this.#a.length) this.#grow();
    const number = this.size++;
    this.#a[number] = hash.a;
    this.#b[number] = hash.b;
    this.#place(number);
    return number;
  }

  /** Writes the hash of a number. */
  hashOf(number: number, hash: TupleHash): void {
    hash.a = this.#a[number]!;
    hash.b = this.#b[number]!;
  }

  clear(): void {
    this.size = 0;
    this.#places.fill(0);
  }

  #place(number: number): void {
    const mask = this.#places.length - 1;
    let place = this.#a[number]! & mask;
    while (this.#places[place] !== 0) place = (place + 1) & mask;
    this.#places[place] = number + 1;
  }

  #grow(): void {
    const length = this.#a.length * 2;
    const [a, b] = [this.#a, this.#b];
    this.#a = new Int32Array(length);
    this.#b = new Int32Array(length);
    this.#a.set(a);
    this.#b.set(b);
    this.#places = new Int32Array(length * 2);
    for (let number = 0; number < this.size; number++) this.#place(number);
  }
}
