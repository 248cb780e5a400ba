// ntdll.dll: directories of the object namespace, and jobs by their full names.
import { layout, library } from './ffi.ts';

const ntdll = library('ntdll.dll');

// Two trailing parameters that the vendor's prototypes lack: see ntdll.ts.

/** UNICODE_STRING: https://learn.microsoft.com/windows/win32/api/ntdef/ns-ntdef-_unicode_string */
export const UNICODE_STRING = layout({
  Length: 'uint16_t', // USHORT
  MaximumLength: 'uint16_t', // USHORT
  Buffer: 'uint64_t', // PWSTR
});

/** https://learn.microsoft.com/windows/win32/api/ntdef/ns-ntdef-_object_attributes */
export const OBJECT_ATTRIBUTES = layout({
  Length: 'uint32_t', // ULONG
  RootDirectory: 'uint64_t', // HANDLE
  ObjectName: 'uint64_t', // PUNICODE_STRING
  Attributes: 'uint32_t', // ULONG
  SecurityDescriptor: 'uint64_t', // PVOID
  SecurityQualityOfService: 'uint64_t', // PVOID
});

type Open = (
  ObjectHandle: BigUint64Array,
  DesiredAccess: number,
  ObjectAttributes: Buffer,
  unused1: number,
  unused2: number,
) => number;

/** https://learn.microsoft.com/windows/win32/devnotes/ntopendirectoryobject */
export const NtOpenDirectoryObject = ntdll.func<Open>(
  'int32_t __stdcall NtOpenDirectoryObject(void *DirectoryHandle, uint32_t DesiredAccess, void *ObjectAttributes, uint64_t unused1, uint64_t unused2)',
);

export const DIRECTORY_QUERY = 0x1;

/** https://learn.microsoft.com/windows/win32/devnotes/ntquerydirectoryobject */
export const NtQueryDirectoryObject = ntdll.func<
  (
    DirectoryHandle: bigint,
    Buffer: Buffer,
    Length: number,
    ReturnSingleEntry: number,
    RestartScan: number,
    Context: Uint32Array,
    ReturnLength: Uint32Array,
    unused1: number,
    unused2: number,
  ) => number
>(
  'int32_t __stdcall NtQueryDirectoryObject(void *DirectoryHandle, void *Buffer, uint32_t Length, uint8_t ReturnSingleEntry, uint8_t RestartScan, void *Context, void *ReturnLength, uint64_t unused1, uint64_t unused2)',
);

/** One object of a directory; an entry of zeros ends the array. */
export const OBJECT_DIRECTORY_INFORMATION = layout({
  NameLength: 'uint16_t', // UNICODE_STRING Name
  NameMaximumLength: 'uint16_t',
  NameBuffer: 'uint64_t',
  TypeNameLength: 'uint16_t', // UNICODE_STRING TypeName
  TypeNameMaximumLength: 'uint16_t',
  TypeNameBuffer: 'uint64_t',
});

/** In the phnt headers; as OpenJobObject, which knows the names of the own session only. */
export const NtOpenJobObject = ntdll.func<Open>(
  'int32_t __stdcall NtOpenJobObject(void *JobHandle, uint32_t DesiredAccess, void *ObjectAttributes, uint64_t unused1, uint64_t unused2)',
);
