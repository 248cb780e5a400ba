// kernel32.dll: errors, clocks, firmware tables, names, processors, memory, volumes and their disks.
import { layout, library } from './ffi.ts';

const kernel32 = library('kernel32.dll');

/** https://learn.microsoft.com/windows/win32/api/errhandlingapi/nf-errhandlingapi-getlasterror */
export const GetLastError = kernel32.func<() => number>('uint32_t __stdcall GetLastError(void)');

/** https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-closehandle */
export const CloseHandle = kernel32.func<(hObject: bigint) => number>('int32_t __stdcall CloseHandle(void *hObject)');

/** https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-openprocess */
export const OpenProcess = kernel32.func<
  (dwDesiredAccess: number, bInheritHandle: number, dwProcessId: number) => bigint | null
>('void * __stdcall OpenProcess(uint32_t dwDesiredAccess, int32_t bInheritHandle, uint32_t dwProcessId)');

export const PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;

/** https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-gettickcount64 */
export const GetTickCount64 = kernel32.func<() => number | bigint>('uint64_t __stdcall GetTickCount64(void)');

/** https://learn.microsoft.com/windows/win32/api/profileapi/nf-profileapi-queryperformancefrequency */
export const QueryPerformanceFrequency = kernel32.func<(lpFrequency: BigInt64Array) => number>(
  'int32_t __stdcall QueryPerformanceFrequency(void *lpFrequency)',
);

/** https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-getsystemfirmwaretable */
export const GetSystemFirmwareTable = kernel32.func<
  (
    FirmwareTableProviderSignature: number,
    FirmwareTableID: number,
    pFirmwareTableBuffer: Buffer | null,
    BufferSize: number,
  ) => number
>(
  'uint32_t __stdcall GetSystemFirmwareTable(uint32_t FirmwareTableProviderSignature, uint32_t FirmwareTableID, void *pFirmwareTableBuffer, uint32_t BufferSize)',
);

/** 'RSMB', the raw SMBIOS provider. */
export const RSMB = 0x52534d42;

/** https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-getcomputernameexw */
export const GetComputerNameExW = kernel32.func<
  (NameType: number, lpBuffer: Buffer | null, nSize: Uint32Array) => number
>('int32_t __stdcall GetComputerNameExW(int32_t NameType, void *lpBuffer, void *nSize)');

/** https://learn.microsoft.com/windows/win32/api/sysinfoapi/ne-sysinfoapi-computer_name_format */
export const ComputerNameNetBIOS = 0;
export const ComputerNameDnsHostname = 1;
export const ComputerNameDnsFullyQualified = 3;
export const ComputerNamePhysicalNetBIOS = 4;
export const ComputerNamePhysicalDnsHostname = 5;
export const ComputerNamePhysicalDnsFullyQualified = 7;

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getactiveprocessorgroupcount */
export const GetActiveProcessorGroupCount = kernel32.func<() => number>(
  'uint16_t __stdcall GetActiveProcessorGroupCount(void)',
);

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getactiveprocessorcount */
export const GetActiveProcessorCount = kernel32.func<(GroupNumber: number) => number>(
  'uint32_t __stdcall GetActiveProcessorCount(uint16_t GroupNumber)',
);

/** https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-globalmemorystatusex */
export const GlobalMemoryStatusEx = kernel32.func<(lpBuffer: Buffer) => number>(
  'int32_t __stdcall GlobalMemoryStatusEx(void *lpBuffer)',
);

/** https://learn.microsoft.com/windows/win32/api/sysinfoapi/ns-sysinfoapi-memorystatusex */
export const MEMORYSTATUSEX = layout({
  dwLength: 'uint32_t', // DWORD
  dwMemoryLoad: 'uint32_t', // DWORD
  ullTotalPhys: 'uint64_t', // DWORDLONG
  ullAvailPhys: 'uint64_t', // DWORDLONG
  ullTotalPageFile: 'uint64_t', // DWORDLONG
  ullAvailPageFile: 'uint64_t', // DWORDLONG
  ullTotalVirtual: 'uint64_t', // DWORDLONG
  ullAvailVirtual: 'uint64_t', // DWORDLONG
  ullAvailExtendedVirtual: 'uint64_t', // DWORDLONG
});

