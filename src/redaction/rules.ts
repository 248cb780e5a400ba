// Building blocks of redaction: one rule for each field of a record, checked by the compiler.
import type { Scrubber } from './scrub.ts';

/** Redacts the value of one field. */
export type Rule<T> = (value: T, scrubber: Scrubber) => T;
/** A rule for each field of a record: a field without one does not compile. */
type Rules<T> = { readonly [K in keyof Required<T>]: Rule<Exclude<T[K], undefined>> };

/** For numbers, booleans and words that the agent itself defines. */
export const keep = <T>(value: T): T => value;
export const text: Rule<string> = (value, scrubber) => scrubber.text(value);
export const hostname: Rule<string> = (name, { standIns }) =>
  name === '' || name === 'unknown' ? name : standIns.name('host', name);
/** Ids of the machine. */
export const id: Rule<string> = (value, { standIns }) => standIns.id(value);
export const account: Rule<string> = (name, scrubber) => scrubber.account(name);
export const commandLine: Rule<string> = (line, scrubber) => scrubber.commandLine(line);

/** A setting that differs from its default is removed: it may be a path, an address or a pattern. */
export function settingValue(value: string, standard: string | undefined): string {
  return value === standard || value === '' ? value : '*';
}

/** Names of kernel objects; those of containers include the container's id. */
export const objectName: Rule<string> = (name, scrubber) =>
  scrubber.text(name.replace(/[0-9a-f]{8,}(?:-[0-9a-f]{4,})*/gi, (id) => scrubber.standIns.id(id)));

/** Keeps the given words and removes any other value. */
export function oneOf<const T extends string>(...words: readonly T[]): Rule<T> {
  return (value) => (words.includes(value) ? value : ('*' as T));
}

/** For records of numbers and booleans only: a record with a text does not compile. */
export const figures = <T extends { readonly [K in keyof T]: number | boolean }>(value: T): T => value;

/** Applies a rule to each entry of a list. */
export const each =
  <T>(rule: Rule<T>) =>
  (values: readonly T[], scrubber: Scrubber): T[] =>
    values.map((value) => rule(value, scrubber));

/** Applies its rule to each field, and removes fields that have no rule. */
export function record<T extends object>(rules: Rules<T>): Rule<T> {
  return (value, scrubber) => {
    const redacted: Partial<T> = {};
    for (const key of Object.keys(value) as (keyof T)[]) {
      const rule = rules[key] as Rule<unknown> | undefined;
      if (rule && value[key] !== undefined) redacted[key] = rule(value[key], scrubber) as T[typeof key];
    }
    return redacted as T;
  };
}
