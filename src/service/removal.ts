// The steps of uninstalling: everything that the installation created, and what the service left on disk.
import { rmSync } from 'node:fs';
import { serviceSid } from '../base/sid.ts';
import { faultText, folderFaults } from './folder-faults.ts';
import { isMember, removeMember } from './groups.ts';
import { EVENT_SOURCE_KEY } from './installation.ts';
import { SERVICE_NAME } from './names.ts';
import { deleteKey, readValue } from './registry.ts';
import { GROUPS } from './rights.ts';
import { deleteService, readConfig } from './service-config.ts';

export interface Removal {
  readonly what: string;
  readonly remove: () => void;
}

/** Everything that exists and must be removed, in order; the service must have stopped. Throws Win32Error. */
export function removals(dataFolder: string, keepData: boolean, self: string | undefined): Removal[] {
  const found: Removal[] = [];
  // Memberships first: the virtual account disappears with the service.
  for (const { sid, name } of GROUPS) {
    const member = serviceSid(SERVICE_NAME);
    if (attempt(() => isMember(sid, member)))
      found.push({ what: `membership in ${name}`, remove: () => removeMember(sid, member) });
  }
  if (readConfig(SERVICE_NAME))
    found.push({ what: `service ${SERVICE_NAME}`, remove: () => void deleteService(SERVICE_NAME) });
  if (readValue(EVENT_SOURCE_KEY, 'EventMessageFile'))
    found.push({ what: 'event source', remove: () => void deleteKey(EVENT_SOURCE_KEY) });
  const faults = keepData ? undefined : folderFaults(dataFolder, self);
  if (faults) {
    found.push({
      what: `data folder ${dataFolder}, with settings and reports`,
      remove: () => {
        // An account that can change a folder can put a link to another one in it during the deletion.
        if (faults.some(({ kind }) => kind === 'change' || kind === 'link'))
          throw new Error(`${faultText(faults)}; delete it by hand after a look at it`);
        // Links inside are removed, not followed.
        rmSync(dataFolder, { recursive: true, force: true });
      },
    });
  }
  return found;
}

/** False also if this edition of Windows does not have the group. */
function attempt(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
