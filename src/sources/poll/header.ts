// The header of a run: operating system, processors, clocks and rights.
import { reasonOf } from '../../base/errors.ts';
import { checkBool } from '../../native/check.ts';
import {
  GetActiveProcessorCount,
  GetActiveProcessorGroupCount,
  QueryPerformanceFrequency,
} from '../../native/kernel32.ts';
import { wine_get_version } from '../../native/ntdll.ts';
import { type HostHeader, TAPE_SCHEMA } from '../host.ts';
import { readOsVersion } from './identity.ts';
import { readRights } from './privileges.ts';
import { readUptimeMs } from './system.ts';

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
