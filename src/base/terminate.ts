// Ends this process for certain, even while a worker is stuck in a foreign call.
import { write } from 'node:fs';
import { writeCrashReport } from './crash-report.ts';

/** Time for the reason to be written. */
const LAST_WORDS_MS = 200;

/**
 * Writes a crash report and the reason to standard error, and kills the process by its id. `process.exit()` and
 * `worker.terminate()` wait for threads, and a thread blocked in a foreign call never ends: the process would stay, and the
 * SCM would not restart it. An end that somebody asked for is no crash: `asked` leaves the report out.
 */
export function terminateProcess(reason: string, { asked = false } = {}): never {
  // Standard error may be closed, or a pipe or console that nobody reads: there a write waits for ever, so another thread makes it.
  const say = (text: string): void => write(2, `coroot-agent: ${text}\n`, () => {});
  say(`${reason}; ending the process`);
  const report = asked ? { none: '' } : writeCrashReport(reason);
  if ('file' in report) say(`crash report: ${report.file}`);
  else if (report.none !== '') say(`no crash report: ${report.none}`);
  sleep(LAST_WORDS_MS);
  process.kill(process.pid, 'SIGKILL');
  // Nothing of ours may run while the system takes the process down.
  for (;;) sleep(1000);
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Makes every uncaught error and unhandled rejection of this thread a sure death. */
export function terminateOnUncaught(): void {
  process.on('uncaughtException', (error) =>
    terminateProcess(`uncaught error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );
}
