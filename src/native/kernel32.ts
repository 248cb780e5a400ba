// kernel32.dll: errors, clocks, firmware tables, names, processors.
import { library } from './ffi.ts';

const kernel32 = library('kernel32.dll');

/** https://learn.microsoft.com/windows/win32/api/errhandlingapi/nf-errhandlingapi-getlasterror */
export const GetLastError = kernel32.func<() => number>('uint32_t __stdcall GetLastError(void)');

/** https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-closehandle */
export const CloseHandle = kernel32.func<(hObject: bigint) => number>('int32_t __stdcall CloseHandle(void *hObject)');

/** https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-getcurrentprocess */
export const GetCurrentProcess = kernel32.func<() => bigint>('void * __stdcall GetCurrentProcess(void)');

/** https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-gettickcount64 */
export const GetTickCount64 = kernel32.func<() => number | bigint>('uint64_t __stdcall GetTickCount64(void)');

/** https://learn.microsoft.com/windows/win32/api/profileapi/nf-profileapi-queryperformancefrequency */
export const QueryPerformanceFrequency = kernel32.func<(lpFrequency: BigInt64Array) => number>(
  'int32_t __stdcall QueryPerformanceFrequency(void *lpFrequency)',
);

/** https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-getsystemfirmwaretable */
export const GetSystemFirmwareTable = kernel32.func<
  (FirmwareTableProviderSignature: number, FirmwareTableID: number, pFirmwareTableBuffer: Buffer | null, BufferSize: number) => number
>(
  'uint32_t __stdcall GetSystemFirmwareTable(uint32_t FirmwareTableProviderSignature, uint32_t FirmwareTableID, void *pFirmwareTableBuffer, uint32_t BufferSize)',
);

/** 'RSMB', the raw SMBIOS provider. */
export const RSMB = 0x52534d42;

/** https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-getcomputernameexw */
export const GetComputerNameExW = kernel32.func<(NameType: number, lpBuffer: Buffer | null, nSize: Uint32Array) => number>(
  'int32_t __stdcall GetComputerNameExW(int32_t NameType, void *lpBuffer, void *nSize)',
);

export const ComputerNamePhysicalDnsHostname = 5;

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getactiveprocessorgroupcount */
export const GetActiveProcessorGroupCount = kernel32.func<() => number>('uint16_t __stdcall GetActiveProcessorGroupCount(void)');

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getactiveprocessorcount */
export const GetActiveProcessorCount = kernel32.func<(GroupNumber: number) => number>(
  'uint32_t __stdcall GetActiveProcessorCount(uint16_t GroupNumber)',
);
