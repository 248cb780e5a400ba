// Redaction rules for single values.
import type { Scrubber } from './scrub.ts';

/** Redacts the value of one field. */
export type Rule<T> = (value: T, scrubber: Scrubber) => T;
/** For numbers, booleans and words that the agent itself defines. */
export const keep = <T>(value: T): T => value;
export const text: Rule<string> = (value, scrubber) => scrubber.text(value);
/** Keeps a value of a form that no name has; any other value is a text. */
export const formed =
  (form: RegExp): Rule<string> =>
  (value, scrubber) =>
    form.test(value) ? value : scrubber.text(value);
export const hostname: Rule<string> = (name, scrubber) =>
  name === '' || name === 'unknown' ? name : scrubber.host(name);
/** Ids of the machine. */
export const id: Rule<string> = (value, { standIns }) => standIns.id(value);
/** Hash of a log pattern, by which its words could be guessed. None and that of unclassified messages are kept. */
export const patternHash: Rule<string> = (hash, scrubber) => (/^0*$/.test(hash) ? hash : id(hash, scrubber));
export const account: Rule<string> = (name, scrubber) => scrubber.account(name);
export const commandLine: Rule<string> = (line, scrubber) => scrubber.commandLine(line);

/** A setting that differs from its default is removed: it may be a path, an address or a pattern. */
export function settingValue(value: string, standard: string | undefined): string {
  return value === standard || value === '' ? value : '*';
}

/** Applies a rule to each entry of a list. */
export const each =
  <T>(rule: Rule<T>) =>
  (values: readonly T[], scrubber: Scrubber): T[] =>
    values.map((value) => rule(value, scrubber));
