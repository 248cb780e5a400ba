// Parses the text of a JSON object strictly: a key that is there twice is an error.
import { jsonFault } from './json-fault.ts';

/**
 * The object that a JSON text holds, with an optional byte order mark. Throws an Error with reason and position,
 * without quoting values: for invalid JSON, another value than an object, and a repeated key, of which JSON.parse
 * would use the last one (RFC 8259, section 4: the behaviour of parsers is unpredictable).
 */
export function parseJsonObject(text: string): Record<string, unknown> {
  const plain = text.replace(/^\uFEFF/, '');
  let content: unknown;
  try {
    content = JSON.parse(plain);
  } catch (error) {
    throw new Error(jsonFault(plain, error));
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new Error('it is not a JSON object');
  const repeated = repeatedKey(plain);
  if (repeated)
    throw new Error(
      `${JSON.stringify(repeated.key)} is there twice, at ${position(plain, repeated.first)} and ` +
        `${position(plain, repeated.second)}; remove one of them`,
    );
  return content as Record<string, unknown>;
}

interface RepeatedKey {
  readonly key: string;
  /** Index of each in the text. */
  readonly first: number;
  readonly second: number;
}

/** The first key that an object in a valid JSON text has twice, also when it is written with different escapes. */
function repeatedKey(text: string): RepeatedKey | undefined {
  // The keys of each object that is open, with their index; undefined for an array.
  const open: (Map<string, number> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{') open.push(new Map());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys && isKey(text, end)) {
        const key = JSON.parse(text.slice(at, end)) as string;
        const first = keys.get(key);
        if (first !== undefined) return { key, first, second: at };
        keys.set(key, at);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** Index behind the closing quote of the string at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Whether a colon follows, after white space. */
function isKey(text: string, end: number): boolean {
  let at = end;
  while (/[ \t\r\n]/.test(text[at] ?? '')) at++;
  return text[at] === ':';
}

function position(text: string, index: number): string {
  const lines = text.slice(0, index).split('\n');
  return `line ${lines.length} column ${lines.at(-1)!.length + 1}`;
}
