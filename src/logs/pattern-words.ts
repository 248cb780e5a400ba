// The words of a message that are the same in all messages of its kind: its pattern.
import { endOfBrackets, endOfEscape, endOfQuotation } from './quoted-text.ts';
import { isSpace } from './white-space.ts';

/** Words of a pattern; later ones do not belong to it. */
export const MAX_PATTERN_WORDS = 100;

/**
 * Which words belong to a pattern. `coroot` is the rule of Coroot's agents, by which patterns of several hosts are the
 * same. `extended` differs where that rule loses words: an apostrophe after a letter opens no quotation, only
 * hexadecimal words with a digit are values, letters of all scripts count, and colour codes of terminals are skipped.
 */
export type PatternRules = 'coroot' | 'extended';

// Classes of characters, as bits, so that a word has the classes of all its characters.
const LETTER = 1;
const HEX_LETTER = 2;
const DIGIT = 4;
const HYPHEN = 8;
/** Allowed inside of a word. */
const INNER = 16;
/** Removed at the end of a word. */
const TRIMMED = 32;
/** Not allowed in a word. */
const OTHER = 64;
const SPACE = 128;
const OPENING = 256;
const CLOSING = 512;
const QUOTE = 1024;
const ESCAPE = 2048;

const ANY_LETTER = LETTER | HEX_LETTER;
/** Characters that a word keeps or, as digits, loses without a trace. */
const WORD_CLASSES = ANY_LETTER | DIGIT | HYPHEN | INNER;

const BACKSLASH = 0x5c;
const APOSTROPHE = 0x27;
const SPACE_UNIT = 0x20;
const SMALL_X = 0x78;
const ZERO = 0x30;
const RIGHT_SQUARE = 0x5d;
const UUID_LENGTH = 36;
/** Hexadecimal digits and letters are a value from this length. */
const MIN_HEX_LENGTH = 4;
const HASH_BASIS = 0x811c9dc5 | 0;
const HASH_PRIME = 0x01000193;

const corootClasses = classTable();
const extendedClasses = Uint16Array.from(corootClasses);
extendedClasses[0x1b] = ESCAPE;

function classTable(): Uint16Array {
  const table = new Uint16Array(128).fill(OTHER);
  const set = (characters: string, kind: number) => {
    for (let i = 0; i < characters.length; i++) table[characters.charCodeAt(i)] = kind;
  };
  set('ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ', LETTER);
  set('abcdefABCDEF', HEX_LETTER);
  set('0123456789', DIGIT);
  set('-', HYPHEN);
  set('._', INNER);
  set('=:,;', TRIMMED);
  set('([{', OPENING);
  set(')]}', CLOSING);
  set('\'"', QUOTE);
  for (let unit = 0; unit < 128; unit++) if (isSpace(unit)) table[unit] = SPACE;
  return table;
}

/**
 * Finds the words of one message after the other, without allocating. Words are compared by their 32-bit hashes, so
 * that a long word needs no more memory than a short one.
 */
export class PatternWords {
  readonly #extended: boolean;
  readonly #classes: Uint16Array;
  /** Hashes of the words of the last message, `count` of them. */
  readonly hashes = new Int32Array(MAX_PATTERN_WORDS);
  count = 0;
  /** The pattern of the last message in UTF-16. */
  #text = new Uint16Array(4096);
  /** Units of `#text` that are used. */
  #length = 0;

  constructor(rules: PatternRules) {
    this.#extended = rules === 'extended';
    this.#classes = this.#extended ? extendedClasses : corootClasses;
  }

