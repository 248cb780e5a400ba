// The header of a run: operating system, processors, clocks and rights.
import { reasonOf } from '../../base/errors.ts';
import {
  GetTokenInformation,
  LookupPrivilegeNameW,
  LUID_AND_ATTRIBUTES,
  OpenProcessToken,
  TOKEN_QUERY,
  TokenElevation,
  TokenPrivileges,
} from '../../native/advapi32/token.ts';
import { ForeignBuffer } from '../../native/buffer.ts';
import { checkBool } from '../../native/check.ts';
import { Handle } from '../../native/handle.ts';
import {
  CloseHandle,
  GetActiveProcessorCount,
  GetActiveProcessorGroupCount,
  QueryPerformanceFrequency,
} from '../../native/kernel32.ts';
import { GetCurrentProcess } from '../../native/kernel32-process.ts';
import { wine_get_version } from '../../native/ntdll.ts';
import { type HostHeader, TAPE_SCHEMA } from '../host.ts';
import { readOsVersion } from './identity.ts';
import { readUptimeMs } from './system.ts';

const TOKEN_BYTES = 16 * 1024;
const MAX_PRIVILEGE_NAME = 256;

/** Throws Win32Error when the version of the system or the frequency of its clock cannot be read. */
export function readHeader(agentVersion: string, settings: Readonly<Record<string, string>>): HostHeader {
  const { major, minor, build } = readOsVersion();
  const groups = Array.from({ length: GetActiveProcessorGroupCount() }, (_, group) => GetActiveProcessorCount(group));
  const frequency = new BigInt64Array(1);
  checkBool('QueryPerformanceFrequency', QueryPerformanceFrequency(frequency));
  const now = Date.now();
  const wine = wineVersion();
  const rights = attemptRights();
  return {
    schema: TAPE_SCHEMA,
    agentVersion,
    startedAtMs: now,
    os: { platform: wine ? `wine ${wine}` : 'windows', version: `${major}.${minor}.${build}` },
    processors: { logical: groups.reduce((sum, count) => sum + count, 0), groups },
    bootTimeMs: now - readUptimeMs(),
    qpcFrequency: Number(frequency[0]),
    rights: rights.value,
    settings,
    standIns: wine ? [{ part: 'Windows', replacement: `Wine ${wine}` }] : [],
    dropped: rights.problem ? { [`rights: ${rights.problem}`]: 1 } : {},
  };
}

/** A recording made under Wine must be marked as such. On Windows the export is missing and binding it throws. */
function wineVersion(): string | undefined {
  try {
    return wine_get_version();
  } catch {
    return undefined;
  }
}

/**
 * An agent that may not open its own token still runs: the header contains the reason, and it counts as not elevated.
 */
function attemptRights(): { value: HostHeader['rights']; problem?: string } {
  try {
    return { value: readRights() };
  } catch (error) {
    return { value: { elevated: false, privileges: [] }, problem: reasonOf(error) };
  }
}

/** Elevation and the names of the privileges of this process, enabled or not. */
function readRights(): HostHeader['rights'] {
  const opened = new BigUint64Array(1);
  checkBool('OpenProcessToken', OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, opened));
  using token = new Handle(opened[0]!, CloseHandle);
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
