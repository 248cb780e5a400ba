// advapi32.dll: registry values and keys.
import { advapi32 } from './library.ts';

/** https://learn.microsoft.com/windows/win32/api/winreg/nf-winreg-reggetvaluew */
export const RegGetValueW = advapi32.func<
  (
    hkey: bigint,
    lpSubKey: string,
    lpValue: string | null,
    dwFlags: number,
    pdwType: Uint32Array | null,
    pvData: Buffer | null,
    pcbData: Uint32Array | null,
  ) => number
>(
  'int32_t __stdcall RegGetValueW(void *hkey, const char16_t *lpSubKey, const char16_t *lpValue, uint32_t dwFlags, void *pdwType, void *pvData, void *pcbData)',
);

/** (HKEY)(ULONG_PTR)((LONG)0x80000002): https://learn.microsoft.com/windows/win32/sysinfo/predefined-keys */
export const HKEY_LOCAL_MACHINE = 0xffffffff80000002n;

export const RRF_RT_REG_SZ = 0x2;
export const RRF_SUBKEY_WOW6464KEY = 0x10000;
export const RRF_RT_ANY = 0xffff;
/** Does not expand %VARIABLES% in texts. */
export const RRF_NOEXPAND = 0x10000000;

/** https://learn.microsoft.com/windows/win32/api/winreg/nf-winreg-regcreatekeyexw */
export const RegCreateKeyExW = advapi32.func<
  (
    hKey: bigint,
    lpSubKey: string,
    Reserved: number,
    lpClass: null,
    dwOptions: number,
    samDesired: number,
    lpSecurityAttributes: null,
    phkResult: BigUint64Array,
    lpdwDisposition: null,
  ) => number
>(
  'int32_t __stdcall RegCreateKeyExW(void *hKey, const char16_t *lpSubKey, uint32_t Reserved, void *lpClass, uint32_t dwOptions, uint32_t samDesired, void *lpSecurityAttributes, void *phkResult, void *lpdwDisposition)',
);

export const KEY_SET_VALUE = 0x2;
export const KEY_WOW64_64KEY = 0x100;

/** https://learn.microsoft.com/windows/win32/api/winreg/nf-winreg-regsetvalueexw */
export const RegSetValueExW = advapi32.func<
  (hKey: bigint, lpValueName: string, Reserved: number, dwType: number, lpData: Buffer, cbData: number) => number
>(
  'int32_t __stdcall RegSetValueExW(void *hKey, const char16_t *lpValueName, uint32_t Reserved, uint32_t dwType, void *lpData, uint32_t cbData)',
);

export const REG_SZ = 1;
export const REG_EXPAND_SZ = 2;
export const REG_DWORD = 4;
export const REG_MULTI_SZ = 7;

/**
 * https://learn.microsoft.com/windows/win32/api/winreg/nf-winreg-regdeletekeyexw; only keys without keys below them.
 */
export const RegDeleteKeyExW = advapi32.func<
  (hKey: bigint, lpSubKey: string, samDesired: number, Reserved: number) => number
>('int32_t __stdcall RegDeleteKeyExW(void *hKey, const char16_t *lpSubKey, uint32_t samDesired, uint32_t Reserved)');

/** https://learn.microsoft.com/windows/win32/api/winreg/nf-winreg-regclosekey */
export const RegCloseKey = advapi32.func<(hKey: bigint) => number>('int32_t __stdcall RegCloseKey(void *hKey)');
