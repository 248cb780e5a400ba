// ntdll.dll: processes and their images, processors, page lists, the version of the system, and the version of Wine.
import { layout, library } from './ffi.ts';

const ntdll = library('ntdll.dll');

// The two trailing parameters are not in the vendor's prototype: Wine's system call dispatcher copies arguments from
// beyond the end of koffi's stack without them and hangs; Windows ignores them.

/** https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-ntquerysysteminformation */
export const NtQuerySystemInformation = ntdll.func<
  (
    SystemInformationClass: number,
    SystemInformation: Buffer,
    SystemInformationLength: number,
    ReturnLength: Uint32Array,
    unused1: number,
    unused2: number,
  ) => number
>(
  'int32_t __stdcall NtQuerySystemInformation(int32_t SystemInformationClass, void *SystemInformation, uint32_t SystemInformationLength, void *ReturnLength, uint64_t unused1, uint64_t unused2)',
);

export const SystemProcessInformation = 5;

/**
 * SYSTEM_PROCESS_INFORMATION of 64-bit Windows; the vendor documents part of it, the rest is as in the phnt headers.
 * https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-ntquerysysteminformation#system_process_information
 */
export const SYSTEM_PROCESS_INFORMATION = layout({
  NextEntryOffset: 'uint32_t', // ULONG
  NumberOfThreads: 'uint32_t', // ULONG
  WorkingSetPrivateSize: 'int64_t', // LARGE_INTEGER
  HardFaultCount: 'uint32_t', // ULONG
  NumberOfThreadsHighWatermark: 'uint32_t', // ULONG
  CycleTime: 'uint64_t', // ULONGLONG
  CreateTime: 'int64_t', // LARGE_INTEGER
  UserTime: 'int64_t', // LARGE_INTEGER
  KernelTime: 'int64_t', // LARGE_INTEGER
  ImageNameLength: 'uint16_t', // UNICODE_STRING.Length
  ImageNameMaximumLength: 'uint16_t', // UNICODE_STRING.MaximumLength
  ImageNameBuffer: 'uint64_t', // UNICODE_STRING.Buffer
  BasePriority: 'int32_t', // KPRIORITY
  UniqueProcessId: 'uint64_t', // HANDLE
  InheritedFromUniqueProcessId: 'uint64_t', // HANDLE
  HandleCount: 'uint32_t', // ULONG
  SessionId: 'uint32_t', // ULONG
  UniqueProcessKey: 'uint64_t', // ULONG_PTR
  PeakVirtualSize: 'uint64_t', // SIZE_T
  VirtualSize: 'uint64_t', // SIZE_T
  PageFaultCount: 'uint32_t', // ULONG
  PeakWorkingSetSize: 'uint64_t', // SIZE_T
  WorkingSetSize: 'uint64_t', // SIZE_T
  QuotaPeakPagedPoolUsage: 'uint64_t', // SIZE_T
  QuotaPagedPoolUsage: 'uint64_t', // SIZE_T
  QuotaPeakNonPagedPoolUsage: 'uint64_t', // SIZE_T
  QuotaNonPagedPoolUsage: 'uint64_t', // SIZE_T
  PagefileUsage: 'uint64_t', // SIZE_T
  PeakPagefileUsage: 'uint64_t', // SIZE_T
  PrivatePageCount: 'uint64_t', // SIZE_T
  ReadOperationCount: 'int64_t', // LARGE_INTEGER
  WriteOperationCount: 'int64_t', // LARGE_INTEGER
  OtherOperationCount: 'int64_t', // LARGE_INTEGER
  ReadTransferCount: 'int64_t', // LARGE_INTEGER
  WriteTransferCount: 'int64_t', // LARGE_INTEGER
  OtherTransferCount: 'int64_t', // LARGE_INTEGER
});

/**
 * One entry of the array behind each SYSTEM_PROCESS_INFORMATION; the vendor names it and leaves part of it reserved.
 */
export const SYSTEM_THREAD_INFORMATION = layout({
  KernelTime: 'int64_t', // LARGE_INTEGER
  UserTime: 'int64_t', // LARGE_INTEGER
  CreateTime: 'int64_t', // LARGE_INTEGER
  WaitTime: 'uint32_t', // ULONG
  StartAddress: 'uint64_t', // PVOID
  ClientIdUniqueProcess: 'uint64_t', // CLIENT_ID.UniqueProcess
  ClientIdUniqueThread: 'uint64_t', // CLIENT_ID.UniqueThread
  Priority: 'int32_t', // KPRIORITY
  BasePriority: 'int32_t', // LONG
  ContextSwitches: 'uint32_t', // ULONG
  ThreadState: 'uint32_t', // KTHREAD_STATE
  WaitReason: 'uint32_t', // KWAIT_REASON
});

/**
 * SYSTEM_PROCESS_INFORMATION_EXTENSION, behind the threads of a process since Windows 10 1709; as in the phnt headers.
 * https://ntdoc.m417z.com/system_process_information_extension
 */
