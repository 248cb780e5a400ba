// kernel32.dll: job objects, which limit processes.
import { layout, library } from './ffi.ts';

const kernel32 = library('kernel32.dll');

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-createjobobjectw */
export const CreateJobObjectW = kernel32.func<(lpJobAttributes: null, lpName: null) => bigint | null>(
  'void * __stdcall CreateJobObjectW(void *lpJobAttributes, const char16_t *lpName)',
);

/** https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-setinformationjobobject */
export const SetInformationJobObject = kernel32.func<
  (
    hJob: bigint,
    JobObjectInformationClass: number,
    lpJobObjectInformation: Buffer,
    cbJobObjectInformationLength: number,
  ) => number
>(
  'int32_t __stdcall SetInformationJobObject(void *hJob, int32_t JobObjectInformationClass, void *lpJobObjectInformation, uint32_t cbJobObjectInformationLength)',
);

/** https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-assignprocesstojobobject */
export const AssignProcessToJobObject = kernel32.func<(hJob: bigint, hProcess: bigint) => number>(
  'int32_t __stdcall AssignProcessToJobObject(void *hJob, void *hProcess)',
);

/** https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-queryinformationjobobject */
export const QueryInformationJobObject = kernel32.func<
  (
    hJob: bigint,
    JobObjectInformationClass: number,
    lpJobObjectInformation: Buffer,
    cbJobObjectInformationLength: number,
    lpReturnLength: Uint32Array,
  ) => number
>(
  'int32_t __stdcall QueryInformationJobObject(void *hJob, int32_t JobObjectInformationClass, void *lpJobObjectInformation, uint32_t cbJobObjectInformationLength, void *lpReturnLength)',
);

/** https://learn.microsoft.com/windows/win32/procthread/job-object-security-and-access-rights */
export const JOB_OBJECT_QUERY = 0x4;

export const JobObjectBasicProcessIdList = 3;

/**
 * https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_basic_process_id_list; an array of ULONG_PTR
 * follows.
 */
export const JOBOBJECT_BASIC_PROCESS_ID_LIST = layout({
  NumberOfAssignedProcesses: 'uint32_t', // DWORD
  NumberOfProcessIdsInList: 'uint32_t', // DWORD
});

export const JobObjectExtendedLimitInformation = 9;
export const JobObjectCpuRateControlInformation = 15;

/**
 * https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_extended_limit_information with its parts in
 * line.
 */
export const JOBOBJECT_EXTENDED_LIMIT_INFORMATION = layout({
  PerProcessUserTimeLimit: 'int64_t', // LARGE_INTEGER
  PerJobUserTimeLimit: 'int64_t', // LARGE_INTEGER
  LimitFlags: 'uint32_t', // DWORD
  MinimumWorkingSetSize: 'uint64_t', // SIZE_T
  MaximumWorkingSetSize: 'uint64_t', // SIZE_T
  ActiveProcessLimit: 'uint32_t', // DWORD
  Affinity: 'uint64_t', // ULONG_PTR
  PriorityClass: 'uint32_t', // DWORD
  SchedulingClass: 'uint32_t', // DWORD
  ReadOperationCount: 'uint64_t', // ULONGLONG
  WriteOperationCount: 'uint64_t', // ULONGLONG
  OtherOperationCount: 'uint64_t', // ULONGLONG
  ReadTransferCount: 'uint64_t', // ULONGLONG
  WriteTransferCount: 'uint64_t', // ULONGLONG
  OtherTransferCount: 'uint64_t', // ULONGLONG
  ProcessMemoryLimit: 'uint64_t', // SIZE_T
  JobMemoryLimit: 'uint64_t', // SIZE_T
  PeakProcessMemoryUsed: 'uint64_t', // SIZE_T
  PeakJobMemoryUsed: 'uint64_t', // SIZE_T
});

export const JOB_OBJECT_LIMIT_PROCESS_MEMORY = 0x100;
export const JOB_OBJECT_LIMIT_JOB_MEMORY = 0x200;

/** https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_cpu_rate_control_information */
export const JOBOBJECT_CPU_RATE_CONTROL_INFORMATION = layout({
  ControlFlags: 'uint32_t', // DWORD
  // DWORD, hundredths of a percent of all processors; with a minimum and a maximum it is two WORDs, the maximum in the
  // upper half.
  CpuRate: 'uint32_t',
});

export const JOB_OBJECT_CPU_RATE_CONTROL_ENABLE = 0x1;
export const JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP = 0x4;
export const JOB_OBJECT_CPU_RATE_CONTROL_MIN_MAX_RATE = 0x10;
