// Message, level and attributes of a log message that is a JSON object.
import { cutUtf8 } from '../base/utf8.ts';
import { compareUtf8, JsonNumber, type JsonValue, jsonText, parseJson } from './json-value.ts';
import { levelOfWord } from './level-words.ts';
import type { LogLevel } from './log-record.ts';

/** Attributes of one message; of a larger object, the first ones in the order of the source are kept. */
const MAX_ATTRIBUTES = 100;
const MAX_VALUE_BYTES = 4096;
/** Characters of all names and values together: a long name of an object is repeated for each of its members. */
const MAX_TOTAL_LENGTH = 524_288;
/** Nested objects become attributes with dotted names down to this depth; deeper ones become JSON text. */
const MAX_DEPTH = 8;
const MAX_LEVEL_LENGTH = 16;

const messageKeys = ['msg', 'message', '@m', '@mt', 'body', 'log'];
const levelKeys = ['level', 'severity', 'loglevel', 'log.level', 'lvl', '@l', 'severity_text', 'levelname'];
const timeKeys = new Set(['time', 'timestamp', 'ts', '@t', '@timestamp', 'datetime', 'asctime']);

export interface JsonMessage {
  /** Undefined where no key has a text that is a message. */
  readonly message: string | undefined;
  /** Undefined where no key has a value that is a level. */
  readonly level: LogLevel | undefined;
  readonly attributes: ReadonlyMap<string, string>;
  /** Members that were left out because the attributes are too many or too long together. */
  readonly droppedAttributes: number;
  /** Values that were cut to 4,096 bytes. */
  readonly cutValues: number;
}

/** Undefined if the text is not exactly one JSON object with at least one member. */
export function parseJsonMessage(text: string): JsonMessage | undefined {
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  const object = parseJson(text);
  if (!(object instanceof Map) || object.size === 0) return undefined;
  const members = [...object].map(([key, value]) => ({ key, name: lowerCase(key), value }));
  const messageKey = firstByPriority(members, messageKeys, (value) => typeof value === 'string');
  const levelKey = firstByPriority(members, levelKeys, (value) => levelOf(value) !== undefined);
  const attributes = new Attributes();
  for (const { key, name, value } of members) {
    if (key === messageKey || key === levelKey) continue;
    if (timeKeys.has(name) && (typeof value === 'string' || value instanceof JsonNumber)) continue;
    attributes.add(key, value, 0);
  }
  const found = messageKey === undefined ? undefined : (object.get(messageKey) as string);
  return {
    // One trailing line feed is cut. An empty message leaves the JSON text as the content.
    message: found?.replace(/\n$/, '') || undefined,
    level: levelKey === undefined ? undefined : levelOf(object.get(levelKey)!),
    attributes: attributes.values,
    droppedAttributes: attributes.dropped,
    cutValues: attributes.cut,
  };
}

interface Member {
  readonly key: string;
  /** The key in lower case. */
  readonly name: string;
  readonly value: JsonValue;
}

/** The key that comes first in `names`, in any letter case, and of several such keys the smallest. */
function firstByPriority(
  members: readonly Member[],
  names: readonly string[],
  accepts: (value: JsonValue) => boolean,
): string | undefined {
  let best: string | undefined;
  let bestRank = names.length;
  for (const { key, name, value } of members) {
    const rank = names.indexOf(name);
    if (rank < 0 || rank > bestRank || !accepts(value)) continue;
    if (rank === bestRank && best !== undefined && compareUtf8(key, best) > 0) continue;
    best = key;
    bestRank = rank;
  }
  return best;
}

function levelOf(value: JsonValue): LogLevel | undefined {
  if (typeof value === 'string') return value.length > MAX_LEVEL_LENGTH ? undefined : levelOfWord(lowerCase(value));
  if (!(value instanceof JsonNumber) || !/^\d\d$/.test(value.source)) return undefined;
  const number = Number(value.source);
  if (number >= 60) return 'critical';
  if (number >= 50) return 'error';
  if (number >= 40) return 'warning';
  return number >= 30 ? 'info' : 'debug';
}

/** Lower case of each character on its own, as Go maps it: U+0130 becomes `i`, where JavaScript has two characters. */
export function lowerCase(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text.toLowerCase();
  return [...text].map((character) => (character === '\u0130' ? 'i' : character.toLowerCase())).join('');
}

class Attributes {
  readonly values = new Map<string, string>();
  dropped = 0;
  cut = 0;
  #length = 0;

  add(name: string, value: JsonValue, depth: number): void {
    if (value instanceof Map && depth < MAX_DEPTH) {
      for (const [key, member] of value) this.add(`${name}.${key}`, member, depth + 1);
      return;
    }
    const text = this.#text(value);
    const isNew = !this.values.has(name);
    if ((isNew && this.values.size >= MAX_ATTRIBUTES) || this.#length + name.length + text.length > MAX_TOTAL_LENGTH) {
      this.dropped++;
      return;
    }
    this.#length += name.length + text.length;
    this.values.set(name, text);
  }

  #text(value: JsonValue): string {
    const whole = wholeText(value);
    const text = cutUtf8(whole, MAX_VALUE_BYTES);
    if (text.length < whole.length) this.cut++;
    return text;
  }
}

function wholeText(value: JsonValue): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  return value instanceof JsonNumber ? value.source : jsonText(value);
}
