// The runs that use one Wine prefix at a time: each has its own folder for logs, which names its process.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './build-once.ts';

const ownerName = 'owner';

export interface WineRun {
  /** Folder for the output of the run's programs. */
  readonly logs: string;
  /** True while another process runs programs in the same prefix. */
  isShared(): boolean;
  /** Removes the logs; the prefix is not shared with this run any more. */
  close(): void;
}

/** Registers a run in the folder of an instance, and removes the logs of runs that were killed. */
export function openWineRun(folder: string, runId: string): WineRun {
  const runs = join(folder, 'logs');
  const logs = join(runs, runId);
  mkdirSync(logs, { recursive: true });
  writeFileSync(join(logs, ownerName), String(process.pid));
  const others = (): string[] => readdirSync(runs).filter((name) => name !== runId);
  for (const name of others())
    if (!isActive(join(runs, name))) rmSync(join(runs, name), { recursive: true, force: true });
  return {
    logs,
    isShared: () => existsSync(runs) && others().some((name) => isActive(join(runs, name))),
    close: () => rmSync(logs, { recursive: true, force: true }),
  };
}

function isActive(run: string): boolean {
  try {
    return isAlive(Number(readFileSync(join(run, ownerName), 'utf8')));
  } catch {
    return false;
  }
}
