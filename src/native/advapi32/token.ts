// advapi32.dll: elevation and privileges in the token of a process.
import { layout } from '../ffi.ts';
import { advapi32 } from './library.ts';

/** https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-openprocesstoken */
export const OpenProcessToken = advapi32.func<
  (ProcessHandle: bigint, DesiredAccess: number, TokenHandle: BigUint64Array) => number
>('int32_t __stdcall OpenProcessToken(void *ProcessHandle, uint32_t DesiredAccess, void *TokenHandle)');

export const TOKEN_QUERY = 0x8;

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
