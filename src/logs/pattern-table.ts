// The patterns of one level in typed arrays, found by equality and by similarity without a scan of all patterns.
import { grow } from '../base/grow.ts';
import { MAX_PATTERN_WORDS, type PatternWords } from './pattern-words.ts';

const SMALLEST = 8;
const HASH_PRIME = 0x01000193;
const NONE = -1;

/**
 * A pattern is similar to another one with as many words if at most one word differs. Then their first or their second
 * halves are equal, so that each half is an index to the candidates. Of several similar patterns the oldest one counts.
 */
export class PatternTable {
  #size = 0;
  readonly #minSimilarWords: number;
  /** Hashes of the words of all patterns, one after the other. */
  #words = new Int32Array(SMALLEST * 8);
  /** Where the words of each pattern begin in `#words`; one more than patterns. */
  #starts = new Uint32Array(SMALLEST + 1);
  readonly #whole = new HashChains();
  readonly #firstHalves = new HashChains();
  readonly #secondHalves = new HashChains();

  /** `minSimilarWords`: patterns with fewer words are found by equality only. */
  constructor(minSimilarWords: number) {
    this.#minSimilarWords = minSimilarWords;
  }

  get size(): number {
    return this.#size;
  }

  /** The number of the equal pattern, else of the oldest similar one, else -1. */
  find(words: PatternWords): number {
    const half = words.count >> 1;
    const first = hashOf(words, 0, half);
    const second = hashOf(words, half, words.count);
    for (let i = this.#whole.first(mix(first, second)); i !== NONE; i = this.#whole.next(i))
      if (this.#differences(i, words) === 0) return i;
    if (words.count < this.#minSimilarWords) return NONE;
    let oldest = NONE;
    for (let i = this.#firstHalves.first(first); i !== NONE; i = this.#firstHalves.next(i))
      if (this.#differences(i, words) === 1) oldest = i;
    for (let i = this.#secondHalves.first(second); i !== NONE; i = this.#secondHalves.next(i))
      if (this.#differences(i, words) === 1 && (oldest === NONE || i < oldest)) oldest = i;
    return oldest;
  }

  /** Adds a pattern and returns its number; they count from 0. */
  add(words: PatternWords): number {
    const index = this.#size++;
    const start = this.#starts[index]!;
    const end = start + words.count;
    if (index + 2 > this.#starts.length) this.#starts = grow(this.#starts, new Uint32Array(this.#starts.length * 2));
    if (end > this.#words.length)
      this.#words = grow(this.#words, new Int32Array(Math.max(end, this.#words.length * 2)));
    this.#words.set(words.hashes.subarray(0, words.count), start);
    this.#starts[index + 1] = end;
    const half = words.count >> 1;
    const first = hashOf(words, 0, half);
    const second = hashOf(words, half, words.count);
    this.#whole.add(index, mix(first, second));
    this.#firstHalves.add(index, first);
    this.#secondHalves.add(index, second);
    return index;
  }

  /** Number of differing words: 0, 1, or 2 for more; 2 as well if the numbers of words differ. */
  #differences(index: number, words: PatternWords): number {
    const start = this.#starts[index]!;
    if (this.#starts[index + 1]! - start !== words.count) return 2;
    let differences = 0;
    for (let i = 0; i < words.count; i++)
      if (this.#words[start + i] !== words.hashes[i] && ++differences === 2) return 2;
    return differences;
  }
}

/** Hash of some of the words, which depends on the number of all words. */
function hashOf(words: PatternWords, from: number, to: number): number {
  let hash = words.count + MAX_PATTERN_WORDS * from;
  for (let i = from; i < to; i++) hash = mix(hash, words.hashes[i]!);
  return hash;
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, HASH_PRIME);
  return mixed ^ (mixed >>> 15);
}

/** Numbers by hash, in chains from the newest to the oldest number; other hashes may be in the same chain. */
class HashChains {
  #heads = new Int32Array(SMALLEST).fill(NONE);
  #nexts = new Int32Array(SMALLEST);
  #hashes = new Int32Array(SMALLEST);

  first(hash: number): number {
    return this.#heads[hash & (this.#heads.length - 1)]!;
  }

  next(index: number): number {
    return this.#nexts[index]!;
  }

  /** `index` is the number of entries so far. */
  add(index: number, hash: number): void {
    if (index === this.#heads.length) this.#grow(index * 2);
    this.#hashes[index] = hash;
    this.#link(index);
  }

  #grow(length: number): void {
    const count = this.#heads.length;
    this.#heads = new Int32Array(length).fill(NONE);
    this.#nexts = grow(this.#nexts, new Int32Array(length));
    this.#hashes = grow(this.#hashes, new Int32Array(length));
    for (let i = 0; i < count; i++) this.#link(i);
  }

  #link(index: number): void {
    const place = this.#hashes[index]! & (this.#heads.length - 1);
    this.#nexts[index] = this.#heads[place]!;
    this.#heads[place] = index;
  }
}
