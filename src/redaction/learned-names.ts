// Names of a host that a recording or an answer reveals, with the kind of their stand-ins.
import { partsOf } from './vocabulary.ts';

/** The kind of a name that is of several kinds is the first of these. */
const KINDS = ['host', 'user', 'domain', 'service', 'program', 'name'] as const;

export type NameKind = (typeof KINDS)[number];

/** A single character would match inside unrelated texts. */
const MIN_NAME_LENGTH = 2;

/** Each of these takes time in every text. Words of further names have a stand-in each. */
const MAX_PHRASES = 1000;

const whitespaceOrSeparator = /[\s\\/,;:()[\]{}"<>|=?!*]/;

/** Memory grows with the number of distinct names, not with the length of a recording. */
export class LearnedNames {
  readonly #kinds = new Map<string, NameKind>();
  /** Without separators, to find a name inside another one. */
  readonly #joined = new Set<string>();
  /** Names that a text separates into several. */
  readonly #phrases = new Set<string>();
  #phrasePattern: RegExp | undefined;

  /** Returns whether the name was new. */
  add(kind: NameKind, name: string): boolean {
    const key = keyOf(name);
    if (key.length < MIN_NAME_LENGTH) return false;
    const before = this.#kinds.get(key);
    if (before !== undefined && KINDS.indexOf(before) <= KINDS.indexOf(kind)) return false;
    this.#kinds.set(key, kind);
    this.#joined.add(partsOf(name).join(''));
    if (whitespaceOrSeparator.test(name) && this.#phrases.size < MAX_PHRASES) {
      this.#phrases.add(key);
      this.#phrasePattern = undefined;
    }
    return true;
  }

  kindOf(name: string): NameKind | undefined {
    return this.#kinds.get(keyOf(name));
  }

  /** Whether a name is in another one as whole words: `sql-prod` is in `sql-prod-old` and in `oldSqlProd`. */
  areIn(name: string): boolean {
    if (this.#joined.size === 0) return false;
    const parts = partsOf(name);
    for (let from = 0; from < parts.length; from++) {
      let joined = '';
      for (const part of parts.slice(from)) {
        joined += part;
        if (joined.length >= MIN_NAME_LENGTH && this.#joined.has(joined)) return true;
      }
    }
    return false;
  }

  /** Matches names with spaces, the longest first; undefined when there are none. */
  get phrases(): RegExp | undefined {
    if (this.#phrases.size === 0) return undefined;
    const longestFirst = (): string[] => [...this.#phrases].sort((a, b) => b.length - a.length);
    this.#phrasePattern ??= new RegExp(
      `(?<![\\p{L}\\d])(?:${longestFirst().map(escaped).join('|')})(?![\\p{L}\\d])`,
      'giu',
    );
    return this.#phrasePattern;
  }
}

/** Container ids have `_` where names of services have `$`. */
export function keyOf(name: string): string {
  return name.toLowerCase().replaceAll('$', '_');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll('_', '[_$]');
}
