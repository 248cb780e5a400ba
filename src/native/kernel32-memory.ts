// kernel32.dll: memory that functions of Windows allocated for their caller.
import { library } from './ffi.ts';

const kernel32 = library('kernel32.dll');

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-globalsize; 0 is a failure. */
export const GlobalSize = kernel32.func<(hMem: bigint) => number | bigint>('uint64_t __stdcall GlobalSize(void *hMem)');

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-globalfree */
export const GlobalFree = kernel32.func<(hMem: bigint) => bigint | null>('void * __stdcall GlobalFree(void *hMem)');
