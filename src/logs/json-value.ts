// Reader and writer of JSON that keep the source text of numbers and do not recurse, so that depth needs no stack.

/** A number as it is written in the source: `1.0` and integers of 20 digits stay as they are. */
export class JsonNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** An object is a Map, in the order of the source; of repeated keys the last value is kept. */
export type JsonValue = string | boolean | null | JsonNumber | JsonValue[] | JsonObject;
export type JsonObject = Map<string, JsonValue>;

/** Nesting that Go's encoding/json accepts; deeper texts are no JSON to Coroot. */
const MAX_DEPTH = 10_000;

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: readonly (readonly [string, boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** Undefined if the text is not exactly one JSON value. Lone surrogates become U+FFFD. */
export function parseJson(text: string): JsonValue | undefined {
  return new Reader(text).read();
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonValue | undefined {
    /** Arrays and objects that are open, with the key of the member that is read next. */
    const open: { readonly container: JsonValue[] | JsonObject; key: string }[] = [];
    for (;;) {
      let value: JsonValue | undefined = this.#opened() ?? this.#scalar();
      if (value === undefined) return undefined;
      if (typeof value === 'object' && value !== null && !(value instanceof JsonNumber)) {
        if (open.length === MAX_DEPTH) return undefined;
        if (!this.#skip(value instanceof Map ? '}' : ']')) {
          const key = value instanceof Map ? this.#key() : '';
          if (key === undefined) return undefined;
          open.push({ container: value, key });
          continue;
        }
      }
      // The value is complete, and with it all containers that end behind it.
      for (;;) {
        const top = open.at(-1);
        if (!top) return this.#ends() ? value : undefined;
        if (top.container instanceof Map) top.container.set(top.key, value);
        else top.container.push(value);
        if (this.#skip(',')) {
          const key = top.container instanceof Map ? this.#key() : '';
          if (key === undefined) return undefined;
          top.key = key;
          break;
        }
        if (!this.#skip(top.container instanceof Map ? '}' : ']')) return undefined;
        value = top.container;
        open.pop();
      }
    }
  }

  #opened(): JsonValue[] | JsonObject | undefined {
    if (this.#skip('{')) return new Map();
    return this.#skip('[') ? [] : undefined;
  }

  #scalar(): JsonValue | undefined {
    if (this.#text[this.#at] === '"') return this.#string();
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    const source = this.#match(NUMBER);
    return source === undefined ? undefined : new JsonNumber(source);
  }

  #key(): string | undefined {
    this.#match(SPACE);
    const key = this.#string();
    return key !== undefined && this.#skip(':') ? key : undefined;
  }

  #string(): string | undefined {
    const from = this.#at;
    if (this.#text[from] !== '"') return undefined;
    let escaped = false;
    for (let at = from + 1; at < this.#text.length; at++) {
      const unit = this.#text.charCodeAt(at);
      if (unit < 0x20) return undefined;
      if (unit === 0x5c) {
        escaped = true;
        at++;
      } else if (unit === 0x22) {
        this.#at = at + 1;
        return (escaped ? unescaped(this.#text.slice(from, at + 1)) : this.#text.slice(from + 1, at))?.toWellFormed();
      }
    }
    return undefined;
  }

  /** Skips white space and, if it comes next, the character. Returns whether it came next. */
  #skip(character: string): boolean {
    this.#match(SPACE);
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #ends(): boolean {
    this.#match(SPACE);
    return this.#at === this.#text.length;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at = pattern.lastIndex;
    return found;
  }
}

/** Undefined for a wrong escape sequence. */
function unescaped(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
}

/** Compact JSON as Go's encoding/json writes it: keys in the order of their UTF-8, and `<`, `>` and `&` escaped. */
export function jsonText(root: JsonValue): string {
  let text = '';
  /** What remains to be written, the next piece last. */
  const rest: (JsonValue | { readonly verbatim: string })[] = [root];
  const verbatim = (piece: string) => ({ verbatim: piece });
  while (rest.length > 0) {
    const value = rest.pop()!;
    if (typeof value === 'string') text += stringText(value);
    else if (value === null || typeof value === 'boolean') text += value;
    else if (value instanceof JsonNumber) text += value.source;
    else if (Array.isArray(value)) {
      text += '[';
      rest.push(verbatim(']'));
      for (let i = value.length - 1; i >= 0; i--) {
        rest.push(value[i]!);
        if (i > 0) rest.push(verbatim(','));
      }
    } else if (value instanceof Map) {
      text += '{';
      rest.push(verbatim('}'));
      const keys = [...value.keys()].sort(compareUtf8);
      for (let i = keys.length - 1; i >= 0; i--)
        rest.push(value.get(keys[i]!)!, verbatim(`${i > 0 ? ',' : ''}${stringText(keys[i]!)}:`));
    } else text += value.verbatim;
  }
  return text;
}

function stringText(value: string): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Order of the UTF-8 of two texts, which is the order of code points and not that of UTF-16. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
const rank = (unit: number): number => ((unit & 0xf800) === 0xd800 ? unit + 0x10000 : unit);
