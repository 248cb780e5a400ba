// How long to wait before the next attempt: grows with each failure, with jitter, and obeys the receiver.

/** The longest wait of each failure in a row; the last one repeats. */
const retryableMs = [10_000, 20_000, 40_000, 60_000];
const refusedMs = [75_000, 150_000, 300_000];
const MIN_RETRYABLE_MS = 5000;
const MIN_REFUSED_MS = 60_000;
/** A receiver that asks for no wait gets at most one request per second. */
const MIN_ASKED_MS = 1000;
/** Added to the wait that a receiver asks for, so that its clients do not return together. */
const ASKED_JITTER = 0.1;

/** `random` is from 0 up to 1. A network, TLS or server fault: 5 to 60 s. A refusal of this agent: 1 to 5 min. */
export function retryDelayMs(
  kind: 'retryable' | 'refused',
  failures: number,
  askedMs: number | undefined,
  random: number,
): number {
  const longest = kind === 'refused' ? refusedMs : retryableMs;
  const limit = longest[Math.min(failures, longest.length) - 1]!;
  const least = Math.max(limit / 2, kind === 'refused' ? MIN_REFUSED_MS : MIN_RETRYABLE_MS);
  const ownMs = least + random * (limit - least);
  if (askedMs === undefined) return ownMs;
  const obeyedMs = Math.max(MIN_ASKED_MS, askedMs * (1 + random * ASKED_JITTER));
  return kind === 'refused' ? Math.max(ownMs, obeyedMs) : obeyedMs;
}
