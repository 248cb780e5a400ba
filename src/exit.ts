// Exits the process with an exit code, also while a thread hangs in a system call.
import { constants } from 'node:fs';
import { GetCurrentProcess, TerminateProcess } from './native/kernel32-process.ts';
import { _exit, F_GETFL, F_SETFL, fcntl } from './native/libc.ts';

// The function that `process.exit()` calls last; Node allows its replacement.
const node = process as NodeJS.Process & { reallyExit(code?: number): void };
const teardown = node.reallyExit.bind(process);

/**
 * `process.exit()` without Node's teardown, which waits for threads and may never finish
 * (docs/adr/0012-forced-exit.md). Everything before the teardown is the same: the code is set, 'exit' listeners run
 * once, and pending output is lost.
 */
export function exitProcess(code: number): never {
  node.reallyExit = (status = 0) => {
    try {
      terminate(status);
    } catch {
      // The system function is missing: fall back to Node's teardown.
    }
    teardown(status);
  };
  return process.exit(code);
}

/** Exits after standard output and error are written, or have no reader any more. Writes to a pipe are asynchronous. */
export async function exitAfterOutput(code: number): Promise<never> {
  process.exitCode = code;
  await Promise.all([process.stdout, process.stderr].map(written));
  // A failed write emits an error event before the next turn of the loop.
  await new Promise((resolve) => setImmediate(resolve));
  return exitProcess(code);
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0) resolve();
    else stream.write('', () => resolve());
  });
}

/** Does not return. Throws if the system function is not available. */
function terminate(code: number): void {
  if (process.platform === 'win32') {
    TerminateProcess(GetCurrentProcess(), code);
  } else {
    for (const fd of [0, 1, 2]) makeBlocking(fd);
    _exit(code);
  }
}

/**
 * Node makes its pipes non-blocking. That outlives the process: writes of a process that shares a full pipe would fail.
 */
function makeBlocking(fd: number): void {
  const flags = fcntl(fd, F_GETFL);
  if (flags !== -1 && flags & constants.O_NONBLOCK) fcntl(fd, F_SETFL, 'int', flags & ~constants.O_NONBLOCK);
}
