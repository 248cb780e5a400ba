// Takes the place of Coroot's own agent on this host, and gives it back: its start type and state are remembered in the data folder.
import { readFileSync, rmSync } from 'node:fs';
import { win32 } from 'node:path';
import { AgentError, reasonOf } from '../base/errors.ts';
import { SERVICE_DISABLED } from '../native/advapi32/service-control.ts';
import { startService, stopService } from './control.ts';
import { MEMORY_FILE, SETTINGS_ACCESS, writeProtected } from './data-folder.ts';
import { statusOf } from './manager.ts';
import { OTHER_SERVICE_NAME } from './names.ts';
import { changeConfig, readConfig } from './service-config.ts';

interface Memory {
  readonly startType: number;
  readonly running: boolean;
}

/** Stops and disables it; false when there is nothing to do. Throws AgentError. */
export async function disableOther(dataFolder: string): Promise<boolean> {
  const config = readConfig(OTHER_SERVICE_NAME);
  const status = statusOf(OTHER_SERVICE_NAME);
  if (!config || !status) return false;
  const running = status.state !== 'stopped';
  if (!running && config.startType === SERVICE_DISABLED) return false;
  // Remembered first: a stop that fails half-way can then be undone. What an earlier replacement remembered is older and true.
  if (!readMemory(dataFolder)) {
    const memory: Memory = { startType: config.startType, running };
    writeProtected(win32.join(dataFolder, MEMORY_FILE), `${JSON.stringify(memory)}\n`, SETTINGS_ACCESS);
  }
  changeConfig(OTHER_SERVICE_NAME, { startType: SERVICE_DISABLED });
  if (running) await stopService(OTHER_SERVICE_NAME);
  return true;
}

/** How it would be given back; undefined when it was not replaced. */
export function rememberedOther(dataFolder: string): Memory | undefined {
  return readMemory(dataFolder);
}

/** Gives it its start type back and starts it if it ran; false when it was not replaced. Throws AgentError. */
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
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AgentError('SERVICE_FAILED', { action: `reading ${file}`, reason: reasonOf(error) }, { cause: error });
  }
  try {
    const { startType, running } = JSON.parse(text) as Partial<Memory>;
    if (startType !== undefined && [0, 1, 2, 3, 4].includes(startType) && typeof running === 'boolean')
      return { startType, running };
  } catch {
    // Falls through to the one complaint.
  }
  throw new AgentError('SERVICE_FAILED', {
    action: `reading ${file}`,
    reason: 'it is not what the agent wrote; remove it',
  });
}
