// Entry of the watchdog worker: counts looks without a sign of life from the main loop.
import { workerData } from 'node:worker_threads';
import { prepareCrashReports } from './crash-report.ts';
import { terminateProcess } from './terminate.ts';
import { BEAT_MS, BEATS, MISSED_BEATS, STOP, type WatchdogStart } from './watchdog.ts';

const { words, site } = workerData as WatchdogStart;
prepareCrashReports(site);
let last = Atomics.load(words, BEATS);
let missed = 0;

// Looks are counted, not time: after a suspended machine wakes up, one look passes, not hours.
while (Atomics.wait(words, STOP, 0, BEAT_MS) === 'timed-out') {
  const now = Atomics.load(words, BEATS);
  missed = now === last ? missed + 1 : 0;
  last = now;
  if (missed >= MISSED_BEATS) terminateProcess(`the main loop has not run for ${(missed * BEAT_MS) / 1000} s`);
}
