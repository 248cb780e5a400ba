// The clock that every thread of this process shares; performance.now() begins anew in each.

/** Milliseconds, with fractions, that never go back; only differences mean something. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
