// Reads text files that must be small, without reading more than that.
import { closeSync, openSync, readSync } from 'node:fs';

/** Limit for settings files and argument files, bytes. */
export const SMALL_FILE_BYTES = 1024 * 1024;

/**
 * The text of a file, UTF-8 or (as older PowerShell writes) UTF-16 with a byte order mark, which is taken off.
 * Throws Node's error when it cannot be read, and an Error when it is larger than `SMALL_FILE_BYTES` or no text.
 */
export function readSmallFile(path: string): string {
  const bytes = readUpTo(path, SMALL_FILE_BYTES + 1);
  if (bytes.length > SMALL_FILE_BYTES) throw new Error(tooLarge);
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error('it is not UTF-8 text', { cause: error });
  }
}

export const tooLarge = `it is larger than ${SMALL_FILE_BYTES} bytes`;

/** Loops: pipes and devices give less than asked for, and their size is not known before. */
function readUpTo(path: string, limit: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(limit);
    let length = 0;
    while (length < limit) {
      const got = readSync(file, buffer, length, limit - length, null);
      if (got === 0) break;
      length += got;
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
}
