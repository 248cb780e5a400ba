// The C library: terminates a process on systems other than Windows, for the demo, the CLI and tests.
import { library } from './ffi.ts';

const libc = library(null);

/** https://pubs.opengroup.org/onlinepubs/9799919799/functions/_exit.html */
export const _exit = libc.func<(status: number) => void>('void _exit(int status)');

/**
 * https://pubs.opengroup.org/onlinepubs/9799919799/functions/fcntl.html; an argument behind `cmd` comes with its type
 * before it.
 */
export const fcntl = libc.func<(fildes: number, cmd: number, ...arg: (string | number)[]) => number>(
  'int fcntl(int fildes, int cmd, ...)',
);

export const F_GETFL = 3;
export const F_SETFL = 4;
