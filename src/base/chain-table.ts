// A hash table whose entries are linked through a field of their own: a Map would cost each of them some fifty bytes more.

export interface ChainLink<T> {
  /** A signed 32-bit number, well mixed in its low bits. */
  readonly hash: number;
  /** Belongs to the table. */
  next: T | undefined;
}

const SMALLEST = 8;

export class ChainTable<T extends ChainLink<T>> {
  #heads: (T | undefined)[] = new Array(SMALLEST).fill(undefined);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The first of those that may have this hash; the others are found by `next`. */
  first(hash: number): T | undefined {
    return this.#heads[hash & (this.#heads.length - 1)];
  }

  /** The entry must not be in a table. */
  add(entry: T): void {
    if (this.#size === this.#heads.length) this.#resize(this.#heads.length * 2);
    this.#size++;
    this.#link(entry);
  }

  /** The entry must be in this table. */
  remove(entry: T): void {
    const place = entry.hash & (this.#heads.length - 1);
    if (this.#heads[place] === entry) this.#heads[place] = entry.next;
    else {
      let before = this.#heads[place]!;
      while (before.next !== entry) before = before.next!;
      before.next = entry.next;
    }
    entry.next = undefined;
    this.#size--;
    if (this.#heads.length > SMALLEST && this.#size * 4 < this.#heads.length) this.#resize(this.#heads.length / 2);
  }

  #resize(length: number): void {
    const heads = this.#heads;
    this.#heads = new Array(length).fill(undefined);
    for (let entry of heads) {
      while (entry) {
        const { next } = entry;
        this.#link(entry);
        entry = next;
      }
    }
  }

  #link(entry: T): void {
    const place = entry.hash & (this.#heads.length - 1);
    entry.next = this.#heads[place];
    this.#heads[place] = entry;
  }
}
