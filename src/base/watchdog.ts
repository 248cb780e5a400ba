// Ends the process when the main loop hangs: main-thread side of the watchdog worker.
import { Worker } from 'node:worker_threads';
import { type CrashSite, crashSite } from './crash-report.ts';
import { terminateProcess } from './terminate.ts';
import { workerEntry } from './worker-entry.ts';

/** Time between two signs of life, and between two looks of the watchdog. */
export const BEAT_MS = 500;
/** Looks without a sign of life after which the main loop counts as hung: 3.5 s, so that the process is gone within 5 s. */
export const MISSED_BEATS = 7;

/** Indices of the shared words. */
export const BEATS = 0;
export const STOP = 1;

/** Handed to the worker when it begins. */
export interface WatchdogStart {
  readonly words: Int32Array;
  readonly site: CrashSite | undefined;
}

export interface Watchdog {
  stop(): void;
}

/** Not for a process under a debugger, whose main loop stands still on purpose. Its reports go where those of this thread go. */
export function startWatchdog(): Watchdog {
  const words = new Int32Array(new SharedArrayBuffer(8));
  const start: WatchdogStart = { words, site: crashSite() };
  const worker = new Worker(workerEntry('base/watchdog-worker'), {
    workerData: start,
    name: 'watchdog',
    resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 8 },
  });
  // A watchdog that failed guards nothing.
  worker.on('error', (error) =>
    terminateProcess(`uncaught error in the watchdog: ${error instanceof Error ? error.stack : error}`),
  );
  worker.unref();
  const beat = setInterval(() => Atomics.add(words, BEATS, 1), BEAT_MS);
  beat.unref();
  return {
    stop() {
      clearInterval(beat);
      Atomics.store(words, STOP, 1);
      Atomics.notify(words, STOP);
    },
  };
}