export const SYSTEM_PROCESS_INFORMATION_EXTENSION = layout({
  BytesRead: 'uint64_t', // DiskCounters.BytesRead, ULONGLONG
  BytesWritten: 'uint64_t', // DiskCounters.BytesWritten, ULONGLONG
  ReadOperationCount: 'uint64_t', // DiskCounters.ReadOperationCount, ULONGLONG
  WriteOperationCount: 'uint64_t', // DiskCounters.WriteOperationCount, ULONGLONG
  FlushOperationCount: 'uint64_t', // DiskCounters.FlushOperationCount, ULONGLONG
  ContextSwitches: 'uint64_t', // ULONGLONG
  Flags: 'uint32_t', // ULONG
  UserSidOffset: 'uint32_t', // ULONG
  PackageFullNameOffset: 'uint32_t', // ULONG
  EnergyValues: 'uint64_t [34]', // PROCESS_ENERGY_VALUES
  AppIdOffset: 'uint32_t', // ULONG
  SharedCommitCharge: 'uint64_t', // SIZE_T
  JobObjectId: 'uint32_t', // ULONG
  SpareUlong: 'uint32_t', // ULONG
  ProcessSequenceNumber: 'uint64_t', // ULONGLONG
});

/** The image of a process by its pid, without opening it; in the phnt headers, since Windows Vista. */
export const SystemProcessIdInformation = 88;

/** SYSTEM_PROCESS_ID_INFORMATION: pid and room for the path in, the path in the object namespace out. */
export const SYSTEM_PROCESS_ID_INFORMATION = layout({
  ProcessId: 'uint64_t', // HANDLE
  ImageNameLength: 'uint16_t', // UNICODE_STRING.Length
  ImageNameMaximumLength: 'uint16_t', // UNICODE_STRING.MaximumLength
  ImageNameBuffer: 'uint64_t', // UNICODE_STRING.Buffer
});

/** https://learn.microsoft.com/windows/win32/devnotes/rtlgetversion */
export const RtlGetVersion = ntdll.func<(lpVersionInformation: Buffer, unused1: number, unused2: number) => number>(
  'int32_t __stdcall RtlGetVersion(void *lpVersionInformation, uint64_t unused1, uint64_t unused2)',
);

/** https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-osversioninfow; szCSDVersion (256 bytes) follows. */
export const OSVERSIONINFOW = layout({
  dwOSVersionInfoSize: 'uint32_t', // ULONG
  dwMajorVersion: 'uint32_t', // ULONG
  dwMinorVersion: 'uint32_t', // ULONG
  dwBuildNumber: 'uint32_t', // ULONG
  dwPlatformId: 'uint32_t', // ULONG
});

/** Only Wine has this export; on Windows binding it fails. https://gitlab.winehq.org/wine/wine/-/wikis/Developer-FAQ */
export const wine_get_version = ntdll.func<() => string>('const char * wine_get_version(void)');

/**
 * https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-ntquerysysteminformation; one entry a processor.
 */
export const SystemProcessorPerformanceInformation = 8;

/**
 * SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION; the vendor documents the first three, the rest is as in the phnt headers.
 * Kernel time holds idle, DPC and interrupt time.
 */
export const SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION = layout({
  IdleTime: 'int64_t', // LARGE_INTEGER
  KernelTime: 'int64_t', // LARGE_INTEGER
  UserTime: 'int64_t', // LARGE_INTEGER
  DpcTime: 'int64_t', // LARGE_INTEGER
  InterruptTime: 'int64_t', // LARGE_INTEGER
  InterruptCount: 'uint32_t', // ULONG
});

/**
 * As NtQuerySystemInformation, for one processor group (a USHORT in `InputBuffer`); in the phnt headers,
 * since Windows 7.
 */
export const NtQuerySystemInformationEx = ntdll.func<
  (
    SystemInformationClass: number,
    InputBuffer: Uint16Array,
    InputBufferLength: number,
    SystemInformation: Buffer,
    SystemInformationLength: number,
    ReturnLength: Uint32Array,
    unused1: number,
    unused2: number,
  ) => number
>(
  'int32_t __stdcall NtQuerySystemInformationEx(int32_t SystemInformationClass, void *InputBuffer, uint32_t InputBufferLength, void *SystemInformation, uint32_t SystemInformationLength, void *ReturnLength, uint64_t unused1, uint64_t unused2)',
);

/** Lists of physical pages; in the phnt headers. Needs SeProfileSingleProcessPrivilege. */
export const SystemMemoryListInformation = 80;

/** SYSTEM_MEMORY_LIST_INFORMATION up to the standby lists; counts are pages. */
export const SYSTEM_MEMORY_LIST_INFORMATION = layout({
  ZeroPageCount: 'uint64_t', // ULONG_PTR
  FreePageCount: 'uint64_t', // ULONG_PTR
  ModifiedPageCount: 'uint64_t', // ULONG_PTR
  ModifiedNoWritePageCount: 'uint64_t', // ULONG_PTR
  BadPageCount: 'uint64_t', // ULONG_PTR
  PageCountByPriority: 'uint64_t [8]', // ULONG_PTR[8]
  RepurposedPagesByPriority: 'uint64_t [8]', // ULONG_PTR[8]
  ModifiedPageCountPageFile: 'uint64_t', // ULONG_PTR
});
