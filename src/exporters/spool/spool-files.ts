// The file system as the spool uses it.
import { constants } from 'node:fs';
import { lstat, mkdir, open, opendir, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../base/sync-folder.ts';
import { lockFolder } from './folder-lock.ts';
import { DamagedPayload } from './payload-file.ts';

export interface FoundFile {
  readonly name: string;
  /** `other`: links, pipes, sockets and devices. */
  readonly type: 'file' | 'folder' | 'other';
}

/** All methods reject with the errors of Node. */
export interface SpoolFiles {
  /** Creates a folder that only its owner can read, with those above it; nothing happens if it is there. */
  createFolder(path: string): Promise<void>;
  list(folder: string): Promise<FoundFile[]>;
  /** Bytes of a regular file, undefined for anything else; a link is not followed. */
  sizeOf(path: string): Promise<number | undefined>;
  /** A regular file of at most `limit` bytes; a link is not followed. Rejects with DamagedPayload for others. */
  read(path: string, limit: number): Promise<Buffer>;
  /** Creates a file that only its owner can read, and resolves when its content is on disk. It must not exist. */
  create(path: string, parts: readonly Uint8Array[]): Promise<void>;
  /** Replaces what is at the new path. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file, or a link itself. Nothing happens if it is not there. */
  remove(path: string): Promise<void>;
  /** Resolves when names in the folder are on disk. Windows cannot do this, NTFS orders changes in its journal. */
  syncFolder(folder: string): Promise<void>;
  /** Reserves the folder for this process until the returned function is called. Rejects with FolderInUse. */
  lock(folder: string): Promise<() => Promise<void>>;
}

const LIST_PART = 500;

/** Windows has none of these flags: there the data folder is protected by its access list. */
const NO_FOLLOW = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export const diskFiles: SpoolFiles = {
  createFolder,

  async list(folder) {
    const found: FoundFile[] = [];
    // In parts, so that other work runs in between.
    for await (const entry of await opendir(folder, { bufferSize: LIST_PART }))
      found.push({ name: entry.name, type: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other' });
    return found;
  },

  async sizeOf(path) {
    const stats = await lstat(path);
    return stats.isFile() ? stats.size : undefined;
  },

  async read(path, limit) {
    await using file = await open(path, constants.O_RDONLY | NO_FOLLOW).catch((error: NodeJS.ErrnoException) => {
      // A link, a socket and, on Windows, a folder cannot be opened.
      if (['ELOOP', 'ENXIO', 'EISDIR'].includes(error.code ?? '')) throw new DamagedPayload('it is not a regular file');
      throw error;
    });
    const stats = await file.stat();
    if (!stats.isFile()) throw new DamagedPayload('it is not a regular file');
    if (stats.size > limit) throw new DamagedPayload(`it has ${stats.size} bytes, more than ${limit}`);
    const content = Buffer.allocUnsafeSlow(stats.size);
    let length = 0;
    while (length < content.length) {
      const { bytesRead } = await file.read(content, length, content.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return content.subarray(0, length);
  },

  async create(path, parts) {
    await using file = await open(path, 'wx', 0o600);
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  },

  rename,

  async remove(path) {
    try {
      await unlink(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  },

  syncFolder,

  lock: lockFolder,
};

/** The option `recursive` of `mkdir` never returns below a folder such as /proc, which answers ENOENT. */
async function createFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const parent = dirname(path);
    // Windows answers EPERM for the root of a drive.
    if (code !== 'ENOENT' && (await isFolder(path))) return;
    if (code !== 'ENOENT' || parent === path) throw error;
    await createFolder(parent);
    await mkdir(path, { mode: 0o700 }).catch(async (failure: unknown) => {
      if (!(await isFolder(path))) throw failure;
    });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** Codes of a file that another program has open on Windows, e.g. a virus scanner, for a short time. */
const busyCodes = new Set(['EBUSY', 'EPERM', 'EACCES']);
const RETRY_PAUSES_MS = [10, 50, 200];

/** Repeats an operation that failed because another program has the file open. */
export async function whileBusy<T>(operation: () => Promise<T>, pause: (ms: number) => Promise<void>): Promise<T> {
  for (const pauseMs of RETRY_PAUSES_MS) {
    try {
      return await operation();
    } catch (error) {
      if (!busyCodes.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await pause(pauseMs);
    }
  }
  return await operation();
}
