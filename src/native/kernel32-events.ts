// kernel32.dll: event objects, and waiting for them.
import { library } from './ffi.ts';

const kernel32 = library('kernel32.dll');

/** https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-createeventw; returns NULL on failure. */
export const CreateEventW = kernel32.func<
  (lpEventAttributes: null, bManualReset: number, bInitialState: number, lpName: null) => bigint | null
>(
  'void * __stdcall CreateEventW(void *lpEventAttributes, int32_t bManualReset, int32_t bInitialState, const char16_t *lpName)',
);

/** https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-setevent */
export const SetEvent = kernel32.func<(hEvent: bigint) => number>('int32_t __stdcall SetEvent(void *hEvent)');

/** https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-resetevent */
export const ResetEvent = kernel32.func<(hEvent: bigint) => number>('int32_t __stdcall ResetEvent(void *hEvent)');

/** https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-waitforsingleobject */
export const WaitForSingleObject = kernel32.func<(hHandle: bigint, dwMilliseconds: number) => number>(
  'uint32_t __stdcall WaitForSingleObject(void *hHandle, uint32_t dwMilliseconds)',
);

/**
 * https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-waitformultipleobjects; `lpHandles` holds at most
 * MAXIMUM_WAIT_OBJECTS handles of 8 bytes.
 */
export const WaitForMultipleObjects = kernel32.func<
  (nCount: number, lpHandles: Buffer, bWaitAll: number, dwMilliseconds: number) => number
>(
  'uint32_t __stdcall WaitForMultipleObjects(uint32_t nCount, void *lpHandles, int32_t bWaitAll, uint32_t dwMilliseconds)',
);

export const MAXIMUM_WAIT_OBJECTS = 64;
export const WAIT_OBJECT_0 = 0;
export const WAIT_TIMEOUT = 0x102;
export const WAIT_FAILED = 0xffff_ffff;
