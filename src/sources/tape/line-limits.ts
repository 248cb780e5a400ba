// Limits for the number of values in one line of a tape, checked on its bytes before JSON.parse creates the values.
import { randomInt } from 'node:crypto';

/** What is counted in a line, with the largest count of each. */
export const LINE_LIMITS = {
  /** An empty object takes about forty times its text in memory. */
  'objects and lists': 1_000_000,
  /** Keys and texts. V8 keeps one copy of each short text, and each new one costs about a microsecond. */
  strings: 3_000_000,
  /** V8 turns an object with many keys into a hash table, and finds the hidden class of each other one by its keys. */
  'different keys': 200_000,
  /** Numbers and all other values. */
  values: 16_000_000,
} as const;

/** Shorter lines cannot use much memory or time. */
const CHECKED_FROM_BYTES = 1_000_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const LIST = 0x5b;
const BACKSLASH = 0x5c;
const OBJECT = 0x7b;

/**
 * Finds the first limit that a line exceeds: the returned text completes "the line is not ...". Reads the bytes once
 * and uses constant memory. Text that is no JSON gives any answer.
 */
export function exceededLimit(bytes: Uint8Array): string | undefined {
  if (bytes.length < CHECKED_FROM_BYTES) return undefined;
  const keys = new DistinctCounter();
  let nests = 0;
  let strings = 0;
  let values = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = stringEnd(bytes, at + 1);
      if (++strings > LINE_LIMITS.strings) return limitText('strings');
      const last = skipSpace(bytes, end + 1);
      if (bytes[last] === COLON && keys.add(bytes, at + 1, end) > LINE_LIMITS['different keys'])
        return limitText('different keys');
      at = last - 1;
    } else if (byte === COMMA) {
      if (++values > LINE_LIMITS.values) return limitText('values');
    } else if (byte === LIST || byte === OBJECT) {
      if (++nests > LINE_LIMITS['objects and lists']) return limitText('objects and lists');
    }
  }
  return undefined;
}

function limitText(name: keyof typeof LINE_LIMITS): string {
  return `of at most ${LINE_LIMITS[name]} ${name}`;
}

/** Index of the closing quote of the string that begins at `from`; the length of `bytes` if there is none. */
function stringEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, bytes.length);
}

/** Index of the first byte from `from` on that is no white space of JSON. */
function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0d) at++;
  return at;
}

const HASH_BITS = 22;

/**
 * Counts different byte strings by a bit for each hash value: of 200,000 it misses about five thousand. The hash has a
 * random start, so a file cannot be made of strings that share a bit.
 */
class DistinctCounter {
  readonly #seen = new Uint32Array(2 ** HASH_BITS / 32);
  readonly #start = randomInt(2 ** 32);
  #count = 0;

  /** Counts `bytes` from `from` to before `to`, and returns the count so far. */
  add(bytes: Uint8Array, from: number, to: number): number {
    // FNV-1a; the last step moves the high bits, which change most, to the low end.
    let hash = this.#start;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    const bit = (hash ^ (hash >>> 15)) & (2 ** HASH_BITS - 1);
    const mask = 1 << (bit & 31);
    const seen = this.#seen[bit >>> 5]!;
    if ((seen & mask) === 0) {
      this.#seen[bit >>> 5] = seen | mask;
      this.#count++;
    }
    return this.#count;
  }
}
