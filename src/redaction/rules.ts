// What redaction rules are made of: one rule a field, and a field without a rule does not compile.
import type { Scrubber } from './scrub.ts';

/** How one field is redacted. */
export type Rule<T> = (value: T, scrubber: Scrubber) => T;
/** A rule for each field of a record: a field without one does not compile. */
type Rules<T> = { readonly [K in keyof Required<T>]: Rule<Exclude<T[K], undefined>> };

/** For numbers, switches and words of our own. */
export const keep = <T>(value: T): T => value;
export const text: Rule<string> = (value, scrubber) => scrubber.text(value);
export const hostname: Rule<string> = (name, { standIns }) =>
  name === '' || name === 'unknown' ? name : standIns.name('host', name);
/** Ids of the machine. */
export const id: Rule<string> = (value, { standIns }) => standIns.id(value);
export const account: Rule<string> = (name, scrubber) => scrubber.account(name);
export const commandLine: Rule<string> = (line, scrubber) => scrubber.commandLine(line);

/** A setting that somebody made goes whole: it may be a path, an address or a pattern; one that is as it comes stays. */
export function settingValue(value: string, standard: string | undefined): string {
  return value === standard || value === '' ? value : '*';
}

/** Names of kernel objects: those of containers have the container's id in them. */
export const objectName: Rule<string> = (name, scrubber) =>
  scrubber.text(name.replace(/[0-9a-f]{8,}(?:-[0-9a-f]{4,})*/gi, (id) => scrubber.standIns.id(id)));
export const each =
  <T>(rule: Rule<T>) =>
  (values: readonly T[], scrubber: Scrubber): T[] =>
    values.map((value) => rule(value, scrubber));

export function record<T extends object>(rules: Rules<T>): Rule<T> {
  return (value, scrubber) => {
    const redacted: Partial<T> = {};
    for (const key of Object.keys(value) as (keyof T)[]) {
      const rule = rules[key] as Rule<unknown> | undefined;
      // What no rule knows may be anything.
      if (rule && value[key] !== undefined) redacted[key] = rule(value[key], scrubber) as T[typeof key];
    }
    return redacted as T;
  };
}

/** Addresses in columns, `width` bytes a row. */
export function addresses(bytes: Uint8Array, width: number, { standIns }: Scrubber): Uint8Array {
  const redacted = new Uint8Array(bytes.length);
  for (let at = 0; at + width <= bytes.length; at += width)
    redacted.set(standIns.address(bytes.slice(at, at + width)), at);
  return redacted;
}
