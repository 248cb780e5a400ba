// Ends this process for certain, even while a worker is stuck in a foreign call.
import { writeSync } from 'node:fs';

/** Exit code that the system reports for a process ended this way (a signal on Linux). */
export const KILLED_EXIT_CODE = 1;

/**
 * Writes the reason to standard error and kills the process by its id. `process.exit()` and `worker.terminate()` wait for
 * threads, and a thread blocked in a foreign call never ends: the process would stay, and the SCM would not restart it.
 */
export function die(reason: string): never {
  try {
    writeSync(2, `coroot-agent: ${reason}; ending the process\n`);
  } catch {
    // Standard error may be closed; the death matters more than the words.
  }
  process.kill(process.pid, 'SIGKILL');
  // Nothing of ours may run while the system takes the process down.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}

/** Makes every uncaught error and unhandled rejection of this thread a sure death. */
export function dieOnUncaught(): void {
  process.on('uncaughtException', (error) =>
    die(`uncaught error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );
}
