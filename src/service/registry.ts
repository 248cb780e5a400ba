// Values of the local machine's registry, in its 64-bit view.
import {
  HKEY_LOCAL_MACHINE,
  KEY_SET_VALUE,
  KEY_WOW64_64KEY,
  REG_DWORD,
  REG_EXPAND_SZ,
  REG_MULTI_SZ,
  REG_SZ,
  RegCloseKey,
  RegCreateKeyExW,
  RegDeleteKeyExW,
  RegGetValueW,
  RegSetValueExW,
  RRF_NOEXPAND,
  RRF_RT_ANY,
  RRF_SUBKEY_WOW6464KEY,
} from '../native/advapi32/registry.ts';
import { checkError } from '../native/check.ts';
import { Handle } from '../native/handle.ts';
import {
  ERROR_ACCESS_DENIED,
  ERROR_FILE_NOT_FOUND,
  ERROR_PATH_NOT_FOUND,
  ERROR_SUCCESS,
} from '../native/win32-error.ts';
import { refusal } from './scm.ts';

const MAX_VALUE_BYTES = 64 * 1024;

/** A text, a list of texts, or a number. */
export type RegistryValue =
  | { readonly kind: 'text' | 'expandable'; readonly value: string }
  | { readonly kind: 'list'; readonly value: readonly string[] }
  | { readonly kind: 'number'; readonly value: number };

const types = { text: REG_SZ, expandable: REG_EXPAND_SZ, list: REG_MULTI_SZ, number: REG_DWORD } as const;

const missing: ReadonlySet<number> = new Set([ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND]);

/** Undefined if the key or the value does not exist or has another type. Throws Win32Error. */
export function readValue(key: string, name: string): RegistryValue | undefined {
  const buffer = Buffer.alloc(MAX_VALUE_BYTES);
  const size = new Uint32Array([buffer.length]);
  const type = new Uint32Array(1);
  const flags = (RRF_RT_ANY | RRF_NOEXPAND | RRF_SUBKEY_WOW6464KEY) >>> 0;
  const code = RegGetValueW(HKEY_LOCAL_MACHINE, key, name, flags, type, buffer, size);
  if (missing.has(code)) return undefined;
  checkError(`RegGetValueW ${name}`, code);
  return parseValue(type[0]!, buffer.subarray(0, size[0]));
}

function parseValue(type: number, bytes: Buffer): RegistryValue | undefined {
  const text = (): string => bytes.toString('utf16le').replace(/\0+$/, '');
  if (type === REG_SZ) return { kind: 'text', value: text() };
  if (type === REG_EXPAND_SZ) return { kind: 'expandable', value: text() };
  if (type === REG_MULTI_SZ) return { kind: 'list', value: text() === '' ? [] : text().split('\0') };
  return type === REG_DWORD && bytes.length >= 4 ? { kind: 'number', value: bytes.readUInt32LE(0) } : undefined;
}

/** The bytes of a value in the registry's format. */
export function encodeValue(value: RegistryValue): Buffer {
  if (value.kind === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value.value);
    return bytes;
  }
  const text = value.kind === 'list' ? `${value.value.map((each) => `${each}\0`).join('')}\0` : `${value.value}\0`;
  return Buffer.from(text, 'utf16le');
}

/** Sets values and creates the key if it is missing. Throws NOT_ELEVATED or Win32Error. */
export function writeValues(key: string, values: Readonly<Record<string, RegistryValue>>): void {
  const opened = new BigUint64Array(1);
  const access = KEY_SET_VALUE | KEY_WOW64_64KEY;
  check('RegCreateKeyExW', RegCreateKeyExW(HKEY_LOCAL_MACHINE, key, 0, null, 0, access, null, opened, null));
  using handle = new Handle(opened[0]!, RegCloseKey);
  for (const [name, value] of Object.entries(values)) {
    const bytes = encodeValue(value);
    check(`RegSetValueExW ${name}`, RegSetValueExW(handle.value, name, 0, types[value.kind], bytes, bytes.length));
  }
}

/** Removes a key without subkeys; false if it did not exist. Throws NOT_ELEVATED or Win32Error. */
export function deleteKey(key: string): boolean {
  const code = RegDeleteKeyExW(HKEY_LOCAL_MACHINE, key, KEY_WOW64_64KEY, 0);
  if (missing.has(code)) return false;
  check('RegDeleteKeyExW', code);
  return true;
}

function check(call: string, code: number): void {
  if (code === ERROR_ACCESS_DENIED) throw refusal(call, code);
  if (code !== ERROR_SUCCESS) checkError(call, code);
}
