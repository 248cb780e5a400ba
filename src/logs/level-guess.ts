// Guess of the level of a message from words at its start, as Coroot guesses it.
import { utf8Length, utf8SizeAt } from '../base/utf8.ts';
import { levelOfAnyWord } from './level-words.ts';
import type { LogLevel } from './log-record.ts';
import { endOfEscape } from './quoted-text.ts';
import { isSpace } from './white-space.ts';

/** Bytes at the start of a message in which the level is searched. */
const SEARCHED_BYTES = 255;
/** White-space separated fields in which a level word is searched. */
const WORD_FIELDS = 7;
/** Fields that a line of Redis has at least. */
const REDIS_FIELDS = 6;

const glogLevels: ReadonlyMap<string, LogLevel> = new Map([
  ['I', 'info'],
  ['W', 'warning'],
  ['E', 'error'],
  ['F', 'critical'],
]);
const redisLevels: ReadonlyMap<string, LogLevel> = new Map([
  ['.', 'debug'],
  ['-', 'info'],
  ['*', 'warning'],
  ['#', 'warning'],
]);

/** Words of three letters, and the first four letters of longer words. */
const shortWords = packedTable('debug dbg trc, info inf, warning wrn, error err, critical ftl');
const prefixes = packedTable('debug debu, info info noti, warning warn, error erro, critical crit');
/** Words of which five letters are compared, all critical: the fifth letter by the first four. */
const longPrefixes: ReadonlyMap<number, string> = new Map(
  ['emerg', 'fatal', 'alert'].map((word) => [packed(word, 0, 4), word[4]!]),
);

/** First letters of all words above, in lower case: most fields end the test here. */
const FIRST_LETTERS = letterTable('dtiwefnca');
const SEPARATORS = letterTable(']);|:,.');
const STRIPPED = letterTable('"[(<\'');
const LETTER_L = 0x6c;
/** What is stripped once from the start of a part. */
const LEVEL_KEY = 'level=';

/** Entries of a level and its words, by the words packed into one number. */
function packedTable(text: string): ReadonlyMap<number, LogLevel> {
  return new Map(
    text.split(', ').flatMap((entry) => {
      const [level, ...words] = entry.split(' ');
      return words.map((word) => [packed(word, 0, word.length), level as LogLevel] as const);
    }),
  );
}

function letterTable(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (let i = 0; i < characters.length; i++) table[characters.charCodeAt(i)] = 1;
  return table;
}

/** Lower case of one code unit, as Go maps it: U+0130 becomes `i`. Other letters are not part of any word. */
function lower(unit: number): number {
  if (unit >= 0x41 && unit <= 0x5a) return unit + 32;
  return unit === 0x130 ? 0x69 : unit;
}

const has = (table: Uint8Array, unit: number): boolean => unit < 128 && table[unit] === 1;

/** Up to four characters in lower case, one byte each; -1 if one of them is not ASCII. */
function packed(text: string, from: number, to: number): number {
  let result = 0;
  for (let at = from; at < to; at++) {
    const unit = lower(text.charCodeAt(at));
    if (unit >= 128) return -1;
    result = (result << 8) | unit;
  }
  return result;
}

/** `unknown` if no rule applies. The whole message may be passed; only its start is read. */
export function guessLevel(text: string): LogLevel {
  // Bytes are counted only if they differ from code units in what is read.
  return guessWithin(text, Math.min(text.length, SEARCHED_BYTES), false, false);
}

/**
 * Reads the text up to `end`. `cut`: half of the character there is read as well, which is no white space and equals
 * nothing, so that it counts as a part of its word. Unless `counted`, `end` is right only for ASCII.
 */
function guessWithin(text: string, end: number, cut: boolean, counted: boolean): LogLevel {
  let at = 0;
  for (let field = 0; field < WORD_FIELDS; field++) {
    while (at < end && isSpace(text.charCodeAt(at))) at++;
    if (at >= end) break;
    const from = at;
    for (; at < end; at++) {
      const unit = text.charCodeAt(at);
      if (unit >= 0x80 && !counted) return guessWithin(text, ...searchedEnd(text), true);
      if (isSpace(unit)) break;
    }
    const level = (field === 0 ? glogLevel(text, from, at) : undefined) ?? wordLevel(text, from, at, cut && at === end);
    if (level) return level;
  }
  return redisLevel(text, end, cut);
}

