// Fields of records: how a tape holds a value, and how redaction replaces it.
import { domain } from '../../redaction/network-rules.ts';
import * as rules from '../../redaction/rules.ts';
import type { Scrubber } from '../../redaction/scrub.ts';

/** Longest text in a tape, in UTF-16 units. */
export const MAX_TEXT = 65_536;

/** The end of the year 9999: later instants have no plain ISO form, and a looped replay may add to them. */
const MAX_INSTANT_MS = 253_402_300_799_999;

/** A value that the format does not allow; the message names the field. */
export class FieldError extends Error {
  constructor(at: string, expected: string) {
    super(`${at} is not ${expected}`);
    this.name = 'FieldError';
  }
}

/** Describes one field of a record. `at` is the path of the field, for messages. */
export interface Field<T> {
  /** The value from JSON. Throws FieldError. */
  decode(value: unknown, at: string): T;
  /** The value as JSON. Throws FieldError for a value that `decode` would refuse. */
  encode(value: T, at: string): unknown;
  /** The value without anything that identifies people, machines or networks. */
  redact(value: T, scrubber: Scrubber): T;
  /** Adds the names in the value to those that the scrubber replaces in every text. */
  collectNames?(value: T, scrubber: Scrubber): void;
  /** The value with each wall time in it moved by `ms`. Absent where a value has none. */
  shiftTimes?(value: T, ms: number): T;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object. Throws FieldError. */
export function asObject(value: unknown, at: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FieldError(at, 'an object');
  return value as JsonObject;
}

/** A field whose value is the same in JSON and in the record. */
function leaf<T>(
  accepts: (value: unknown) => value is T,
  expected: string,
  redact: rules.Rule<T>,
  collectNames?: (value: T, scrubber: Scrubber) => void,
): Field<T> {
  const check = (value: unknown, at: string): T => {
    if (!accepts(value)) throw new FieldError(at, expected);
    return value;
  };
  return { decode: check, encode: check, redact, ...(collectNames && { collectNames }) };
}

function number(accepts: (value: number) => boolean, expected: string): Field<number> {
  return leaf((value): value is number => typeof value === 'number' && accepts(value), expected, rules.keep);
}

/** An integer within both bounds. */
export function integer(min: number, max: number): Field<number> {
  return number(
    (value) => Number.isInteger(value) && value >= min && value <= max,
    `a whole number from ${min} to ${max}`,
  );
}

export const u8 = integer(0, 0xff);
export const u16 = integer(0, 0xffff);
export const u32 = integer(0, 0xffff_ffff);
export const safeInteger = integer(0, Number.MAX_SAFE_INTEGER);

/** A Win32 error or NTSTATUS, signed or unsigned. */
export const code = integer(-0x8000_0000, 0xffff_ffff);

/** A finite number that is not negative. */
export const amount = number((value) => Number.isFinite(value) && value >= 0, 'a finite number from 0');

/** Milliseconds since a fixed moment other than 1970, e.g. the start of the host. */
export const elapsed = number(
  (value) => value >= 0 && value <= MAX_INSTANT_MS,
  `a time in milliseconds from 0 to ${MAX_INSTANT_MS}`,
);

/** Milliseconds since 1970; 0 for an unknown time, which stays unknown when times are shifted. */
export const instant: Field<number> = {
  ...elapsed,
  shiftTimes: (value, ms) => (value === 0 ? 0 : value + ms),
};

export const boolean = leaf((value): value is boolean => typeof value === 'boolean', 'true or false', rules.keep);

/** One of the given values. */
export function oneOf<const T extends string | number>(...values: readonly T[]): Field<T> {
  return leaf((value): value is T => values.some((allowed) => allowed === value), values.join(' or '), rules.keep);
}

/** A text that is redacted by `redact`. */
export function textBy(
  redact: rules.Rule<string>,
  collectNames?: (value: string, scrubber: Scrubber) => void,
): Field<string> {
  return leaf(
    (value): value is string => typeof value === 'string' && value.length <= MAX_TEXT,
    `a text of at most ${MAX_TEXT} characters`,
    redact,
    collectNames,
  );
}

/** A text that may contain names and addresses. */
export const text = textBy(rules.text);

/** The key name of a service, or a text that has one. */
export const serviceName = textBy(rules.text, (name, scrubber) => scrubber.addService(name));
/** The file name of a program. */
export const programName = textBy(rules.text, (name, scrubber) => scrubber.addProgram(name));
/** A domain name, with or without a trailing dot. */
export const domainName = textBy(domain, (name, scrubber) => scrubber.addDomain(name));
export const hostname = textBy(rules.hostname, (name, scrubber) => scrubber.addHost(name));
/** `DOMAIN\user`, `user@domain` or a name alone. */
export const account = textBy(rules.account, (name, scrubber) => scrubber.addAccount(name));
/** A command line; its values are removed. */
export const commandLine = textBy(rules.commandLine, (line, scrubber) => scrubber.addPath(line));
/** A file path, which may lead through a user's profile. */
export const path = textBy(rules.text, (file, scrubber) => scrubber.addPath(file));
