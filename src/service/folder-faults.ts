// Checks whether other accounts can change or read the data folder and what is in it.
import { randomBytes } from 'node:crypto';
import { win32 } from 'node:path';
import { AgentError, reasonOf } from '../base/errors.ts';
import { serviceSid } from '../base/sid.ts';
import { SPOOL_FOLDER } from '../base/spool-folder.ts';
import { ERROR_ACCESS_DENIED, Win32Error } from '../native/win32-error.ts';
import { SERVICE_NAME } from './names.ts';
import { type FoundFile, type SecureFiles, windowsFiles } from './secure-files.ts';
import { type AccessRules, mayReplace, unsafeAccess } from './security-descriptor.ts';
import { ADMINISTRATORS_SID, SYSTEM_SID } from './sid.ts';

export const SETTINGS_FILE = 'settings.json';
/** Start type and state of Coroot's own agent while it is replaced. */
export const MEMORY_FILE = 'coroot-windows-agent.json';

/** Files that the service may read but not change. */
const NOT_FOR_SERVICE: ReadonlySet<string> = new Set([SETTINGS_FILE, MEMORY_FILE]);

/** Case does not distinguish names on Windows. */
export function isNotForService(path: string, folder: string): boolean {
  return win32.dirname(path) === folder && NOT_FOR_SERVICE.has(win32.basename(path).toLowerCase());
}

const service = serviceSid(SERVICE_NAME);
/**
 * The built-in installer owns some folders on Windows.
 * https://learn.microsoft.com/windows/win32/secauthz/well-known-sids
 */
const TRUSTED_INSTALLER = serviceSid('TrustedInstaller');
export const ADMINISTRATIVE: readonly string[] = [SYSTEM_SID, ADMINISTRATORS_SID, TRUSTED_INSTALLER];

export interface Fault {
  readonly path: string;
  readonly isFolder: boolean;
  /**
   * `link`: a junction or symbolic link; `change`: other accounts may change it, or it cannot be checked; `read`: other
   * accounts may only read it; `rename`: the service may rename the folder itself.
   */
  readonly kind: 'link' | 'change' | 'read' | 'rename';
  /** Of the account, if there is one. */
  readonly sid: string;
  readonly reason: string;
}

/** Beyond this many faults the rest is not checked: an attacker could have put millions of files in the folder. */
const MAX_FAULTS = 20;

/**
 * What makes the folder or an entry at any depth unsafe; undefined if it does not exist. `self` is the account of this
 * process. Each file is checked, because a file that was moved into the folder keeps its access list. Payloads in the
 * queues of the spool are not: they may be too many for a start, and the spool checks each when it reads it.
 */
export function folderFaults(
  folder: string,
  self: string | undefined,
  files: SecureFiles = windowsFiles,
): Fault[] | undefined {
  const trusted = new Set([...ADMINISTRATIVE, ...(self ? [self] : [])]);
  const withService = new Set([...trusted, service]);
  // The account of this process may be that of the service.
  trusted.delete(service);
  const onlyRead: AccessRules = { mayChange: trusted, mayRead: withService };
  const content: AccessRules = { mayChange: withService, mayRead: withService };

  const top = faultsOf(folder, content, files);
  if (!top) return undefined;
  const { found, faults } = top;
  if (found && !found.reparsePoint) {
    const entry = { path: folder, isFolder: true, sid: service };
    if (found.access.owner === service && !trusted.has(service))
      faults.push({ ...entry, kind: 'change', reason: 'its owner is the service, which may have replaced it' });
    else if (mayReplace(found.access, service))
      faults.push({ ...entry, kind: 'rename', reason: 'the service may rename it' });
  }
  const spool = win32.join(folder, SPOOL_FOLDER);
  const folders = found?.isFolder && !found.reparsePoint ? [folder] : [];
  for (let current = folders.pop(); current && faults.length < MAX_FAULTS; current = folders.pop()) {
    for (const path of entriesOf(current, files)) {
      if (faults.length >= MAX_FAULTS) break;
      const entry = faultsOf(path, isNotForService(path, folder) ? onlyRead : content, files);
      if (!entry) continue;
      faults.push(...entry.faults);
      if (entry.found?.isFolder && !entry.found.reparsePoint && current !== spool) folders.push(path);
    }
  }
  return faults;
}

/** Undefined if there is nothing at the path; without `found` it cannot be read. */
export function faultsOf(
  path: string,
  rules: AccessRules,
  files: SecureFiles,
): { readonly found?: FoundFile; readonly faults: Fault[] } | undefined {
  try {
    const found = files.read(path);
    if (!found) return undefined;
    const entry = { path, isFolder: found.isFolder };
    const faults: Fault[] = found.reparsePoint
      ? [{ ...entry, kind: 'link', sid: '', reason: 'it is a link to somewhere else' }]
      : unsafeAccess(found.access, rules).map((fault) => ({ ...entry, ...fault }));
    return { found, faults };
  } catch (error) {
    const reason = `its access list cannot be read: ${reasonOf(error)}`;
    return { faults: [{ path, isFolder: true, kind: 'change', sid: '', reason }] };
  }
}

function entriesOf(folder: string, files: SecureFiles): string[] {
  try {
    return files.list(folder).map((name) => win32.join(folder, name));
  } catch {
    // The access list of the folder itself reports why it cannot be listed.
    return [];
  }
}

/** Whether this process may not even read the access list of the folder. */
export function isAccessDenied(folder: string, files: SecureFiles = windowsFiles): boolean {
  try {
    files.read(folder);
    return false;
  } catch (error) {
    return error instanceof Win32Error && error.code === ERROR_ACCESS_DENIED;
  }
}

/** Throws DATA_FOLDER_UNSAFE, with the command that repairs it. */
export function checkDataFolder(folder: string, self: string | undefined, files: SecureFiles = windowsFiles): void {
  const faults = folderFaults(folder, self, files) ?? [];
  if (faults.length === 0) return;
  throw new AgentError('DATA_FOLDER_UNSAFE', {
    folder,
    reason: faultText(faults),
    command: repairCommand(folder, faults),
  });
}

/** The faults as one text. */
export function faultText(faults: readonly Fault[]): string {
  const texts = faults.map(({ path, reason }) => `${path}: ${reason}`);
  return faults.length < MAX_FAULTS ? texts.join('; ') : `${texts.join('; ')}; the rest was not checked`;
}

/** A name for the present folder that no other account can know before. */
export function asideName(folder: string): string {
  return `${folder}.unsafe-${randomBytes(8).toString('hex')}`;
}

/** Removes the link itself, for an elevated cmd. */
export function removeLink({ path, isFolder }: Fault): string {
  return `${isFolder ? 'rmdir' : 'del'} "${path}"`;
}

/**
 * For an elevated cmd; none of the commands follows a link. A folder that others could change is only renamed: whatever
 * is in it, or still held open in it, is theirs.
 */
function repairCommand(folder: string, faults: readonly Fault[]): string {
  const links = faults.filter(({ kind }) => kind === 'link');
  const top = links.find(({ path }) => path === folder);
  if (top) return removeLink(top);
  if (faults.some(({ kind }) => kind === 'change')) return `ren "${folder}" "${win32.basename(asideName(folder))}"`;
  if (links.length > 0) return links.map(removeLink).join(' & ');
  if (faults.some(({ kind, sid }) => kind === 'rename' || sid === '')) return 'coroot-agent service install';
  return faults
    .flatMap(({ path, sid }) => [`icacls "${path}" /inheritance:d /L`, `icacls "${path}" /remove:g "*${sid}" /L`])
    .join(' & ');
}