/** https://learn.microsoft.com/windows/win32/api/psapi/nf-psapi-getperformanceinfo, by its name since Windows 7 */
export const K32GetPerformanceInfo = kernel32.func<(pPerformanceInformation: Buffer, cb: number) => number>(
  'int32_t __stdcall K32GetPerformanceInfo(void *pPerformanceInformation, uint32_t cb)',
);

/** https://learn.microsoft.com/windows/win32/api/psapi/ns-psapi-performance_information; counts are pages. */
export const PERFORMANCE_INFORMATION = layout({
  cb: 'uint32_t', // DWORD
  CommitTotal: 'uint64_t', // SIZE_T
  CommitLimit: 'uint64_t', // SIZE_T
  CommitPeak: 'uint64_t', // SIZE_T
  PhysicalTotal: 'uint64_t', // SIZE_T
  PhysicalAvailable: 'uint64_t', // SIZE_T
  SystemCache: 'uint64_t', // SIZE_T
  KernelTotal: 'uint64_t', // SIZE_T
  KernelPaged: 'uint64_t', // SIZE_T
  KernelNonpaged: 'uint64_t', // SIZE_T
  PageSize: 'uint64_t', // SIZE_T
  HandleCount: 'uint32_t', // DWORD
  ProcessCount: 'uint32_t', // DWORD
  ThreadCount: 'uint32_t', // DWORD
});

/** https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-findfirstvolumew; returns -1 on failure. */
export const FindFirstVolumeW = kernel32.func<(lpszVolumeName: Buffer, cchBufferLength: number) => bigint | null>(
  'void * __stdcall FindFirstVolumeW(void *lpszVolumeName, uint32_t cchBufferLength)',
);

/** https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-findnextvolumew */
export const FindNextVolumeW = kernel32.func<
  (hFindVolume: bigint, lpszVolumeName: Buffer, cchBufferLength: number) => number
>('int32_t __stdcall FindNextVolumeW(void *hFindVolume, void *lpszVolumeName, uint32_t cchBufferLength)');

/** https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-findvolumeclose */
export const FindVolumeClose = kernel32.func<(hFindVolume: bigint) => number>(
  'int32_t __stdcall FindVolumeClose(void *hFindVolume)',
);

/**
 * https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getvolumepathnamesforvolumenamew; a list of texts,
 * each NUL-terminated.
 */
export const GetVolumePathNamesForVolumeNameW = kernel32.func<
  (
    lpszVolumeName: string,
    lpszVolumePathNames: Buffer,
    cchBufferLength: number,
    lpcchReturnLength: Uint32Array,
  ) => number
>(
  'int32_t __stdcall GetVolumePathNamesForVolumeNameW(const char16_t *lpszVolumeName, void *lpszVolumePathNames, uint32_t cchBufferLength, void *lpcchReturnLength)',
);

/** https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getlogicaldrives; bit 0 is A. */
export const GetLogicalDrives = kernel32.func<() => number>('uint32_t __stdcall GetLogicalDrives(void)');

/**
 * https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-querydosdevicew; a list of texts, the current
 * mapping first.
 */
export const QueryDosDeviceW = kernel32.func<(lpDeviceName: string, lpTargetPath: Buffer, ucchMax: number) => number>(
  'uint32_t __stdcall QueryDosDeviceW(const char16_t *lpDeviceName, void *lpTargetPath, uint32_t ucchMax)',
);

/** https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getdrivetypew */
export const GetDriveTypeW = kernel32.func<(lpRootPathName: string) => number>(
  'uint32_t __stdcall GetDriveTypeW(const char16_t *lpRootPathName)',
);

export const DRIVE_FIXED = 3;

