// The clocks and timers of delivery, replaced by tests.
import { monotonicMs } from '../../base/monotonic.ts';

export interface DeliveryClock {
  /** For ages and waits; only differences are meaningful. */
  monoMs(): number;
  /** Milliseconds since 1970: for display, and to notice that the clock was set. */
  wallMs(): number;
  /** Resolves after a time, or at once when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A value from 0 up to 1, for jitter. */
  random(): number;
}

export const systemClock: DeliveryClock = {
  monoMs: monotonicMs,
  wallMs: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const timer = setTimeout(finish, ms);
      signal.addEventListener('abort', finish);
      function finish(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        resolve();
      }
    }),
};
