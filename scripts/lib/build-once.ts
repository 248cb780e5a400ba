// Builds a folder once: under a temporary name, renamed when complete, with a stamp of its inputs, one process at a
// time.
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const stampName = '.made-from';

/** SHA-256 over the contents of files, in hex. */
export function hashFiles(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

/**
 * Returns `folder`, built by `make` if it is missing or has another stamp. An interrupted build leaves nothing behind.
 */
export async function buildOnce(
  folder: string,
  stamp: string,
  make: (temporary: string) => Promise<void>,
): Promise<string> {
  if (isMade(folder, stamp)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const unlock = await lock(`${folder}.lock`);
  try {
    if (isMade(folder, stamp)) return folder;
    removeLeftovers(folder);
    const temporary = `${folder}.${process.pid}.tmp`;
    mkdirSync(temporary);
    await make(temporary);
    writeFileSync(join(temporary, stampName), stamp);
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
    return folder;
  } finally {
    removeLeftovers(folder);
    unlock();
  }
}

/** True when `folder` is complete and was made from `stamp`. */
export function isMade(folder: string, stamp: string): boolean {
  const path = join(folder, stampName);
  return existsSync(path) && readFileSync(path, 'utf8') === stamp;
}

/** True when a process with this id runs on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function removeLeftovers(folder: string): void {
  for (const name of readdirSync(dirname(folder))) {
    if (!name.startsWith(`${basename(folder)}.`) || !name.endsWith('.tmp')) continue;
    rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
}

async function lock(path: string): Promise<() => void> {
  for (;;) {
    try {
      const file = openSync(path, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    // A killed process leaves its lock behind; an empty lock file was created just now.
    const owner = readOwner(path);
    if (owner !== undefined && !isAlive(owner)) rmSync(path, { force: true });
    else await sleep(200);
  }
}

function readOwner(path: string): number | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text === '' ? undefined : Number(text);
  } catch {
    return undefined;
  }
}