  /** Reads a message; `count`, `hashes` and `pattern` describe it until the next call. */
  read(message: string): void {
    if (message.length > this.#text.length) this.#text = new Uint16Array(message.length);
    this.count = 0;
    this.#length = 0;
    for (let at = 0; at < message.length && this.count < MAX_PATTERN_WORDS; ) at = this.#readWord(message, at);
  }

  /**
   * Reads the word at `at` and returns the index after it and its white space. Its state is in local variables, since
   * this loop runs for each character of each message.
   */
  #readWord(message: string, start: number): number {
    const classes = this.#classes;
    const text = this.#text;
    const from = this.#length === 0 ? 0 : this.#length + 1;
    let end = from;
    /** Classes of all characters, and the number of those that are not trimmed. */
    let kinds = 0;
    let length = 0;
    let isTrimming = false;
    let hash = HASH_BASIS;
    let startsWithZeroX = false;
    let uuidHyphens = 0;
    let at = start;
    for (; at < message.length; at++) {
      const unit = message.charCodeAt(at);
      let kind = unit < 128 ? classes[unit]! : this.#classOf(message, at);
      if (kind === QUOTE) {
        if (this.#opensQuotation(message, at)) {
          at = endOfQuotation(message, at);
          continue;
        }
        kind = this.#extended && unit === APOSTROPHE ? INNER : OTHER;
      }
      if (kind & WORD_CLASSES) {
        if (isTrimming) kind |= OTHER;
        kinds |= kind;
        if (kind & DIGIT) startsWithZeroX = length === 0 ? unit === ZERO : startsWithZeroX && length !== 1;
        else {
          if (length === 1) startsWithZeroX &&= unit === SMALL_X;
          if (kind & HYPHEN) uuidHyphens = isUuidHyphen(length) ? uuidHyphens + 1 : MAX_PATTERN_WORDS;
          text[end++] = unit;
          hash = Math.imul(hash ^ unit, HASH_PRIME);
        }
        length++;
      } else if (kind === SPACE) break;
      else if (kind === TRIMMED) isTrimming = true;
      else if (kind === OPENING) at = endOfBrackets(message, at);
      else if (kind === ESCAPE) at = endOfEscape(message, at);
      else if (kind === CLOSING && unit === RIGHT_SQUARE) isTrimming = true;
      else kinds |= OTHER;
    }
    const isValue =
      (startsWithZeroX && length > 2 && this.#isHex(from + 1, end)) ||
      (length === UUID_LENGTH && uuidHyphens === 4 && !(kinds & (LETTER | INNER)));
    if (!isValue && end - from >= 2 && !(kinds & OTHER) && !this.#isHexWord(kinds, length)) this.#keep(from, end, hash);
    return at + 1;
  }

  /** Hexadecimal digits and letters only. */
  #isHexWord(kinds: number, length: number): boolean {
    if (kinds & (LETTER | HYPHEN | INNER) || length < MIN_HEX_LENGTH) return false;
    return !this.#extended || (kinds & DIGIT) !== 0;
  }

  #isHex(from: number, end: number): boolean {
    for (let i = from; i < end; i++) {
      const unit = this.#text[i]!;
      if (unit >= 128 || this.#classes[unit] !== HEX_LETTER) return false;
    }
    return true;
  }

  /** Adds the word to the pattern if it starts and ends with a letter. */
  #keep(from: number, end: number, hash: number): void {
    if (!this.#isLetter(this.#text[from]!) || !this.#isLetter(this.#text[end - 1]!)) return;
    if (from > 0) this.#text[from - 1] = SPACE_UNIT;
    this.#length = end;
    this.hashes[this.count++] = hash;
  }

  /** The words of the last message, separated by spaces. */
  get pattern(): string {
    let text = '';
    // In parts, because the units are passed as arguments.
    for (let from = 0; from < this.#length; from += 4096)
      text += String.fromCharCode(...this.#text.subarray(from, Math.min(from + 4096, this.#length)));
    return text;
  }

  #classOf(message: string, at: number): number {
    if (isSpace(message.charCodeAt(at))) return SPACE;
    if (!this.#extended) return OTHER;
    // The second half of a surrogate pair has the class of its character.
    const whole = (message.charCodeAt(at) & 0xfc00) === 0xdc00 && at > 0 ? message.codePointAt(at - 1)! : 0;
    const character = String.fromCodePoint(whole > 0xffff ? whole : message.codePointAt(at)!);
    if (/^[\p{L}\p{M}]/u.test(character)) return LETTER;
    return /^\p{Nd}/u.test(character) ? DIGIT : OTHER;
  }

  #opensQuotation(message: string, at: number): boolean {
    const before = at > 0 ? message.charCodeAt(at - 1) : SPACE_UNIT;
    if (before === BACKSLASH) return false;
    if (!this.#extended || message.charCodeAt(at) !== APOSTROPHE) return true;
    const kind = before < 128 ? this.#classes[before]! : this.#classOf(message, at - 1);
    return (kind & (ANY_LETTER | DIGIT)) === 0;
  }

  /** All other units that are in a word are letters of other scripts. */
  #isLetter(unit: number): boolean {
    if (unit >= 128) return true;
    return (this.#classes[unit]! & ANY_LETTER) !== 0;
  }
}

/** Whether a UUID has a hyphen at this index. */
const isUuidHyphen = (index: number): boolean => index === 8 || index === 13 || index === 18 || index === 23;
