// How often a path is looked up: less often the longer its file had no new lines.

const ACTIVE_MS = 10_000;
const IDLE_DELAY_MS = 1000;
const LONG_IDLE_MS = 600_000;
const LONG_IDLE_DELAY_MS = 5000;

/** 0: in each turn. */
export function pollDelayMs(idleMs: number): number {
  if (idleMs < ACTIVE_MS) return 0;
  return idleMs < LONG_IDLE_MS ? IDLE_DELAY_MS : LONG_IDLE_DELAY_MS;
}
