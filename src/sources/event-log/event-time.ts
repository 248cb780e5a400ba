// The time of an event.
import { TICKS_PER_MS } from '../file-time.ts';

/** Time in whole milliseconds since 1970, and nanoseconds below the millisecond. */
export interface EventTime {
  readonly atMs: number;
  readonly nanoseconds: number;
}

const UNKNOWN: EventTime = { atMs: 0, nanoseconds: 0 };

const isoTime = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?\s*(?:Z|([+-])(\d\d):?(\d\d))?$/i;

/** From `2026-01-02T03:04:05.1234567Z` with any number of digits; 0 for a time that is missing or before 1970. */
export function eventTimeOf(systemTime: string): EventTime {
  const found = isoTime.exec(systemTime.trim());
  if (!found) return UNKNOWN;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = Date.UTC(year, month - 1, day);
  // Date.UTC also accepts days that the month does not have; day 0 of the next month is its last day.
  const isDate = month >= 1 && month <= 12 && day >= 1 && date <= Date.UTC(year, month, 0);
  if (!isDate || hour > 23 || minute > 59 || second > 60) return UNKNOWN;
  const [, , , , , , , fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = found;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1);
  const ns = Number(fraction.padEnd(9, '0'));
  const atMs = date + ((hour * 60 + minute - offset) * 60 + second) * 1000 + Math.floor(ns / 1_000_000);
  return atMs > 0 ? { atMs, nanoseconds: ns % 1_000_000 } : UNKNOWN;
}

/** Ticks between 1601 and 1970. */
const EPOCH_TICKS = 116_444_736_000_000_000n;
const LAST_TICKS = 2_650_467_744_000_000_000n;

/** Milliseconds since 1970 of a FILETIME in hexadecimal digits, with or without `0x`; undefined if it is no time. */
export function creationTimeOf(hex: string): number | undefined {
  const digits = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(hex)?.[1];
  if (digits === undefined) return undefined;
  const ticks = BigInt(`0x${digits}`);
  return ticks > EPOCH_TICKS && ticks < LAST_TICKS ? Number(ticks - EPOCH_TICKS) / TICKS_PER_MS : undefined;
}
