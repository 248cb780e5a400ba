// Privileges of this process: lists them, and enables one that a read needs.
import { reasonOf } from '../../base/errors.ts';
import {
  AdjustTokenPrivileges,
  GetTokenInformation,
  LookupPrivilegeNameW,
  LookupPrivilegeValueW,
  LUID_AND_ATTRIBUTES,
  OpenProcessToken,
  SE_PRIVILEGE_ENABLED,
  TOKEN_ADJUST_PRIVILEGES,
  TOKEN_PRIVILEGES,
  TOKEN_QUERY,
  TokenElevation,
  TokenPrivileges,
} from '../../native/advapi32/token.ts';
import { ForeignBuffer } from '../../native/buffer.ts';
import { checkBool } from '../../native/check.ts';
import { Handle } from '../../native/handle.ts';
import { CloseHandle, GetLastError } from '../../native/kernel32.ts';
import { GetCurrentProcess } from '../../native/kernel32-process.ts';
import { ERROR_NOT_ALL_ASSIGNED, Win32Error } from '../../native/win32-error.ts';
import type { PrivilegeGrant } from '../grants.ts';
import type { HostHeader, Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';

const TOKEN_BYTES = 16 * 1024;
const MAX_PRIVILEGE_NAME = 256;
const LUID_BYTES = 8;

/** Outcome of enabling a privilege; `error` says why one that is held stays disabled. */
export type PrivilegeState =
  | { readonly state: 'enabled' }
  | { readonly state: 'not held' }
  | { readonly state: 'disabled'; readonly error: unknown };

/** The calls behind `enablePrivilege`; replaced by tests. */
export interface TokenCalls {
  /** False if the token does not hold the privilege. Throws Win32Error. */
  readonly enable: (name: string) => boolean;
  /** Names of the privileges of the token, enabled or not. Throws Win32Error. */
  readonly held: () => readonly string[];
}

const ownToken: TokenCalls = { enable: enableInOwnToken, held: () => readRights().privileges };

/**
 * Enables a privilege in the token of this process, for all of its threads. The token of an elevated administrator
 * holds most of its privileges disabled, and a check passes only for an enabled one:
 * https://learn.microsoft.com/windows/win32/secauthz/enabling-and-disabling-privileges-in-c--
 */
export function enablePrivilege(name: string, { enable, held }: TokenCalls = ownToken): PrivilegeState {
  try {
    return { state: enable(name) ? 'enabled' : 'not held' };
  } catch (error) {
    return holds(name, held) ? { state: 'disabled', error } : { state: 'not held' };
  }
}

/** A token that cannot be read counts as holding the privilege, so that the error is reported. */
function holds(name: string, held: TokenCalls['held']): boolean {
  try {
    return held().includes(name);
  } catch {
    return true;
  }
}

/** Why a read that needs a privilege failed, with the right that is missing. */
export function privilegeProblem(
  part: string,
  error: unknown,
  grant: PrivilegeGrant,
  privilege: PrivilegeState,
): Unavailability {
  const { requiredRight, ...problem } = unavailability(part, error, grant);
  // Not refused: e.g. a system that lacks the call.
  if (requiredRight === undefined) return problem;
  switch (privilege.state) {
    case 'not held':
      return { ...problem, requiredRight };
    case 'disabled':
      return {
        ...problem,
        reason: `${grant.privilege} is held but could not be enabled (${reasonOf(privilege.error)})`,
        requiredRight: `TOKEN_ADJUST_PRIVILEGES for the token of the agent, to enable ${grant.privilege}`,
      };
    case 'enabled':
      return { ...problem, reason: `${problem.reason}, although ${grant.privilege} is enabled` };
  }
}

function enableInOwnToken(name: string): boolean {
  const { size, at } = TOKEN_PRIVILEGES;
  const luid = Buffer.alloc(LUID_BYTES);
  checkBool('LookupPrivilegeValueW', LookupPrivilegeValueW(null, name, luid));
  const wanted = Buffer.alloc(size);
  wanted.writeUInt32LE(1, at.PrivilegeCount);
  luid.copy(wanted, at.LuidLowPart);
  wanted.writeUInt32LE(SE_PRIVILEGE_ENABLED, at.Attributes);
  using token = openOwnToken(TOKEN_ADJUST_PRIVILEGES);
  const adjusted = AdjustTokenPrivileges(token.value, 0, wanted, size, null, null);
  // It also sets the last error when it succeeds.
  const code = GetLastError();
  if (adjusted === 0) throw new Win32Error('AdjustTokenPrivileges', code);
  return code !== ERROR_NOT_ALL_ASSIGNED;
}

function openOwnToken(access: number): Handle {
  const opened = new BigUint64Array(1);
  checkBool('OpenProcessToken', OpenProcessToken(GetCurrentProcess(), access, opened));
  return new Handle(opened[0]!, CloseHandle);
}

/** Elevation and the names of the privileges of this process, enabled or not. */
export function readRights(): HostHeader['rights'] {
  using token = openOwnToken(TOKEN_QUERY);
  const elevation = tokenInformation(token.value, TokenElevation);
  const list = tokenInformation(token.value, TokenPrivileges);
  const privileges: string[] = [];
  for (let i = 0; i < list.u32(0); i++) privileges.push(privilegeName(list.slice(4 + i * LUID_AND_ATTRIBUTES.size, 8)));
  return { elevated: elevation.u32(0) !== 0, privileges };
}

function tokenInformation(token: bigint, kind: number): ForeignBuffer {
  const buffer = Buffer.alloc(TOKEN_BYTES);
  checkBool('GetTokenInformation', GetTokenInformation(token, kind, buffer, buffer.length, new Uint32Array(1)));
  return new ForeignBuffer(buffer);
}

function privilegeName(luid: Buffer): string {
  const name = Buffer.alloc(MAX_PRIVILEGE_NAME * 2);
  const size = new Uint32Array([MAX_PRIVILEGE_NAME]);
  checkBool('LookupPrivilegeNameW', LookupPrivilegeNameW(null, Buffer.from(luid), name, size));
  return name.toString('utf16le', 0, size[0]! * 2);
}
