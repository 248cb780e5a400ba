// Windows file times: ticks of 100 ns since 1601.

/** Ticks in a millisecond: Windows counts processor, disk and file times in steps of 100 ns. */
export const TICKS_PER_MS = 10_000;

/** Milliseconds between 1601 and 1970. */
const EPOCH_DIFFERENCE_MS = 11_644_473_600_000;

/**
 * Milliseconds since 1970, or 0 for "never".
 * https://learn.microsoft.com/windows/win32/api/minwinbase/ns-minwinbase-filetime
 */
export function fileTimeToMs(ticks: number): number {
  return ticks === 0 ? 0 : ticks / TICKS_PER_MS - EPOCH_DIFFERENCE_MS;
}

/** Ticks at the start of 1970 and at the start of the year 10000. */
const FIRST_TICKS = 116_444_736_000_000_000;
const LAST_TICKS = 2_650_467_744_000_000_000;

/** Whether the ticks are a time from 1970 to 9999. Other values are not times and have no ISO form. */
export function isMoment(ticks: number): boolean {
  return ticks >= FIRST_TICKS && ticks < LAST_TICKS;
}
