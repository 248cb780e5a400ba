// advapi32.dll: elevation and privileges in the token of a process.
import { layout } from '../ffi.ts';
import { advapi32 } from './library.ts';

/** https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-openprocesstoken */
export const OpenProcessToken = advapi32.func<
  (ProcessHandle: bigint, DesiredAccess: number, TokenHandle: BigUint64Array) => number
>('int32_t __stdcall OpenProcessToken(void *ProcessHandle, uint32_t DesiredAccess, void *TokenHandle)');

export const TOKEN_QUERY = 0x8;
export const TOKEN_ADJUST_PRIVILEGES = 0x20;

/** https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-gettokeninformation */
export const GetTokenInformation = advapi32.func<
  (
    TokenHandle: bigint,
    TokenInformationClass: number,
    TokenInformation: Buffer,
    TokenInformationLength: number,
    ReturnLength: Uint32Array,
  ) => number
>(
  'int32_t __stdcall GetTokenInformation(void *TokenHandle, int32_t TokenInformationClass, void *TokenInformation, uint32_t TokenInformationLength, void *ReturnLength)',
);

export const TokenUser = 1;
export const TokenPrivileges = 3;
export const TokenElevation = 20;

/**
 * https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-luid_and_attributes; TOKEN_PRIVILEGES is DWORD
 * PrivilegeCount and these.
 */
export const LUID_AND_ATTRIBUTES = layout({
  LuidLowPart: 'uint32_t', // LUID.LowPart
  LuidHighPart: 'int32_t', // LUID.HighPart
  Attributes: 'uint32_t', // DWORD
});

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-lookupprivilegenamew */
export const LookupPrivilegeNameW = advapi32.func<
  (lpSystemName: null, lpLuid: Buffer, lpName: Buffer, cchName: Uint32Array) => number
>('int32_t __stdcall LookupPrivilegeNameW(const char16_t *lpSystemName, void *lpLuid, void *lpName, void *cchName)');

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-lookupprivilegevaluew */
export const LookupPrivilegeValueW = advapi32.func<(lpSystemName: null, lpName: string, lpLuid: Buffer) => number>(
  'int32_t __stdcall LookupPrivilegeValueW(const char16_t *lpSystemName, const char16_t *lpName, void *lpLuid)',
);

/** https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-token_privileges with one privilege. */
export const TOKEN_PRIVILEGES = layout({
  PrivilegeCount: 'uint32_t', // DWORD
  LuidLowPart: 'uint32_t', // LUID.LowPart
  LuidHighPart: 'int32_t', // LUID.HighPart
  Attributes: 'uint32_t', // DWORD
});

export const SE_PRIVILEGE_ENABLED = 0x2;

/**
 * https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-adjusttokenprivileges; it succeeds
 * with the last error ERROR_NOT_ALL_ASSIGNED for a privilege that the token does not hold.
 */
export const AdjustTokenPrivileges = advapi32.func<
  (
    TokenHandle: bigint,
    DisableAllPrivileges: number,
    NewState: Buffer,
    BufferLength: number,
    PreviousState: null,
    ReturnLength: null,
  ) => number
>(
  'int32_t __stdcall AdjustTokenPrivileges(void *TokenHandle, int32_t DisableAllPrivileges, void *NewState, uint32_t BufferLength, void *PreviousState, void *ReturnLength)',
);
