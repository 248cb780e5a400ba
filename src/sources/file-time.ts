// Windows' file times: 100 ns ticks since 1601.

/** Milliseconds between 1601 and 1970. */
const EPOCH_DIFFERENCE_MS = 11_644_473_600_000;

/** Milliseconds since 1970, or 0 for "never". https://learn.microsoft.com/windows/win32/api/minwinbase/ns-minwinbase-filetime */
export function fileTimeToMs(ticks: number): number {
  return ticks === 0 ? 0 : ticks / 10_000 - EPOCH_DIFFERENCE_MS;
}
