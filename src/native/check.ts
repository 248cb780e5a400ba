// One checker for each return convention of Win32; each throws Win32Error.
import { GetLastError } from './kernel32.ts';
import { ERROR_SUCCESS, STATUS_SUCCESS, Win32Error } from './win32-error.ts';

/** For BOOL functions: 0 is a failure with the last error. Must directly follow the call, which may be its argument. */
export function checkBool(call: string, result: number): void {
  if (result === 0) throw new Win32Error(call, GetLastError());
}

/** For functions that return a handle or pointer: null is a failure. */
export function checkHandle(call: string, result: bigint | null): bigint {
  if (result === null || result === 0n) throw new Win32Error(call, GetLastError());
  return result;
}

/** For functions that return the Win32 error itself. */
export function checkError(call: string, result: number): void {
  if (result !== ERROR_SUCCESS) throw new Win32Error(call, result);
}

/** For NTSTATUS functions: negative values are failures. */
export function checkStatus(call: string, result: number): void {
  if (result < STATUS_SUCCESS) throw new Win32Error(call, result >>> 0);
}
