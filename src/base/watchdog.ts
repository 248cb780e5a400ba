// Terminates the process when the main loop hangs: main-thread side of the watchdog worker.
import { Worker } from 'node:worker_threads';
import { type CrashSite, crashSite } from './crash-report.ts';
import { terminateProcess } from './terminate.ts';
import { heapLimits, workerEntry } from './worker-entry.ts';

/** Interval of the heartbeat, and of the checks of the watchdog. Each beat and each check costs a wake-up. */
export const BEAT_MS = 750;
/** Missed heartbeats after which the main loop counts as hung: 3 to 4.5 s, so that the process ends within 5 s. */
export const MAX_MISSED_BEATS = 5;

/** Indices of the shared Int32 values. */
export const BEATS = 0;
export const STOP = 1;

/** Passed to the worker at its start. */
export interface WatchdogStart {
  readonly shared: Int32Array;
  readonly site: CrashSite | undefined;
}

export interface Watchdog {
  stop(): void;
}

/**
 * Not for a process under a debugger, which stops the main loop on purpose. Reports go to the crash site of this
 * thread.
 */
export function startWatchdog(): Watchdog {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const start: WatchdogStart = { shared, site: crashSite() };
  const worker = new Worker(workerEntry('base/watchdog-worker'), {
    workerData: start,
    name: 'watchdog',
    ...heapLimits({ young: 1, old: 8 }),
  });
  // Without its watchdog the agent must not go on.
  worker.on('error', (error) =>
    terminateProcess(`uncaught error in the watchdog: ${error instanceof Error ? error.stack : error}`),
  );
  worker.unref();
  const beat = setInterval(() => Atomics.add(shared, BEATS, 1), BEAT_MS);
  beat.unref();
  return {
    stop() {
      clearInterval(beat);
      Atomics.store(shared, STOP, 1);
      Atomics.notify(shared, STOP);
    },
  };
}
