// Files with access lists in memory, in place of the file system of Windows.
import { win32 } from 'node:path';
import { ERROR_ACCESS_DENIED, Win32Error } from '../../src/native/win32-error.ts';
import type { FoundFile, SecureFiles } from '../../src/service/secure-files.ts';
import {
  type Access,
  encodeDescriptor,
  type FoundAccess,
  parseDescriptor,
} from '../../src/service/security-descriptor.ts';

export const SYSTEM = 'S-1-5-18';
export const ADMINISTRATORS = 'S-1-5-32-544';
export const USERS = 'S-1-5-32-545';
export const AUTHENTICATED_USERS = 'S-1-5-11';
/** An ordinary user. */
export const MALLORY = 'S-1-5-21-1-2-3-1001';

/** SID and mask; inherit-only with a third value. */
export type Entry = readonly [sid: string, mask: number, inheritOnly?: boolean];

export const FULL = 0x1f01ff;
/** As `icacls` shows them: M and RX. */
export const MODIFY = 0x1301bf;
export const READ_EXECUTE = 0x1200a9;

export interface FakeFile {
  readonly owner?: string;
  readonly entries?: readonly Entry[];
  readonly isFolder?: boolean;
  readonly link?: boolean;
  /** READ_CONTROL is denied. */
  readonly denied?: boolean;
}

/** Only SYSTEM and Administrators have rights, unless a file says otherwise. */
export class FakeFiles implements SecureFiles {
  readonly paths = new Map<string, FoundFile | 'denied'>();
  /** Changes, in order: `createFolder PATH`, `setAccess PATH`, `rename PATH TO`. */
  readonly calls: string[] = [];
  /** Called before a folder is created, as another program that runs at the same time. */
  beforeCreate = (): void => {};
  renameError: Error | undefined;

  constructor(files: Readonly<Record<string, FakeFile>>) {
    for (const [path, file] of Object.entries(files)) this.add(path, file);
  }

  add(path: string, { owner = ADMINISTRATORS, entries = [], isFolder = false, link = false, denied }: FakeFile): void {
    const all: readonly Entry[] = [[SYSTEM, FULL], [ADMINISTRATORS, FULL], ...entries];
    const access: FoundAccess = {
      owner,
      aces: all.map(([sid, mask, inheritOnly = false]) => ({ sid, mask, inheritOnly, type: 0 })),
    };
    this.paths.set(path, denied ? 'denied' : { reparsePoint: link, isFolder, access });
  }

  read(path: string): FoundFile | undefined {
    const found = this.paths.get(path);
    if (found === 'denied') throw new Win32Error('CreateFileW', ERROR_ACCESS_DENIED);
    return found;
  }

  list(folder: string): string[] {
    const found = this.paths.get(folder);
    if (found === 'denied' || found?.reparsePoint || !found?.isFolder) throw new Error(`listed ${folder}`);
    return [...this.paths.keys()].filter((path) => win32.dirname(path) === folder && path !== folder).map(nameOf);
  }

  createFolder(path: string, access: Access): void {
    this.beforeCreate();
    this.calls.push(`createFolder ${path}`);
    if (this.paths.has(path)) throw new Win32Error('CreateDirectoryW', 183);
    this.#set(path, access, 'folder');
  }

  setAccess(path: string, access: Access, kind: 'folder' | 'file'): void {
    this.calls.push(`setAccess ${path}`);
    if ((this.paths.get(path) as FoundFile).reparsePoint) throw new Error(`a link got an access list: ${path}`);
    this.#set(path, access, kind);
  }

  rename(path: string, to: string): void {
    this.calls.push(`rename ${path} ${to}`);
    if (this.renameError) throw this.renameError;
    for (const [each, file] of [...this.paths]) {
      if (each !== path && !each.startsWith(`${path}\\`)) continue;
      this.paths.delete(each);
      this.paths.set(to + each.slice(path.length), file);
    }
  }

  #set(path: string, access: Access, kind: 'folder' | 'file'): void {
    const found = parseDescriptor(encodeDescriptor(access, kind));
    this.paths.set(path, { reparsePoint: false, isFolder: kind === 'folder', access: found });
  }
}

const nameOf = (path: string): string => win32.basename(path);