/** Characters at the start of a message in which `guessLevelExtended` searches. */
const EXTENDED_LENGTH = 512;
const KEY = /^(?:level|lvl|severity)=["']?/i;
const PUNCTUATION = /[[\](){}<>"'|:;,.!]+/;

/**
 * As `guessLevel`, but finds levels behind colour codes, and, if there is no other, the words of more frameworks, e.g.
 * `fail` of the .NET console, `SEVERE` of java.util.logging, and those of `level="..."`, `lvl=...` and `severity=...`.
 */
export function guessLevelExtended(text: string): LogLevel {
  const start = withoutEscapes(text.slice(0, EXTENDED_LENGTH));
  const level = guessLevel(start);
  if (level !== 'unknown') return level;
  for (const field of start.split(/\s+/, WORD_FIELDS))
    for (const part of field.replace(KEY, '').split(PUNCTUATION)) {
      const found = levelOfAnyWord(part);
      if (found) return found;
    }
  return 'unknown';
}

function withoutEscapes(text: string): string {
  let result = '';
  let from = 0;
  for (let at = text.indexOf('\x1b'); at >= 0; at = text.indexOf('\x1b', from)) {
    result += text.slice(from, at);
    from = endOfEscape(text, at) + 1;
  }
  return from === 0 ? text : result + text.slice(from);
}

/** Index after the last whole character that is searched, and whether the next one is searched in part. */
function searchedEnd(text: string): [end: number, cut: boolean] {
  if (text.length * 3 <= SEARCHED_BYTES) return [text.length, false];
  let bytes = 0;
  for (let at = 0; at < text.length; ) {
    if (bytes === SEARCHED_BYTES) return [at, false];
    const unit = text.charCodeAt(at);
    const size = unit < 0x80 ? 1 : utf8SizeAt(text, at);
    if (bytes + size > SEARCHED_BYTES) return [at, true];
    bytes += size;
    at += size === 4 ? 2 : 1;
  }
  return [text.length, false];
}

/** Lines of glog and klog start like `E0102`: a letter, and decimal digits of any script in four bytes. */
function glogLevel(text: string, from: number, to: number): LogLevel | undefined {
  if (to - from < 3 || to - from > 5) return undefined;
  const level = glogLevels.get(text[from]!);
  if (!level) return undefined;
  const digits = text.slice(from + 1, to);
  return utf8Length(digits) === 4 && /^\p{Nd}+$/u.test(digits) ? level : undefined;
}

/** The level of the first part of a field that is a level word. */
function wordLevel(text: string, from: number, to: number, halved: boolean): LogLevel | undefined {
  for (let start = from; start < to; ) {
    let end = start;
    while (end < to && !has(SEPARATORS, text.charCodeAt(end))) end++;
    const level = partLevel(text, start, end, halved && end === to);
    if (level) return level;
    start = end + 1;
  }
  return undefined;
}

function partLevel(text: string, from: number, to: number, halved: boolean): LogLevel | undefined {
  let at = from;
  while (at < to && has(STRIPPED, text.charCodeAt(at))) at++;
  if (to - at < 3) return undefined;
  const first = lower(text.charCodeAt(at));
  if (first === LETTER_L && text.slice(at, Math.min(to, at + LEVEL_KEY.length)).toLowerCase() === LEVEL_KEY)
    return wordLevelAt(text, at + LEVEL_KEY.length, to, halved);
  return has(FIRST_LETTERS, first) ? wordLevelAt(text, at, to, halved) : undefined;
}

function wordLevelAt(text: string, at: number, to: number, halved: boolean): LogLevel | undefined {
  if (to - at < 3) return undefined;
  if (to - at === 3) return halved ? undefined : shortWords.get(packed(text, at, to));
  const prefix = packed(text, at, at + 4);
  const fifth = longPrefixes.get(prefix);
  if (fifth === undefined) return prefixes.get(prefix);
  return text[at + 4]?.toLowerCase() === fifth && to - at > 4 ? 'critical' : undefined;
}

/** Redis 2 writes `[pid] 01 Jan 10:11:12.131 * text`, later versions `pid:role 01 Jan 2030 10:11:12.131 * text`. */
function redisLevel(text: string, end: number, cut: boolean): LogLevel {
  const fields: string[] = [];
  for (let at = 0; fields.length < REDIS_FIELDS; ) {
    while (at < end && isSpace(text.charCodeAt(at))) at++;
    const from = at;
    while (at < end && !isSpace(text.charCodeAt(at))) at++;
    // The halved character counts as a character that is no sign.
    const field = cut && at === end ? `${text.slice(from, at)}\ufffd` : text.slice(from, at);
    if (field === '' || (fields.length === 0 && !isBracketed(field) && !hasOneColon(field))) return 'unknown';
    fields.push(field);
    if (at === end && fields.length < REDIS_FIELDS) return 'unknown';
  }
  const signAt = !isBracketed(fields[0]!) && utf8Length(fields[3]!) === 4 ? 5 : 4;
  return redisLevels.get(fields[signAt]!) ?? 'unknown';
}

const isBracketed = (field: string): boolean => field.startsWith('[') && field.endsWith(']');

function hasOneColon(field: string): boolean {
  const first = field.indexOf(':');
  return first >= 0 && first === field.lastIndexOf(':');
}
