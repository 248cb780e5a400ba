// Reads the proxy of WinHTTP's default configuration, which `netsh winhttp set proxy` writes.
import { checkBool } from '../native/check.ts';
import { copyOf } from '../native/ffi.ts';
import { GlobalFree, GlobalSize } from '../native/kernel32-memory.ts';
import {
  WINHTTP_ACCESS_TYPE_NAMED_PROXY,
  WINHTTP_PROXY_INFO,
  WinHttpGetDefaultProxyConfiguration,
} from '../native/winhttp.ts';

/** Bytes of a list that are read. */
const MAX_LIST_BYTES = 64 * 1024;

/** The lists of proxies and of hosts without proxy as Windows has them; undefined without a proxy, and off Windows. */
export interface WinHttpProxy {
  readonly proxy: string;
  readonly bypass: string;
}

/** Throws Win32Error, also when there is no configuration. */
export function readWinHttpProxy(platform: NodeJS.Platform = process.platform): WinHttpProxy | undefined {
  if (platform !== 'win32') return undefined;
  const { size, at } = WINHTTP_PROXY_INFO;
  const info = Buffer.alloc(size);
  checkBool('WinHttpGetDefaultProxyConfiguration', WinHttpGetDefaultProxyConfiguration(info));
  // Both texts are read and freed before the access type decides.
  const proxy = ownedText(info.readBigUInt64LE(at.lpszProxy));
  const bypass = ownedText(info.readBigUInt64LE(at.lpszProxyBypass));
  return info.readUInt32LE(at.dwAccessType) === WINHTTP_ACCESS_TYPE_NAMED_PROXY ? { proxy, bypass } : undefined;
}

/** The text of a block of global memory, bounded by its size; frees the block. */
function ownedText(address: bigint): string {
  if (address === 0n) return '';
  try {
    const bytes = copyOf(address, Math.min(Number(GlobalSize(address)), MAX_LIST_BYTES) & ~1);
    const [text] = bytes.toString('utf16le').split('\0', 1);
    return text!;
  } finally {
    GlobalFree(address);
  }
}
