// Field codecs of tape lines: each one checks a JSON value and turns it into a record field, and back.

/** Longest text in a tape, in UTF-16 units. */
export const MAX_TEXT = 65_536;

/** Most entries of a list or dictionary. */
export const MAX_ENTRIES = 100_000;

/** The end of the year 9999: later instants have no plain ISO form, and replay in a loop may add to them. */
const MAX_INSTANT_MS = 253_402_300_799_999;

/** A value that the format does not allow; the message names the field. */
export class FieldError extends Error {
  constructor(at: string, expected: string) {
    super(`${at} is not ${expected}`);
    this.name = 'FieldError';
  }
}

/** Both ways check and throw FieldError, so that what was written can be read. `at` is the field's path, for the message. */
export interface Codec<T> {
  decode(value: unknown, at: string): T;
  encode(value: T, at: string): unknown;
}

export interface OptionalCodec<T> extends Codec<T> {
  readonly optional: true;
}

/** One codec for each field of T; optional fields need an optional one. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K>
    ? OptionalCodec<Exclude<T[K], undefined>>
    : Codec<T[K]>;
};

export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object with keys; FieldError when it is something else. */
export function asObject(value: unknown, at: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FieldError(at, 'an object');
  return value as JsonObject;
}

/** A value that is the same in JSON and in the record. */
function leaf<T>(accepts: (value: unknown) => value is T, expected: string): Codec<T> {
  const check = (value: unknown, at: string): T => {
    if (!accepts(value)) throw new FieldError(at, expected);
    return value;
  };
  return { decode: check, encode: check };
}

function number(accepts: (value: number) => boolean, expected: string): Codec<number> {
  return leaf((value): value is number => typeof value === 'number' && accepts(value), expected);
}

/** A whole number within both bounds. */
export function whole(min: number, max: number): Codec<number> {
  return number(
    (value) => Number.isInteger(value) && value >= min && value <= max,
    `a whole number from ${min} to ${max}`,
  );
}

export const u8 = whole(0, 0xff);
export const u16 = whole(0, 0xffff);
export const u32 = whole(0, 0xffff_ffff);
export const safeInteger = whole(0, Number.MAX_SAFE_INTEGER);

/** Codes: Win32 errors and NTSTATUS come signed or unsigned. */
export const code = whole(-0x8000_0000, 0xffff_ffff);

/** A finite number that is not negative. */
export const amount = number((value) => Number.isFinite(value) && value >= 0, 'a finite number from 0');

/** Milliseconds since 1970 or since another fixed moment. */
export const instant = number(
  (value) => value >= 0 && value <= MAX_INSTANT_MS,
  `a time in milliseconds from 0 to ${MAX_INSTANT_MS}`,
);

export const text = leaf(
  (value): value is string => typeof value === 'string' && value.length <= MAX_TEXT,
  `a text of at most ${MAX_TEXT} characters`,
);

export const flag = leaf((value): value is boolean => typeof value === 'boolean', 'true or false');

/** One of the values given. */
export function oneOf<const T extends string | number>(...values: readonly T[]): Codec<T> {
  return leaf((value): value is T => values.some((allowed) => allowed === value), values.join(' or '));
}

export function optional<T>(codec: Codec<T>): OptionalCodec<T> {
  return { ...codec, optional: true };
}

export function list<T>(item: Codec<T>, max = MAX_ENTRIES): Codec<readonly T[]> {
  const check = (value: unknown, at: string): readonly unknown[] => {
    if (!Array.isArray(value) || value.length > max) throw new FieldError(at, `a list of at most ${max} entries`);
    return value;
  };
  return {
    decode: (value, at) => check(value, at).map((entry, index) => item.decode(entry, `${at}[${index}]`)),
    encode: (value, at) => check(value, at).map((entry, index) => item.encode(entry as T, `${at}[${index}]`)),
  };
}

/** Values by free names. */
export function dictionary<T>(item: Codec<T>): Codec<Readonly<Record<string, T>>> {
  const entries = (value: unknown, at: string): [string, unknown][] => {
    const found = Object.entries(asObject(value, at));
    if (found.length > MAX_ENTRIES) throw new FieldError(at, `an object of at most ${MAX_ENTRIES} entries`);
    return found.map(([key, entry]) => [text.decode(key, `a name in ${at}`), entry]);
  };
  // fromEntries defines own properties, so a name such as __proto__ stays a name.
  return {
    decode: (value, at) =>
      Object.fromEntries(entries(value, at).map(([key, entry]) => [key, item.decode(entry, `${at}.${key}`)])),
    encode: (value, at) =>
      Object.fromEntries(entries(value, at).map(([key, entry]) => [key, item.encode(entry as T, `${at}.${key}`)])),
  };
}

/** An object with the fields given; fields it does not know are ignored, so that a schema may grow. */
export function record<T extends object>(fields: Fields<T>): Codec<T> {
  const table = Object.entries(fields) as [string, Codec<unknown> & { optional?: true }][];
  const convert = (value: unknown, at: string, way: 'decode' | 'encode'): Record<string, unknown> => {
    const source = asObject(value, at);
    const result: Record<string, unknown> = {};
    for (const [name, codec] of table) {
      const found = Object.hasOwn(source, name) ? source[name] : undefined;
      if (found !== undefined || !codec.optional) result[name] = codec[way](found, `${at}.${name}`);
    }
    return result;
  };
  return {
    decode: (value, at) => convert(value, at, 'decode') as T,
    encode: (value, at) => convert(value, at, 'encode'),
  };
}
