// The data folder below ProgramData: its access lists, the check whether they are in place, and their repair.
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
/** Start type and state of Coroot's own agent while it is replaced. */
export const MEMORY_FILE = 'coroot-windows-agent.json';

/** Files that the service may read but not change. */
const NOT_FOR_SERVICE: ReadonlySet<string> = new Set([SETTINGS_FILE, MEMORY_FILE]);

const service = serviceSid(SERVICE_NAME);
const administrators = [SYSTEM_SID, ADMINISTRATORS_SID].map((sid) => ({ sid, mask: FULL_ACCESS }));

/** The service may use the folder but not change its access list; files inherit this. */
export const FOLDER_ACCESS: Access = {
  owner: ADMINISTRATORS_SID,
  aces: [...administrators, { sid: service, mask: MODIFY_ACCESS }],
};
/** The service must not be able to change its own settings. */
export const SETTINGS_ACCESS: Access = {
  owner: ADMINISTRATORS_SID,
  aces: [...administrators, { sid: service, mask: READ_ACCESS }],
};

/**
 * The built-in installer owns some folders on Windows.
 * https://learn.microsoft.com/windows/win32/secauthz/well-known-sids
 */
const TRUSTED_INSTALLER = serviceSid('TrustedInstaller');

export interface Fault {
  readonly path: string;
  readonly reason: string;
}

/** Entries of the folder that are checked one by one. */
const MAX_ENTRIES = 1000;

/**
 * What makes the folder or an entry in it unsafe; undefined if it does not exist. `self` is the account of this
 * process.
 */
export function folderFaults(folder: string, self: string | undefined): Fault[] | undefined {
  if (!isThere(folder)) return undefined;
  const trusted = new Set([SYSTEM_SID, ADMINISTRATORS_SID, TRUSTED_INSTALLER, service, ...(self ? [self] : [])]);
  return [folder, ...entriesOf(folder)].flatMap((path) =>
    accessFaults(path, trusted).map((reason) => ({ path, reason })),
  );
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .slice(0, MAX_ENTRIES)
      .map((name) => win32.join(folder, name));
  } catch {
    // The access list of the folder itself reports why it cannot be listed.
    return [];
  }
}

/** Whether this process may not even read the access list of the folder. */
export function isAccessDenied(folder: string): boolean {
  try {
    readFile(folder);
    return false;
  } catch (error) {
    return error instanceof Win32Error && error.code === ERROR_ACCESS_DENIED;
  }
}

/**
 * The same for a file or folder of the program that the service runs: an account that can change it has the service's
 * rights.
 */
export function accessFaults(path: string, trusted: ReadonlySet<string>): string[] {
  try {
    const found = readFile(path);
    if (!found) return [];
    return found.reparsePoint ? ['it is a link to somewhere else'] : unsafeAccess(found.access, trusted);
  } catch (error) {
    return [`its access list cannot be read: ${reasonOf(error)}`];
  }
}

function isThere(folder: string): boolean {
  try {
    return readFile(folder) !== undefined;
  } catch {
    // An entry that may not be opened exists.
    return true;
  }
}

/** Throws DATA_FOLDER_UNSAFE, with the command that repairs it. */
export function checkDataFolder(folder: string, self: string | undefined): void {
  const faults = folderFaults(folder, self) ?? [];
  if (faults.length === 0) return;
  const reason = faults.map((fault) => `${fault.path}: ${fault.reason}`).join('; ');
  throw new AgentError('DATA_FOLDER_UNSAFE', { folder, reason, command: repairCommand(folder) });
}

/** For an elevated cmd; `service install` does the same. */
function repairCommand(folder: string): string {
  const grant = (sid: string, right: string): string => `*${sid}:(OI)(CI)${right}`;
  const grants = [grant(SYSTEM_SID, 'F'), grant(ADMINISTRATORS_SID, 'F'), grant(service, 'M')]
    .map((each) => `"${each}"`)
    .join(' ');
  return [
    `icacls "${folder}" /setowner "*${ADMINISTRATORS_SID}" /T`,
    `icacls "${folder}" /reset /T`,
    `icacls "${folder}" /inheritance:r /grant:r ${grants}`,
  ].join(' & ');
}

/** Creates the folder if it is missing; returns whether it did. Throws Win32Error. */
export function createDataFolder(folder: string): boolean {
  if (readFile(folder)) return false;
  createFolder(folder, FOLDER_ACCESS);
  return true;
}

/**
 * Resets the access lists of the folder and everything in it. Links are not followed and cannot be repaired. Throws.
 */
export function repairDataFolder(folder: string): void {
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

/** Replaces a file of the folder atomically; it never exists with another access list. Throws. */
export function writeProtected(path: string, text: string, access: Access): void {
  const temporary = `${path}.${process.pid}.new`;
  createFile(temporary, access);
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
