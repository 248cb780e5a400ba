// Fields made of other fields: records (with types inferred from their tables of fields), lists and dictionaries.
import * as rules from '../../redaction/rules.ts';
import type { Scrubber } from '../../redaction/scrub.ts';
import { asObject, type Field, FieldError, text } from './field.ts';

/** Most entries of a list or dictionary. */
const MAX_ENTRIES = 100_000;

/** A field that may be absent. */
export interface OptionalField<T> extends Field<T> {
  readonly optional: true;
}

/** Fields by name; the doc comment of each entry is the doc comment of the record's property. */
export type FieldTable = Readonly<Record<string, Field<unknown>>>;

/** Decoded value of a field or column. */
export type ValueOf<F extends { decode(...args: never): unknown }> = ReturnType<F['decode']>;

type AnyTable<T> = { readonly [K in keyof T]: { decode(...args: never): unknown } };
type Required<T extends AnyTable<T>> = {
  readonly [K in keyof T as T[K] extends { optional: true } ? never : K]: ValueOf<T[K]>;
};
type Optional<T extends AnyTable<T>> = {
  readonly [K in keyof T as T[K] extends { optional: true } ? K : never]?: ValueOf<T[K]>;
};

/** The record that a table of fields or columns describes. */
export type RecordOf<T extends AnyTable<T>> = Required<T> & Optional<T>;

export function optional<T>(field: Field<T>): OptionalField<T> {
  return { ...field, optional: true };
}

/** A list of at most `max` entries. */
export function list<T>(item: Field<T>, max = MAX_ENTRIES): Field<readonly T[]> {
  const check = (value: unknown, at: string): readonly unknown[] => {
    if (!Array.isArray(value) || value.length > max) throw new FieldError(at, `a list of at most ${max} entries`);
    return value;
  };
  const { collectNames, shiftTimes } = item;
  return {
    decode: (value, at) => check(value, at).map((entry, index) => item.decode(entry, `${at}[${index}]`)),
    encode: (value, at) => check(value, at).map((entry, index) => item.encode(entry as T, `${at}[${index}]`)),
    redact: rules.each(item.redact),
    ...(collectNames && {
      collectNames: (value, scrubber) => {
        for (const entry of value) collectNames(entry, scrubber);
      },
    }),
    ...(shiftTimes && { shiftTimes: (value, ms) => value.map((entry) => shiftTimes(entry, ms)) }),
  };
}

/** Values by free names. */
export function dictionary<T>(item: Field<T>): Field<Readonly<Record<string, T>>> {
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
    redact: (value, scrubber) =>
      Object.fromEntries(
        Object.entries(value).map(([key, entry]) => [scrubber.text(key), item.redact(entry, scrubber)]),
      ),
  };
}

/** An object with the given fields. Unknown fields are ignored, so that a newer agent may add some. */
export function record<T extends FieldTable>(fields: T): Field<RecordOf<T>> {
  const table = Object.entries(fields) as [string, Field<unknown> & { optional?: true }][];
  const convert = (value: unknown, at: string, way: 'decode' | 'encode'): Record<string, unknown> => {
    const source = asObject(value, at);
    const result: Record<string, unknown> = {};
    for (const [name, field] of table) {
      const found = Object.hasOwn(source, name) ? source[name] : undefined;
      if (found !== undefined || !field.optional) result[name] = field[way](found, `${at}.${name}`);
    }
    return result;
  };
  return {
    decode: (value, at) => convert(value, at, 'decode') as RecordOf<T>,
    encode: (value, at) => convert(value, at, 'encode'),
    ...redaction(fields),
    ...timeShift(fields),
  };
}

interface Redactable {
  redact(value: unknown, scrubber: Scrubber): unknown;
  collectNames?(value: unknown, scrubber: Scrubber): void;
}

/** Redaction of an object, field by field; a field that is not in the table is removed. */
export function redaction<T extends object>(
  fields: Readonly<Record<string, Redactable>>,
): Pick<Field<T>, 'redact' | 'collectNames'> {
  const named = Object.entries(fields).filter(([, { collectNames }]) => collectNames);
  return {
    redact: (value, scrubber) =>
      Object.fromEntries(
        Object.entries(value)
          .filter(([name, entry]) => entry !== undefined && Object.hasOwn(fields, name))
          .map(([name, entry]) => [name, fields[name]!.redact(entry, scrubber)]),
      ) as T,
    ...(named.length > 0 && {
      collectNames: (value: T, scrubber: Scrubber) => {
        for (const [name, field] of named) {
          const entry = (value as Record<string, unknown>)[name];
          if (entry !== undefined) field.collectNames!(entry, scrubber);
        }
      },
    }),
  };
}

interface Shiftable {
  shiftTimes?(value: unknown, ms: number): unknown;
}

/** The shift of an object's wall times, field by field; absent when no field has any. */
export function timeShift<T extends object>(fields: Readonly<Record<string, Shiftable>>): Pick<Field<T>, 'shiftTimes'> {
  const timed = Object.entries(fields).filter(([, { shiftTimes }]) => shiftTimes);
  if (timed.length === 0) return {};
  return {
    shiftTimes: (value, ms) => {
      const shifted = { ...(value as Record<string, unknown>) };
      for (const [name, field] of timed)
        if (shifted[name] !== undefined) shifted[name] = field.shiftTimes!(shifted[name], ms);
      return shifted as T;
    },
  };
}
