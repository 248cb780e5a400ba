// Replaces Coroot's own agent and restores it: its start type and state are saved in the data folder.
import { rmSync } from 'node:fs';
import { win32 } from 'node:path';
import { AgentError, reasonOf } from '../base/errors.ts';
import { readSmallFile } from '../base/small-file.ts';
import { SERVICE_DISABLED } from '../native/advapi32/service-control.ts';
import { startService, stopService } from './control.ts';
import { SETTINGS_ACCESS, writeProtected } from './data-folder.ts';
import { MEMORY_FILE } from './folder-faults.ts';
import { OTHER_SERVICE_NAME } from './names.ts';
import { statusOf } from './scm.ts';
import { changeConfig, readConfig } from './service-config.ts';

interface Memory {
  readonly startType: number;
  readonly running: boolean;
}

/** Stops and disables the other agent; false if there is nothing to do. Throws AgentError. */
export async function disableOther(dataFolder: string): Promise<boolean> {
  const config = readConfig(OTHER_SERVICE_NAME);
  const status = statusOf(OTHER_SERVICE_NAME);
  if (!config || !status) return false;
  const running = status.state !== 'stopped';
  if (!running && config.startType === SERVICE_DISABLED) return false;
  // Saved first, so that a stop that fails half-way can be undone. The state saved by an earlier replacement is the
  // original one.
  if (!readMemory(dataFolder)) {
    const memory: Memory = { startType: config.startType, running };
    writeProtected(win32.join(dataFolder, MEMORY_FILE), `${JSON.stringify(memory)}\n`, SETTINGS_ACCESS);
  }
  changeConfig(OTHER_SERVICE_NAME, { startType: SERVICE_DISABLED });
  if (running) await stopService(OTHER_SERVICE_NAME);
  return true;
}

/** The saved start type and state; undefined if the other agent was not replaced. */
export function rememberedOther(dataFolder: string): Memory | undefined {
  return readMemory(dataFolder);
}

/** Restores the start type and starts the other agent if it ran; false if it was not replaced. Throws AgentError. */
export async function restoreOther(dataFolder: string): Promise<boolean> {
  const memory = readMemory(dataFolder);
  if (!memory) return false;
  changeConfig(OTHER_SERVICE_NAME, { startType: memory.startType });
  if (memory.running) await startService(OTHER_SERVICE_NAME);
  rmSync(win32.join(dataFolder, MEMORY_FILE));
  return true;
}

function readMemory(dataFolder: string): Memory | undefined {
  const file = win32.join(dataFolder, MEMORY_FILE);
  let text: string;
  try {
    text = readSmallFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AgentError('SERVICE_FAILED', { action: `reading ${file}`, reason: reasonOf(error) }, { cause: error });
  }
  try {
    const { startType, running } = JSON.parse(text) as Partial<Memory>;
    if (startType !== undefined && [0, 1, 2, 3, 4].includes(startType) && typeof running === 'boolean')
      return { startType, running };
  } catch {
    // Falls through to the error below.
  }
  throw new AgentError('SERVICE_FAILED', {
    action: `reading ${file}`,
    reason: 'its content was not written by the agent; remove it',
  });
}
