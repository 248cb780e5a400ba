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

const OTHER = 0;
const LETTER = 1;
const HEX_LETTER = 2;
const DIGIT = 3;
const HYPHEN = 4;
/** Allowed inside of a word. */
const INNER = 5;
/** Removed at the end of a word. */
const TRIMMED = 6;
const SPACE = 7;
const OPENING = 8;
const CLOSING = 9;
const QUOTE = 10;
const ESCAPE = 11;

const BACKSLASH = 0x5c;
const APOSTROPHE = 0x27;
const SPACE_UNIT = 0x20;
const SMALL_X = 0x78;
const ZERO = 0x30;
const UUID_LENGTH = 36;
/** Hexadecimal digits and letters are a value from this length. */
const MIN_HEX_LENGTH = 4;
const HASH_BASIS = 0x811c9dc5 | 0;
const HASH_PRIME = 0x01000193;

const corootClasses = classTable();
const extendedClasses = Uint8Array.from(corootClasses);
extendedClasses[0x1b] = ESCAPE;

function classTable(): Uint8Array {
  const table = new Uint8Array(128);
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
  readonly #classes: Uint8Array;
  /** Hashes of the words of the last message, `count` of them. */
  readonly hashes = new Int32Array(MAX_PATTERN_WORDS);
  count = 0;
  /** The pattern of the last message in UTF-16. */
  #text = new Uint16Array(4096);
  /** Units of `#text`: those of the finished words, and with those of the word that is being read. */
  #finished = 0;
  #end = 0;
  // The word that is being read: its characters of each class, and what is needed to recognise values.
  #length = 0;
  #trimmed = 0;
  #nonHex = 0;
  #digits = 0;
  #hyphens = 0;
  #uuidHyphens = 0;
  #inner = 0;
  #invalid = false;
  #first = 0;
  #second = 0;
  #hash = HASH_BASIS;

  constructor(rules: PatternRules) {
    this.#extended = rules === 'extended';
    this.#classes = this.#extended ? extendedClasses : corootClasses;
  }

  /** Reads a message; `count`, `hashes` and `pattern` describe it until the next call. */
  read(message: string): void {
    if (message.length > this.#text.length) this.#text = new Uint16Array(message.length);
    this.count = 0;
    this.#finished = 0;
    this.#beginWord();
    const classes = this.#classes;
    for (let at = 0; at < message.length; at++) {
      const unit = message.charCodeAt(at);
      const kind = unit < 128 ? classes[unit]! : this.#classOf(message, at);
      switch (kind) {
        case SPACE:
          this.#endWord();
          if (this.count === MAX_PATTERN_WORDS) return;
          break;
        case OPENING:
          at = endOfBrackets(message, at);
          break;
        case QUOTE:
          if (this.#opensQuotation(message, at)) at = endOfQuotation(message, at);
          else if (this.#extended && unit === APOSTROPHE) this.#add(unit, INNER);
          else this.#add(unit, OTHER);
          break;
        case ESCAPE:
          at = endOfEscape(message, at);
          break;
        case CLOSING:
          this.#add(unit, unit === 0x5d ? TRIMMED : OTHER);
          break;
        default:
          this.#add(unit, kind);
      }
    }
    this.#endWord();
  }

  /** The words of the last message, separated by spaces. */
  get pattern(): string {
    let text = '';
    // In parts, because the units are passed as arguments.
    for (let from = 0; from < this.#finished; from += 4096)
      text += String.fromCharCode(...this.#text.subarray(from, Math.min(from + 4096, this.#finished)));
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
    return kind !== LETTER && kind !== HEX_LETTER && kind !== DIGIT;
  }

  #beginWord(): void {
    this.#end = this.#finished === 0 ? 0 : this.#finished + 1;
    this.#length = 0;
    this.#trimmed = 0;
    this.#nonHex = 0;
    this.#digits = 0;
    this.#hyphens = 0;
    this.#uuidHyphens = 0;
    this.#inner = 0;
    this.#invalid = false;
    this.#hash = HASH_BASIS;
  }

  #add(unit: number, kind: number): void {
    if (kind === TRIMMED) {
      this.#trimmed++;
      return;
    }
    if (kind === OTHER || this.#trimmed > 0) {
      this.#invalid = true;
      return;
    }
    const length = this.#length++;
    if (length === 0) this.#first = unit;
    else if (length === 1) this.#second = unit;
    switch (kind) {
      case DIGIT:
        this.#digits++;
        return;
      case HYPHEN:
        this.#hyphens++;
        if (length === 8 || length === 13 || length === 18 || length === 23) this.#uuidHyphens++;
        break;
      case INNER:
        this.#inner++;
        break;
      case LETTER:
        this.#nonHex++;
        break;
    }
    this.#text[this.#end++] = unit;
    this.#hash = Math.imul(this.#hash ^ unit, HASH_PRIME);
  }

  #endWord(): void {
    if (this.#length === 0 && !this.#invalid && this.#trimmed === 0) return;
    const from = this.#finished === 0 ? 0 : this.#finished + 1;
    if (!this.#invalid && this.#end - from >= 2 && this.#isText(from)) {
      if (from > 0) this.#text[from - 1] = SPACE_UNIT;
      this.#finished = this.#end;
      this.hashes[this.count++] = this.#hash;
    }
    this.#beginWord();
  }

  /** Whether the word starts and ends with a letter, and is no value. */
  #isText(from: number): boolean {
    if (!this.#isLetter(this.#text[from]!) || !this.#isLetter(this.#text[this.#end - 1]!)) return false;
    if (this.#inner > 0) return true;
    if (this.#hyphens > 0)
      return this.#nonHex > 0 || this.#length !== UUID_LENGTH || this.#hyphens !== 4 || this.#uuidHyphens !== 4;
    if (this.#nonHex === 0) return this.#length < MIN_HEX_LENGTH || (this.#extended && this.#digits === 0);
    return this.#nonHex > 1 || this.#first !== ZERO || this.#second !== SMALL_X;
  }

  /** All other units that are in a word are letters of other scripts. */
  #isLetter(unit: number): boolean {
    if (unit >= 128) return true;
    const kind = this.#classes[unit]!;
    return kind === LETTER || kind === HEX_LETTER;
  }
}
