// Creates folders and files with their access lists from the start, reads access lists, and sets them.
import { readdirSync, renameSync } from 'node:fs';
import {
  DACL_SECURITY_INFORMATION,
  GetKernelObjectSecurity,
  OWNER_SECURITY_INFORMATION,
  PROTECTED_DACL_SECURITY_INFORMATION,
  READ_CONTROL,
  SetKernelObjectSecurity,
  WRITE_DAC,
  WRITE_OWNER,
} from '../native/advapi32/security.ts';
import { checkBool, checkHandle } from '../native/check.ts';
import { Handle } from '../native/handle.ts';
import {
  CloseHandle,
  CreateFileW,
  FILE_SHARE_READ,
  FILE_SHARE_WRITE,
  GetLastError,
  INVALID_HANDLE_VALUE,
  OPEN_EXISTING,
} from '../native/kernel32.ts';
import {
  BY_HANDLE_FILE_INFORMATION_BYTES,
  CREATE_NEW,
  CreateDirectoryW,
  FILE_ATTRIBUTE_DIRECTORY,
  FILE_ATTRIBUTE_NORMAL,
  FILE_ATTRIBUTE_REPARSE_POINT,
  FILE_FLAG_BACKUP_SEMANTICS,
  FILE_FLAG_OPEN_REPARSE_POINT,
  FILE_SHARE_DELETE,
  GENERIC_WRITE,
  GetFileInformationByHandle,
  SECURITY_ATTRIBUTES,
} from '../native/kernel32-files.ts';
import { withPointers } from '../native/pointers.ts';
import { ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, Win32Error } from '../native/win32-error.ts';
import { type Access, encodeDescriptor, type FoundAccess, parseDescriptor } from './security-descriptor.ts';

const DESCRIPTOR_BYTES = 64 * 1024;

/** A file or folder that exists. */
export interface FoundFile {
  /** A junction or a symbolic link. */
  readonly reparsePoint: boolean;
  /** A folder, or a link to one. */
  readonly isFolder: boolean;
  readonly access: FoundAccess;
}

/** The file system as far as access lists matter; links are never followed. */
export interface SecureFiles {
  /** Undefined if there is nothing. Throws Win32Error. */
  read(path: string): FoundFile | undefined;
  /** Names in a folder. Throws Node's error. */
  list(folder: string): string[];
  /** Throws Win32Error, also if it exists. */
  createFolder(path: string, access: Access): void;
  /** Throws Win32Error. */
  setAccess(path: string, access: Access, kind: 'folder' | 'file'): void;
  /** Throws Node's error, e.g. if a program has a file in the folder open. */
  rename(path: string, to: string): void;
}

export const windowsFiles: SecureFiles = {
  read: readFile,
  list: (folder) => readdirSync(folder),
  createFolder,
  setAccess,
  rename: renameSync,
};

/** Throws Win32Error, also if it exists. */
function createFolder(path: string, access: Access): void {
  const created = withAttributes(access, 'folder', (attributes) => CreateDirectoryW(path, attributes));
  checkBool('CreateDirectoryW', created);
}

/** Creates an empty file; throws Win32Error, also if it exists. */
export function createFile(path: string, access: Access): void {
  const file = withAttributes(access, 'file', (attributes) =>
    CreateFileW(path, GENERIC_WRITE, 0, attributes, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, null),
  );
  CloseHandle(checkFile(file));
}

/**
 * The access list of a file or folder itself, not of a link's target; undefined if it does not exist. Throws
 * Win32Error.
 */
function readFile(path: string): FoundFile | undefined {
  using file = openFile(path, READ_CONTROL);
  if (!file) return undefined;
  const information = Buffer.alloc(BY_HANDLE_FILE_INFORMATION_BYTES);
  checkBool('GetFileInformationByHandle', GetFileInformationByHandle(file.value, information));
  const descriptor = Buffer.alloc(DESCRIPTOR_BYTES);
  const wanted = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
  checkBool(
    'GetKernelObjectSecurity',
    GetKernelObjectSecurity(file.value, wanted, descriptor, descriptor.length, new Uint32Array(1)),
  );
  // dwFileAttributes is the first field.
  const attributes = information.readUInt32LE(0);
  return {
    reparsePoint: (attributes & FILE_ATTRIBUTE_REPARSE_POINT) !== 0,
    isFolder: (attributes & FILE_ATTRIBUTE_DIRECTORY) !== 0,
    access: parseDescriptor(descriptor),
  };
}

/** Sets owner and access list of a file or folder. Throws Win32Error. */
function setAccess(path: string, access: Access, kind: 'folder' | 'file'): void {
  using file = openFile(path, WRITE_DAC | WRITE_OWNER);
  if (!file) throw new Win32Error('CreateFileW', ERROR_FILE_NOT_FOUND);
  const parts = (OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION) >>> 0;
  checkBool('SetKernelObjectSecurity', SetKernelObjectSecurity(file.value, parts, encodeDescriptor(access, kind)));
}

function openFile(path: string, wanted: number): Handle | undefined {
  const flags = FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT;
  const file = CreateFileW(
    path,
    wanted,
    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
    null,
    OPEN_EXISTING,
    flags,
    null,
  );
  if (file !== null && file !== INVALID_HANDLE_VALUE) return new Handle(file, CloseHandle);
  const code = GetLastError();
  if (code === ERROR_FILE_NOT_FOUND || code === ERROR_PATH_NOT_FOUND) return undefined;
  throw new Win32Error('CreateFileW', code);
}

function checkFile(file: bigint | null): bigint {
  return checkHandle('CreateFileW', file === INVALID_HANDLE_VALUE ? null : file);
}

/** Calls a function that takes SECURITY_ATTRIBUTES. */
function withAttributes<R extends number | bigint | null>(
  access: Access,
  kind: 'folder' | 'file',
  call: (attributes: Buffer) => R,
): R {
  const descriptor = encodeDescriptor(access, kind);
  const { size, at } = SECURITY_ATTRIBUTES;
  const attributes = Buffer.alloc(size);
  attributes.writeUInt32LE(size, at.nLength);
  return withPointers((setPointer) => {
    setPointer(attributes, at.lpSecurityDescriptor, descriptor);
    return call(attributes);
  });
}
