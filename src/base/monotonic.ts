// The monotonic clock that all threads of the process share; performance.now() has another origin in each thread.

/** Milliseconds with fractions; only differences are meaningful. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
