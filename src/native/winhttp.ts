// winhttp.dll: the default proxy configuration of the machine.
import { layout, library } from './ffi.ts';

const winhttp = library('winhttp.dll');

/**
 * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpgetdefaultproxyconfiguration; the caller frees
 * both texts with GlobalFree.
 */
export const WinHttpGetDefaultProxyConfiguration = winhttp.func<(pProxyInfo: Buffer) => number>(
  'int32_t __stdcall WinHttpGetDefaultProxyConfiguration(void *pProxyInfo)',
);

/** https://learn.microsoft.com/windows/win32/api/winhttp/ns-winhttp-winhttp_proxy_info */
export const WINHTTP_PROXY_INFO = layout({
  dwAccessType: 'uint32_t', // DWORD
  lpszProxy: 'uint64_t', // LPWSTR
  lpszProxyBypass: 'uint64_t', // LPWSTR
});

export const WINHTTP_ACCESS_TYPE_NAMED_PROXY = 3;
