// Reserves a folder for one process, so that two agents do not mix their payloads.
import { link, lstat, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Another process uses the folder. */
export class FolderInUse extends Error {}

export const LOCK_NAME = 'lock';

/**
 * Open without sharing: Windows ends this when the process ends, in whatever way. Node has no name for the flag.
 * https://docs.libuv.org/en/v1.x/fs.html#c.UV_FS_O_EXLOCK
 */
const UV_FS_O_EXLOCK = 0x10000000;
const WINDOWS_RDWR_CREAT = 0x0102;

/** Locks of this process, because its own pid in a file may also be that of an earlier process. */
const held = new Set<string>();

/** Resolves with a function that ends the reservation. Rejects with FolderInUse, or the errors of Node. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, LOCK_NAME);
  if (held.has(path)) throw new FolderInUse('this process uses it already');
  held.add(path);
  try {
    const release = process.platform === 'win32' ? await lockOnWindows(path) : await lockByPid(path);
    return async () => {
      held.delete(path);
      await release();
    };
  } catch (error) {
    held.delete(path);
    throw error;
  }
}

async function lockOnWindows(path: string): Promise<() => Promise<void>> {
  const file = await open(path, WINDOWS_RDWR_CREAT | UV_FS_O_EXLOCK).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EBUSY') throw new FolderInUse('another process uses it');
    throw error;
  });
  return () => file.close();
}

/** The file appears with its content, by a hard link. */
async function lockByPid(path: string): Promise<() => Promise<void>> {
  const temporary = `${path}.${process.pid}.tmp`;
  const own = `${process.pid} ${(await startOf(process.pid)) ?? ''}\n`;
  await rm(temporary, { force: true });
  await writeFile(temporary, own, { flag: 'wx', mode: 0o600 });
  try {
    while (!(await tryLink(temporary, path, own))) {
      const content = await contentOf(path);
      const owner = await runningOwner(content);
      if (owner !== undefined) throw new FolderInUse(`process ${owner} uses it`);
      await removeStale(path, content);
    }
  } finally {
    await rm(temporary, { force: true });
  }
  return () => rm(path, { force: true });
}

/** Where the file system has no hard links, the file is created and then written. */
async function tryLink(from: string, to: string, content: string): Promise<boolean> {
  try {
    await link(from, to).catch(async (error: NodeJS.ErrnoException) => {
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(error.code ?? '')) throw error;
      await writeFile(to, content, { flag: 'wx', mode: 0o600 });
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Empty for anything that is not a small regular file. */
async function contentOf(path: string): Promise<string> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isFile() && stats.size < 100 ? await readFile(path, 'utf8').catch(() => '') : '';
}

/** Removes the lock of a process that ended, unless another process has just replaced it by its own. */
async function removeStale(path: string, content: string): Promise<void> {
  const aside = `${path}.${process.pid}.stale.tmp`;
  await rename(path, aside);
  if ((await contentOf(aside)) !== content) await tryLink(aside, path, content);
  await rm(aside, { force: true, recursive: true });
}

/** The pid in a lock, if that process still runs; a pid may belong to another process by now. */
async function runningOwner(content: string): Promise<number | undefined> {
  const [, pidText, start] = /^(\d{1,10}) (\d*)\n$/.exec(content) ?? [];
  const pid = Number(pidText ?? 0);
  if (pid === 0 || pid === process.pid || !isRunning(pid)) return undefined;
  const present = await startOf(pid);
  return start === '' || present === undefined || present === start ? pid : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process started, in ticks since boot: proc_pid_stat(5), field 22. Undefined where there is no /proc. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may have spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
