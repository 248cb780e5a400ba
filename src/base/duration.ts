// Durations in Go's syntax, which Coroot's own agent uses.

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  '\u00b5s': 1e-3,
  '\u03bcs': 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Go counts nanoseconds in 63 bits: about 292 years. */
const MAX_MS = 2 ** 63 / 1e6;

/**
 * Milliseconds of e.g. `15s`, `1m30s`, `1.5h`, `0`; undefined when malformed or beyond Go's range.
 * https://pkg.go.dev/time#ParseDuration
 */
export function parseDurationMs(text: string): number | undefined {
  const match = /^([+-]?)(0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/.exec(text);
  if (!match) return undefined;
  let ms = 0;
  for (const [, amount, unit] of match[2]!.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g))
    ms += Number(amount) * unitMs[unit!]!;
  if (ms >= MAX_MS) return undefined;
  // 0 instead of -0.
  return match[1] === '-' && ms !== 0 ? -ms : ms;
}
