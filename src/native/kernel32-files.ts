// kernel32.dll: creates files and folders with their own access lists, and reads their attributes.
import { layout, library } from './ffi.ts';

const kernel32 = library('kernel32.dll');

/** https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-createdirectoryw */
export const CreateDirectoryW = kernel32.func<(lpPathName: string, lpSecurityAttributes: Buffer) => number>(
  'int32_t __stdcall CreateDirectoryW(const char16_t *lpPathName, void *lpSecurityAttributes)',
);

/** https://learn.microsoft.com/previous-versions/windows/desktop/legacy/aa379560(v=vs.85) */
export const SECURITY_ATTRIBUTES = layout({
  nLength: 'uint32_t', // DWORD
  lpSecurityDescriptor: 'uint64_t', // LPVOID
  bInheritHandle: 'int32_t', // BOOL
});

/** https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getfileinformationbyhandle */
export const GetFileInformationByHandle = kernel32.func<(hFile: bigint, lpFileInformation: Buffer) => number>(
  'int32_t __stdcall GetFileInformationByHandle(void *hFile, void *lpFileInformation)',
);

/**
 * https://learn.microsoft.com/windows/win32/api/fileapi/ns-fileapi-by_handle_file_information, read up to the
 * attributes.
 */
export const BY_HANDLE_FILE_INFORMATION_BYTES = 52;

/** https://learn.microsoft.com/windows/win32/api/winnls/nf-winnls-getacp; the ANSI code page of the system. */
export const GetACP = kernel32.func<() => number>('uint32_t __stdcall GetACP(void)');

export const FILE_ATTRIBUTE_DIRECTORY = 0x10;
export const FILE_ATTRIBUTE_NORMAL = 0x80;
export const FILE_ATTRIBUTE_REPARSE_POINT = 0x400;

/** For CreateFileW: opens folders too, and a link itself instead of its target. */
export const FILE_FLAG_BACKUP_SEMANTICS = 0x02000000;
export const FILE_FLAG_OPEN_REPARSE_POINT = 0x00200000;
export const FILE_SHARE_DELETE = 0x4;
export const GENERIC_WRITE = 0x40000000;
export const CREATE_NEW = 1;
