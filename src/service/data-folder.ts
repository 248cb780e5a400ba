// The data folder below ProgramData: its access lists, its creation and repair, and how its files are replaced.
import { renameSync, writeFileSync } from 'node:fs';
import { reasonOf } from '../base/errors.ts';
import { serviceSid } from '../base/sid.ts';
import { type Fault, folderFaults, isNotForService, removeLink } from './folder-faults.ts';
import { SERVICE_NAME } from './names.ts';
import { createFile, type SecureFiles, windowsFiles } from './secure-files.ts';
import { type Access, FULL_ACCESS, MODIFY_ACCESS, MODIFY_IN_PLACE_ACCESS, READ_ACCESS } from './security-descriptor.ts';
import { ADMINISTRATORS_SID, SYSTEM_SID } from './sid.ts';

export const CRASH_FOLDER = 'crashes';

const service = serviceSid(SERVICE_NAME);
const administrators = [SYSTEM_SID, ADMINISTRATORS_SID].map((sid) => ({ sid, mask: FULL_ACCESS }));

/**
 * The service may use the content but neither rename, delete nor re-own the folder itself: it could then put another
 * one with other settings in its place.
 */
export const FOLDER_ACCESS: Access = {
  owner: ADMINISTRATORS_SID,
  aces: [
    ...administrators,
    { sid: service, mask: MODIFY_IN_PLACE_ACCESS, scope: 'folder' },
    { sid: service, mask: MODIFY_ACCESS, scope: 'content' },
  ],
};
/** What files and folders in it inherit. */
export const CONTENT_ACCESS: Access = {
  owner: ADMINISTRATORS_SID,
  aces: [...administrators, { sid: service, mask: MODIFY_ACCESS }],
};
/** The service must not be able to change its own settings. */
export const SETTINGS_ACCESS: Access = {
  owner: ADMINISTRATORS_SID,
  aces: [...administrators, { sid: service, mask: READ_ACCESS }],
};

/** Creates the folder if it is missing; returns whether it did. Throws Win32Error. */
export function createDataFolder(folder: string, files: SecureFiles = windowsFiles): boolean {
  if (files.read(folder)) return false;
  files.createFolder(folder, FOLDER_ACCESS);
  return true;
}

/**
 * Creates the folder, or makes it safe. A folder that other accounts could change is renamed to `aside` and replaced
 * by an empty one, and nothing is copied: handles that they opened before stay valid on the old one. Access lists that
 * only let others read are reset. Throws if there is a link, which is never followed, and if a step fails.
 */
export function secureDataFolder(
  folder: string,
  aside: string,
  self: string | undefined,
  files: SecureFiles = windowsFiles,
): void {
  const faults = folderFaults(folder, self, files);
  if (!faults) files.createFolder(folder, FOLDER_ACCESS);
  else if (!refuseLink(faults.filter(({ path }) => path === folder)) && faults.some(({ kind }) => kind === 'change')) {
    moveAside(folder, aside, files);
    files.createFolder(folder, FOLDER_ACCESS);
  } else {
    refuseLink(faults);
    for (const { path, isFolder } of faults)
      files.setAccess(path, accessOf(path, folder), isFolder ? 'folder' : 'file');
  }
  const left = folderFaults(folder, self, files)?.[0];
  if (left) throw new Error(`${left.path}: ${left.reason}, also after the repair; run the command again`);
}

function accessOf(path: string, folder: string): Access {
  if (path === folder) return FOLDER_ACCESS;
  return isNotForService(path, folder) ? SETTINGS_ACCESS : CONTENT_ACCESS;
}

/** Throws for the first link, with the command that removes it; false if there is none. */
function refuseLink(faults: readonly Fault[]): false {
  const link = faults.find(({ kind }) => kind === 'link');
  if (link) throw new Error(`${link.path} is a link to somewhere else; remove the link: ${removeLink(link)}`);
  return false;
}

function moveAside(folder: string, aside: string, files: SecureFiles): void {
  try {
    files.rename(folder, aside);
  } catch (error) {
    throw new Error(
      `it cannot be moved to ${aside}: ${reasonOf(error)}; close the programs that have files in it open, or restart ` +
        'Windows, and run the command again',
      { cause: error },
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
