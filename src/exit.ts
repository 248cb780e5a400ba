// The one way in which this process ends itself with an exit code: certain, whatever its threads are at.
import { constants } from 'node:fs';
import { GetCurrentProcess, TerminateProcess } from './native/kernel32-process.ts';
import { _exit, F_GETFL, F_SETFL, fcntl } from './native/libc.ts';

// What `process.exit()` calls last, to be replaced by those who want another end.
const node = process as NodeJS.Process & { reallyExit(code?: number): void };
const teardown = node.reallyExit.bind(process);

/**
 * `process.exit()` without the teardown of Node at its end, which waits for threads and may do so for ever (docs/adr/0012-forced-exit.md).
 * All before that is the same: the code is set, the listeners of 'exit' run once, and output that is still on its way is lost.
 */
export function exitProcess(code: number): never {
  node.reallyExit = (status = 0) => {
    try {
      end(status);
    } catch {
      // A system without that function: an end that is nearly certain.
    }
    teardown(status);
  };
  return process.exit(code);
}

/** The same, once standard output and error have been taken by who reads them, or nobody is left to: a pipe on Linux is written by and by. */
export async function exitAfterOutput(code: number): Promise<never> {
  process.exitCode = code;
  await Promise.all([process.stdout, process.stderr].map(written));
  // What could not be written is an event, which comes before the next turn of the loop.
  await new Promise((resolve) => setImmediate(resolve));
  return exitProcess(code);
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0) resolve();
    else stream.write('', () => resolve());
  });
}

/** Does not return. Throws where the system's function cannot be had. */
function end(code: number): void {
  if (process.platform === 'win32') {
    TerminateProcess(GetCurrentProcess(), code);
  } else {
    for (const fd of [0, 1, 2]) letBlock(fd);
    _exit(code);
  }
}

/** Node makes its pipes non-blocking, and who shares one goes on with that: their writes fail when it is full. */
function letBlock(fd: number): void {
  const flags = fcntl(fd, F_GETFL);
  if (flags !== -1 && flags & constants.O_NONBLOCK) fcntl(fd, F_SETFL, 'int', flags & ~constants.O_NONBLOCK);
}
