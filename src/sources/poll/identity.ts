// Identity of the machine: host name, version of the system, ids.
import {
  HKEY_LOCAL_MACHINE,
  RegGetValueW,
  RRF_RT_REG_SZ,
  RRF_SUBKEY_WOW6464KEY,
} from '../../native/advapi32/registry.ts';
import { checkError, checkStatus } from '../../native/check.ts';
import { ComputerNamePhysicalDnsHostname } from '../../native/kernel32.ts';
import { OSVERSIONINFOW, RtlGetVersion } from '../../native/ntdll.ts';
import { type Grant, KIND_GRANTS, PART_GRANTS } from '../grants.ts';
import type { IdentityRecord, Unavailability } from '../host.ts';
import { readComputerName } from '../machine-names.ts';
import { readSmbiosTables } from '../read-smbios.ts';
import { unavailability } from '../unavailable.ts';
import type { Poll, Schedule } from './poll.ts';
import { parseSystemUuid } from './smbios.ts';

const MAX_NAME_CHARACTERS = 1024;
/** szCSDVersion of OSVERSIONINFOW: WCHAR[128]. */
const CSD_VERSION_BYTES = 256;
const FIRST_WINDOWS_11_BUILD = 22_000;

export interface OsVersion {
  major: number;
  minor: number;
  build: number;
}

/** The version of the system, which does not depend on the manifest of the process. Throws Win32Error. */
export function readOsVersion(): OsVersion {
  const { size, at } = OSVERSIONINFOW;
  const buffer = Buffer.alloc(size + CSD_VERSION_BYTES);
  buffer.writeUInt32LE(buffer.length, at.dwOSVersionInfoSize);
  checkStatus('RtlGetVersion', RtlGetVersion(buffer, 0, 0));
  return {
    major: buffer.readUInt32LE(at.dwMajorVersion),
    minor: buffer.readUInt32LE(at.dwMinorVersion),
    build: buffer.readUInt32LE(at.dwBuildNumber),
  };
}

/**
 * Name of the system as Coroot expects it: a value that begins with "Windows" marks a Windows node.
 * The registry of Windows 11 contains "Windows 10". Client builds from 22000 on are Windows 11
 * (https://learn.microsoft.com/windows/release-health/windows11-release-information); servers have their own names.
 */
export function kernelVersion(productName: string, version: OsVersion | undefined): string {
  let name = productName.trim();
  if (version && version.build >= FIRST_WINDOWS_11_BUILD) name = name.replace(/^Windows 10\b/, 'Windows 11');
  if (name === '') name = version ? `Windows ${version.major}.${version.minor}` : 'Windows';
  if (!/^windows/i.test(name)) name = `Windows ${name}`;
  return version ? `${name} (Build ${version.build})` : name;
}

/** A part that cannot be read is empty and named in `degraded`. */
export function readIdentity(): { data: IdentityRecord; degraded: Unavailability[] } {
  const degraded: Unavailability[] = [];
  const attempt = <T>(part: string, grant: Grant, read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      degraded.push(unavailability(part, error, grant));
      return otherwise;
    }
  };
  const version = attempt<OsVersion | undefined>('system version', PART_GRANTS.systemVersion, readOsVersion, undefined);
  const product = attempt(
    'product name',
    PART_GRANTS.productName,
    () => registryText('SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion', 'ProductName'),
    '',
  );
  const guid = attempt(
    'machine id',
    PART_GRANTS.machineId,
    () => registryText('SOFTWARE\\Microsoft\\Cryptography', 'MachineGuid'),
    '',
  );
  return {
    data: {
      hostname: attempt(
        'host name',
        PART_GRANTS.hostName,
        () => readComputerName(ComputerNamePhysicalDnsHostname),
        'unknown',
      ),
      machineId: guid.trim().replaceAll('-', ''),
      systemUuid: attempt('system UUID', PART_GRANTS.systemUuid, readSystemUuid, ''),
      kernelVersion: kernelVersion(product, version),
    },
    degraded,
  };
}

function registryText(key: string, value: string): string {
  const buffer = Buffer.alloc(MAX_NAME_CHARACTERS * 2);
  const size = new Uint32Array([buffer.length]);
  checkError(
    `RegGetValueW ${value}`,
    RegGetValueW(HKEY_LOCAL_MACHINE, key, value, RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY, null, buffer, size),
  );
  // The size includes the terminating NUL.
  return buffer.toString('utf16le', 0, Math.max(0, size[0]! - 2));
}

function readSystemUuid(): string {
  const uuid = parseSystemUuid(readSmbiosTables());
  if (uuid === '') throw new Error('the firmware sets no UUID');
  return uuid;
}

/**
 * The identity changes only with a rename or a reinstallation. A part that is missing is read again in the next round.
 */
const SCHEDULE: Schedule = { complete: 40, degraded: 1, failed: 40 };

export function createIdentityPoll(): Poll<'identity'> {
  return { kind: 'identity', schedule: SCHEDULE, grant: KIND_GRANTS.identity, read: readIdentity };
}