/** https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getdiskfreespaceexw */
export const GetDiskFreeSpaceExW = kernel32.func<
  (
    lpDirectoryName: string,
    lpFreeBytesAvailable: null,
    lpTotalNumberOfBytes: BigUint64Array,
    lpTotalNumberOfFreeBytes: BigUint64Array,
  ) => number
>(
  'int32_t __stdcall GetDiskFreeSpaceExW(const char16_t *lpDirectoryName, void *lpFreeBytesAvailable, void *lpTotalNumberOfBytes, void *lpTotalNumberOfFreeBytes)',
);

/** https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-createfilew; returns -1 on failure. */
export const CreateFileW = kernel32.func<
  (
    lpFileName: string,
    dwDesiredAccess: number,
    dwShareMode: number,
    lpSecurityAttributes: Buffer | null,
    dwCreationDisposition: number,
    dwFlagsAndAttributes: number,
    hTemplateFile: null,
  ) => bigint | null
>(
  'void * __stdcall CreateFileW(const char16_t *lpFileName, uint32_t dwDesiredAccess, uint32_t dwShareMode, void *lpSecurityAttributes, uint32_t dwCreationDisposition, uint32_t dwFlagsAndAttributes, void *hTemplateFile)',
);

export const FILE_SHARE_READ = 0x1;
export const FILE_SHARE_WRITE = 0x2;
export const OPEN_EXISTING = 3;
/** (HANDLE)-1 */
export const INVALID_HANDLE_VALUE = 0xffffffffffffffffn;

/** https://learn.microsoft.com/windows/win32/api/ioapiset/nf-ioapiset-deviceiocontrol */
export const DeviceIoControl = kernel32.func<
  (
    hDevice: bigint,
    dwIoControlCode: number,
    lpInBuffer: null,
    nInBufferSize: number,
    lpOutBuffer: Buffer | null,
    nOutBufferSize: number,
    lpBytesReturned: Uint32Array,
    lpOverlapped: null,
  ) => number
>(
  'int32_t __stdcall DeviceIoControl(void *hDevice, uint32_t dwIoControlCode, void *lpInBuffer, uint32_t nInBufferSize, void *lpOutBuffer, uint32_t nOutBufferSize, void *lpBytesReturned, void *lpOverlapped)',
);

/** https://learn.microsoft.com/windows/win32/api/winioctl/ni-winioctl-ioctl_disk_performance */
export const IOCTL_DISK_PERFORMANCE = 0x70020;
/** https://learn.microsoft.com/windows/win32/api/winioctl/ni-winioctl-ioctl_disk_performance_off */
export const IOCTL_DISK_PERFORMANCE_OFF = 0x70060;

/** https://learn.microsoft.com/windows/win32/api/winioctl/ns-winioctl-disk_performance; times are 100 ns ticks. */
export const DISK_PERFORMANCE = layout({
  BytesRead: 'int64_t', // LARGE_INTEGER
  BytesWritten: 'int64_t', // LARGE_INTEGER
  ReadTime: 'int64_t', // LARGE_INTEGER
  WriteTime: 'int64_t', // LARGE_INTEGER
  IdleTime: 'int64_t', // LARGE_INTEGER
  ReadCount: 'uint32_t', // DWORD
  WriteCount: 'uint32_t', // DWORD
  QueueDepth: 'uint32_t', // DWORD
  SplitCount: 'uint32_t', // DWORD
  QueryTime: 'int64_t', // LARGE_INTEGER
  StorageDeviceNumber: 'uint32_t', // DWORD
  StorageManagerName: 'uint16_t [8]', // WCHAR[8]
});

/**
 * https://learn.microsoft.com/windows/win32/devnotes/rtlmovememory with addresses as numbers: those of a program fit a
 * double, and the caller knows that the memory is there.
 */
export const RtlMoveMemory = kernel32.func<(Destination: number, Source: number, Length: number) => void>(
  'void __stdcall RtlMoveMemory(uint64_t Destination, uint64_t Source, uint64_t Length)',
);
