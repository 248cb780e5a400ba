// The data folder below ProgramData: who may do what in it, whether that is so, and how it is put right.
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { win32 } from 'node:path';
import { AgentError, reasonOf } from '../base/errors.ts';
import { serviceSid } from '../base/sid.ts';
import { ERROR_ACCESS_DENIED, Win32Error } from '../native/win32-error.ts';
import { SERVICE_NAME } from './names.ts';
import { createFile, createFolder, readFile, setAccess } from './secure-files.ts';
import { type Access, FULL_ACCESS, MODIFY_ACCESS, READ_ACCESS, unsafeAccess } from './security-descriptor.ts';
import { ADMINISTRATORS_SID, SYSTEM_SID } from './sid.ts';

export const SETTINGS_FILE = 'settings.json';
export const CRASH_FOLDER = 'crashes';
/** What is remembered of Coroot's own agent while it is replaced. */
export const MEMORY_FILE = 'coroot-windows-agent.json';

/** Files that the service may read but not change. */
const NOT_FOR_SERVICE: ReadonlySet<string> = new Set([SETTINGS_FILE, MEMORY_FILE]);

const service = serviceSid(SERVICE_NAME);
const administrators = [SYSTEM_SID, ADMINISTRATORS_SID].map((sid) => ({ sid, mask: FULL_ACCESS }));

/** The service may use the folder but not change its rights; files in it inherit that. */
export const FOLDER_ACCESS: Access = {
  owner: ADMINISTRATORS_SID,
  aces: [...administrators, { sid: service, mask: MODIFY_ACCESS }],
};
/** What the service is to do is not the service's to change. */
export const SETTINGS_ACCESS: Access = {
  owner: ADMINISTRATORS_SID,
  aces: [...administrators, { sid: service, mask: READ_ACCESS }],
};

/** Windows gives files of services a built-in owner now and then: the installer's. https://learn.microsoft.com/windows/win32/secauthz/well-known-sids */
const TRUSTED_INSTALLER = serviceSid('TrustedInstaller');

export interface Fault {
  readonly path: string;
  readonly reason: string;
}

/** Entries of the folder that are looked at, each for itself. */
const MAX_ENTRIES = 1000;

/** What makes the folder or something directly in it unsafe; undefined when there is no such folder. `self` is the account of this process. */
export function folderFaults(folder: string, self: string | undefined): Fault[] | undefined {
  if (!isThere(folder)) return undefined;
  const trusted = new Set([SYSTEM_SID, ADMINISTRATORS_SID, TRUSTED_INSTALLER, service, ...(self ? [self] : [])]);
  return [folder, ...entriesOf(folder)].flatMap((path) => faultsOf(path, trusted).map((reason) => ({ path, reason })));
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .slice(0, MAX_ENTRIES)
      .map((name) => win32.join(folder, name));
  } catch {
    // Who may not list it is told so by its own rights.
    return [];
  }
}

/** Whether this process may not even read the rights of the folder. */
export function isOutOfReach(folder: string): boolean {
  try {
    readFile(folder);
    return false;
  } catch (error) {
    return error instanceof Win32Error && error.code === ERROR_ACCESS_DENIED;
  }
}

/** The same for a folder of programs that the service runs: whoever may change those has the rights of the service. */
export function faultsOf(path: string, trusted: ReadonlySet<string>): string[] {
  try {
    const found = readFile(path);
    if (!found) return [];
    return found.reparsePoint ? ['it is a link to somewhere else'] : unsafeAccess(found.access, trusted);
  } catch (error) {
    return [`its rights cannot be read: ${reasonOf(error)}`];
  }
}

function isThere(folder: string): boolean {
  try {
    return readFile(folder) !== undefined;
  } catch {
    // What may not even be looked at is there.
    return true;
  }
}

/** Throws DATA_FOLDER_UNSAFE, with the command that mends it. */
export function checkDataFolder(folder: string, self: string | undefined): void {
  const faults = folderFaults(folder, self) ?? [];
  if (faults.length === 0) return;
  const reason = faults.map((fault) => `${fault.path}: ${fault.reason}`).join('; ');
  throw new AgentError('DATA_FOLDER_UNSAFE', { folder, reason, command: mendingCommand(folder) });
}

/** For an elevated prompt; what `service install` does as well. */
function mendingCommand(folder: string): string {
  const grant = (sid: string, right: string): string => `*${sid}:(OI)(CI)${right}`;
  const grants = [grant(SYSTEM_SID, 'F'), grant(ADMINISTRATORS_SID, 'F'), grant(service, 'M')]
    .map((each) => `"${each}"`)
    .join(' ');
  return `icacls "${folder}" /setowner "*${ADMINISTRATORS_SID}" /T & icacls "${folder}" /reset /T & icacls "${folder}" /inheritance:r /grant:r ${grants}`;
}

/** Creates the folder when it is missing; true when it did. Throws Win32Error. */
export function createDataFolder(folder: string): boolean {
  if (readFile(folder)) return false;
  createFolder(folder, FOLDER_ACCESS);
  return true;
}

/** Puts rights right of the folder and all that is in it. A link is not followed and cannot be mended. Throws. */
export function mendDataFolder(folder: string): void {
  if (readFile(folder)?.reparsePoint)
    throw new Error(`${folder} is a link to somewhere else; remove it first (rmdir "${folder}")`);
  setAccess(folder, FOLDER_ACCESS, 'folder');
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = win32.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) setAccess(path, FOLDER_ACCESS, 'folder');
    else if (entry.isFile())
      setAccess(
        path,
        NOT_FOR_SERVICE.has(entry.name) && entry.parentPath === folder ? SETTINGS_ACCESS : FOLDER_ACCESS,
        'file',
      );
  }
}

/** Writes a file of the folder anew, whole or not at all; it never exists with other rights than these. Throws. */
export function writeProtected(path: string, text: string, access: Access): void {
  const temporary = `${path}.${process.pid}.new`;
  createFile(temporary, access);
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
