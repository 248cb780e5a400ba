// Entry of the watchdog worker: counts checks in which the heartbeat of the main loop did not change.
import { workerData } from 'node:worker_threads';
import { prepareCrashReports } from './crash-report.ts';
import { terminateProcess } from './terminate.ts';
import { BEAT_MS, BEATS, MAX_MISSED_BEATS, STOP, type WatchdogStart } from './watchdog.ts';

const { shared, site } = workerData as WatchdogStart;
prepareCrashReports(site);
let last = Atomics.load(shared, BEATS);
let missed = 0;

// Checks are counted instead of elapsed time: a machine that resumes after hours has missed only one check.
while (Atomics.wait(shared, STOP, 0, BEAT_MS) === 'timed-out') {
  const now = Atomics.load(shared, BEATS);
  missed = now === last ? missed + 1 : 0;
  last = now;
  if (missed >= MAX_MISSED_BEATS) terminateProcess(`the main loop has not run for ${(missed * BEAT_MS) / 1000} s`);
}
