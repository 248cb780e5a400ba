// The processes of one Wine instance, known by a mark in their environment, and how they are ended.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The environment variable that every process of an instance inherits, Wine's own helpers and services included. */
export const instanceMark = 'WINE_TEST_INSTANCE';

/** Ids of the processes on this machine that belong to the instance. */
export function instanceProcesses(id: string): number[] {
  const mark = `${instanceMark}=${id}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(mark))
    .map(Number);
}

/** Waits until the instance has no process any more; after `patienceMs` what is left is killed by its id. */
export async function endProcesses(id: string, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (instanceProcesses(id).length > 0) {
    if (Date.now() > deadline) killProcesses(id, 'SIGKILL');
    await sleep(50);
  }
}

/** Sends a signal to every process of the instance at once. */
export function killProcesses(id: string, signal: NodeJS.Signals): void {
  for (const pid of instanceProcesses(id)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended in between.
    }
  }
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
