// Reads small text files with a limit on their size; pipes and devices are refused.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { isDevicePath } from './device-path.ts';

/** Limit for settings files and argument files, bytes. */
export const SMALL_FILE_BYTES = 1024 * 1024;

/**
 * The text of a file in UTF-8 or, as older PowerShell versions write, UTF-16 with a byte order mark. The mark is
 * removed. Throws Node's error when it cannot be read, and an Error when it is not a regular file, larger than `limit`
 * bytes or not text.
 */
export function readSmallFile(path: string, limit = SMALL_FILE_BYTES): string {
  const bytes = readUpTo(path, limit + 1);
  if (bytes.length > limit) throw new Error(`it is larger than ${limit} bytes`);
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error('it is not UTF-8 text', { cause: error });
  }
}

export const tooLarge = `it is larger than ${SMALL_FILE_BYTES} bytes`;

const CHUNK_BYTES = 64 * 1024;

/** Opening a FIFO blocks until it has a writer, except with O_NONBLOCK; Windows has neither flag. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** Reads in a loop: a file on a network share may return less than requested. */
function readUpTo(path: string, limit: number): Buffer {
  // Before the open: opening a named pipe of Windows already connects to the process that serves it.
  if (process.platform === 'win32' && isDevicePath(path)) throw notRegular('a device or a pipe');
  const file = openSync(path, OPEN_FLAGS);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw notRegular(stats.isDirectory() ? 'a folder' : 'a device or a pipe');
    const chunks: Buffer[] = [];
    for (let left = limit; left > 0; ) {
      const chunk = Buffer.alloc(Math.min(left, CHUNK_BYTES));
      const got = readSync(file, chunk, 0, chunk.length, null);
      if (got === 0) break;
      chunks.push(chunk.subarray(0, got));
      left -= got;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(file);
  }
}

function notRegular(kind: string): Error {
  return new Error(`it is ${kind}, not a regular file`);
}
