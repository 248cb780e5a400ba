// The file system as log files are read: calls by Node, which shares files also for renaming and deletion.
import { type BigIntStats, closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import type { Activity } from '../activity.ts';

export interface FileFacts {
  /** Volume and file number: it stays the same when the file is renamed. */
  readonly id: string;
  readonly size: number;
  /** When the file was created, in milliseconds since 1970. */
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  /** Whether it has no name any more, and is there only until it is closed. */
  readonly isDeleted: boolean;
}

/**
 * Calls throw the errors of Node. libuv opens files on Windows with FILE_SHARE_READ, FILE_SHARE_WRITE and
 * FILE_SHARE_DELETE (`fs__open` in https://github.com/libuv/libuv/blob/v1.x/src/win/fs.c), so that a file can be
 * rotated while it is read.
 */
export interface FileAccess {
  /** Undefined if there is no such file, or it is no regular file. */
  facts(path: string): FileFacts | undefined;
  open(path: string): number;
  factsOf(file: number): FileFacts | undefined;
  /** Returns the bytes that were read into the buffer, 0 at the end of the file. */
  read(file: number, buffer: Uint8Array, position: number): number;
  close(file: number): void;
  /** Names in a folder; none if there is no such folder. */
  list(folder: string): { readonly name: string; readonly isFolder: boolean }[];
}

const MISSING: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR']);

/** The activity shows which file a call hangs on. */
export function diskAccess(activity: Activity): FileAccess {
  return {
    facts(path) {
      return activity.during(`the status of ${path}`, () => {
        try {
          return factsFrom(statSync(path, { bigint: true }));
        } catch (error) {
          if (MISSING.has((error as NodeJS.ErrnoException).code)) return undefined;
          throw error;
        }
      });
    },
    open: (path) => activity.during(`opening ${path}`, () => openSync(path, 'r')),
    factsOf: (file) => factsFrom(fstatSync(file, { bigint: true })),
    read: (file, buffer, position) =>
      activity.during('reading a log file', () => readSync(file, buffer, 0, buffer.length, position)),
    close: (file) => closeSync(file),
    list(folder) {
      return activity.during(`listing ${folder}`, () => {
        try {
          return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
            name: entry.name,
            isFolder: entry.isDirectory(),
          }));
        } catch (error) {
          if (MISSING.has((error as NodeJS.ErrnoException).code)) return [];
          throw error;
        }
      });
    },
  };
}

/** As many of the bytes as there are. */
export function readAll(access: FileAccess, file: number, from: number, length: number): Uint8Array {
  const buffer = new Uint8Array(length);
  let got = 0;
  while (got < length) {
    const read = access.read(file, buffer.subarray(got), from + got);
    if (read === 0) break;
    got += read;
  }
  return buffer.subarray(0, got);
}

function factsFrom(stats: BigIntStats): FileFacts | undefined {
  if (!stats.isFile()) return undefined;
  return {
    id: `${stats.dev}-${stats.ino}`,
    size: Number(stats.size),
    createdAtMs: Number(stats.birthtimeMs),
    modifiedAtMs: Number(stats.mtimeMs),
    isDeleted: stats.nlink === 0n,
  };
}
