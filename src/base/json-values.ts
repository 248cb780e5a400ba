// Reads values of JSON from outside: what has another type than expected is absent.

export type JsonRecord = Readonly<Record<string, unknown>>;

const NONE: JsonRecord = {};

/** The object, or an empty one. */
export function objectOf(value: unknown): JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : NONE;
}

/** The text, or an empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** At most `max` entries of the list, or none. */
export function listOf(value: unknown, max: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, max) : [];
}

/** At most `max` entries of the object. */
export function entriesOf(value: unknown, max: number): [key: string, value: unknown][] {
  const found: [string, unknown][] = [];
  const object = objectOf(value);
  for (const key in object) {
    if (found.length >= max) break;
    if (Object.hasOwn(object, key)) found.push([key, object[key]]);
  }
  return found;
}

/** A number from 0 that is exact; undefined for anything else. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** A whole number in the range; undefined for anything else. */
export function wholeOf(value: unknown, min: number, max: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}

/** The time in milliseconds since 1970; 0 for no time, and for Docker's zero time of the year 1. */
export function timeOf(value: unknown): number {
  const atMs = /^\d{4}-\d\d-\d\dT/.test(textOf(value)) ? Date.parse(textOf(value)) : 0;
  return atMs > 0 ? Math.trunc(atMs) : 0;
}
