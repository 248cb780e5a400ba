// kernel32.dll: the current process and its termination.
import { library } from './ffi.ts';

const kernel32 = library('kernel32.dll');

/** https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-getcurrentprocess */
export const GetCurrentProcess = kernel32.func<() => bigint>('void * __stdcall GetCurrentProcess(void)');

/**
 * https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-terminateprocess; of itself it
 * does not return.
 */
export const TerminateProcess = kernel32.func<(hProcess: bigint, uExitCode: number) => number>(
  'int32_t __stdcall TerminateProcess(void *hProcess, uint32_t uExitCode)',
);
