// A hash table with chaining through a field of the entries, which saves about fifty bytes per entry compared with a
// Map.

export interface ChainLink<T> {
  /** A signed 32-bit number, well mixed in its low bits. */
  readonly hash: number;
  /** The next entry of the chain; only the table writes it. */
  next: T | undefined;
}

const SMALLEST = 8;

export class ChainTable<T extends ChainLink<T>> {
  #heads: (T | undefined)[] = new Array(SMALLEST).fill(undefined);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The first entry of the bucket for this hash; `next` leads to the others. */
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
