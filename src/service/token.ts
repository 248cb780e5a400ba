// The account of a process, and whether this process is elevated.

import { sidLength, sidText } from '../base/sid.ts';
import {
  GetTokenInformation,
  OpenProcessToken,
  TOKEN_QUERY,
  TokenElevation,
  TokenUser,
} from '../native/advapi32/token.ts';
import { ForeignBuffer } from '../native/buffer.ts';
import { checkBool } from '../native/check.ts';
import { Handle } from '../native/handle.ts';
import { CloseHandle, OpenProcess, PROCESS_QUERY_LIMITED_INFORMATION } from '../native/kernel32.ts';
import { GetCurrentProcess } from '../native/kernel32-process.ts';

const TOKEN_BYTES = 1024;

/** The SID of the account that this process runs as. Throws Win32Error. */
export function ownSid(): string {
  return userOf(GetCurrentProcess());
}

/** Whether a process has the account of this one; false if its token may not be read. Throws Win32Error. */
export function isOwnProcess(pid: number): boolean {
  const opened = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, pid);
  if (opened === null) return false;
  using process = new Handle(opened, CloseHandle);
  const self = ownSid();
  try {
    return userOf(process.value) === self;
  } catch {
    return false;
  }
}

/**
 * Whether this process has the full rights of an administrator.
 * https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-token_elevation: one DWORD. Throws Win32Error.
 */
export function isElevated(): boolean {
  return readToken(GetCurrentProcess(), TokenElevation).bytes.readUInt32LE(0) !== 0;
}

function userOf(process: bigint): string {
  const buffer = readToken(process, TokenUser);
  // TOKEN_USER begins with the pointer to the SID.
  const sid = buffer.pointer(0);
  return sidText(buffer.slice(sid, sidLength(buffer.u8(sid + 1))));
}

function readToken(process: bigint, information: number): ForeignBuffer {
  const opened = new BigUint64Array(1);
  checkBool('OpenProcessToken', OpenProcessToken(process, TOKEN_QUERY, opened));
  using token = new Handle(opened[0]!, CloseHandle);
  const buffer = new ForeignBuffer(Buffer.alloc(TOKEN_BYTES));
  checkBool(
    'GetTokenInformation',
    GetTokenInformation(token.value, information, buffer.bytes, buffer.bytes.length, new Uint32Array(1)),
  );
  return buffer;
}
