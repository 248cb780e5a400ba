// advapi32.dll: registry values, reading only.
import { advapi32 } from './library.ts';

/** https://learn.microsoft.com/windows/win32/api/winreg/nf-winreg-reggetvaluew */
export const RegGetValueW = advapi32.func<
  (hkey: bigint, lpSubKey: string, lpValue: string, dwFlags: number, pdwType: null, pvData: Buffer, pcbData: Uint32Array) => number
>(
  'int32_t __stdcall RegGetValueW(void *hkey, const char16_t *lpSubKey, const char16_t *lpValue, uint32_t dwFlags, void *pdwType, void *pvData, void *pcbData)',
);

/** (HKEY)(ULONG_PTR)((LONG)0x80000002): https://learn.microsoft.com/windows/win32/sysinfo/predefined-keys */
export const HKEY_LOCAL_MACHINE = 0xffffffff80000002n;

export const RRF_RT_REG_SZ = 0x2;
export const RRF_SUBKEY_WOW6464KEY = 0x10000;
