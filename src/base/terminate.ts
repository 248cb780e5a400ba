// Terminates this process after a fault, even while a worker is blocked in a foreign call.
import { write } from 'node:fs';
import { writeCrashReport } from './crash-report.ts';
import { printableLines } from './printable.ts';

/** Time to write the reason to standard error. */
const WRITE_REASON_MS = 200;

/**
 * Writes a crash report and the reason to standard error, and kills the process by its id. `process.exit()` and
 * `worker.terminate()` wait for threads, and a thread blocked in a foreign call never ends: the process would remain,
 * and the SCM would not restart it. `requested` omits the report, because a requested stop is not a crash.
 */
export function terminateProcess(reason: string, { requested = false } = {}): never {
  // Standard error may be closed, or a pipe or console without a reader, where a write blocks: another thread writes.
  const say = (text: string): void => write(2, `coroot-agent: ${printableLines(text)}\n`, () => {});
  say(`${reason}; ending the process`);
  const report = requested ? { none: '' } : writeCrashReport(reason);
  if ('file' in report) say(`crash report: ${report.file}`);
  else if (report.none !== '') say(`no crash report: ${report.none}`);
  sleep(WRITE_REASON_MS);
  process.kill(process.pid, 'SIGKILL');
  // No code of the agent may run while the system ends the process.
  for (;;) sleep(1000);
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Terminates the process on every uncaught error and unhandled rejection of this thread. */
export function terminateOnUncaught(): void {
  process.on('uncaughtException', (error) =>
    terminateProcess(`uncaught error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );
}
