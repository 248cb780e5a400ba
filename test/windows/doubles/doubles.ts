// Builds the doubles of Windows DLLs and the Node options that load them under Wine.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CTarget, compileC } from '../../../scripts/lib/mingw.ts';
import type { Wine } from '../../../scripts/lib/wine.ts';

/** Arguments of node.exe before the script, and environment variables. */
export interface DoubleStart {
  nodeArgs: string[];
  env: Record<string, string>;
}

const targets = {
  /** Adds and changes services by the script COROOT_TEST_SERVICES; see services-script.h. */
  services: { dll: 'advapi32.dll', source: 'advapi32-services.c', libraries: [] },
  /** Hangs in GetExtendedTcpTable by COROOT_TEST_STUCK_FILE or COROOT_TEST_STUCK_CALL; see stuck-iphlpapi.c. */
  stuckTcpTable: { dll: 'iphlpapi.dll', source: 'stuck-iphlpapi.c', libraries: [] },
  /** Assigns sockets to processes and services by the script COROOT_TEST_SOCKETS; see socket-owners.c. */
  socketOwners: { dll: 'iphlpapi.dll', source: 'socket-owners.c', libraries: ['ws2_32'] },
  /** URL reservations from the file COROOT_TEST_RESERVATIONS; see http-reservations.c. */
  reservations: { dll: 'httpapi.dll', source: 'http-reservations.c', libraries: [] },
  /** Limits of jobs from the file COROOT_TEST_JOBS; see job-limits.c. */
  jobLimits: { dll: 'kernel32.dll', source: 'job-limits.c', libraries: [] },
  /** Page lists COROOT_TEST_PAGE_LISTS for a token with the privilege enabled; see page-lists.c. */
  pageLists: { dll: 'ntdll.dll', source: 'page-lists.c', libraries: ['advapi32'] },
  /** AdjustTokenPrivileges that fails by COROOT_TEST_ADJUST; see privileges.c. */
  privileges: { dll: 'advapi32.dll', source: 'privileges.c', libraries: [] },
  /** Disk counters from the file COROOT_TEST_DISKS; see disk-counters.c. */
  diskCounters: { dll: 'kernel32.dll', source: 'disk-counters.c', libraries: [] },
  /** Extended TCP statistics, or the error COROOT_TEST_STATISTICS; see tcp-statistics.c. */
  tcpStatistics: { dll: 'iphlpapi.dll', source: 'tcp-statistics.c', libraries: [] },
  /** Event tracing by the script COROOT_TEST_ETW; see etw.c and etw.ts. */
  etw: { dll: 'advapi32.dll', source: 'etw.c', libraries: [] },
  /** An Event Log by the script COROOT_TEST_EVENT_LOG; see event-log-script.h and event-log.ts. */
  eventLog: { dll: 'wevtapi.dll', source: 'event-log.c', libraries: [] },
  /** Records service configuration and events in the folder COROOT_TEST_RECORD; see advapi32-config.c. */
  serviceConfig: { dll: 'advapi32.dll', source: 'advapi32-config.c', libraries: [] },
  /** Members of local groups, in the same folder; see netapi32-groups.c. */
  localGroups: { dll: 'netapi32.dll', source: 'netapi32-groups.c', libraries: ['advapi32'] },
  /** Instances of GPU counters from the file COROOT_TEST_GPU_COUNTERS; see gpu-counters.c. */
  gpuCounters: { dll: 'pdh.dll', source: 'gpu-counters.c', libraries: [] },
  /** Addresses of graphics adapters, from the same file. */
  gpuAdapters: { dll: 'gdi32.dll', source: 'gpu-counters.c', libraries: [] },
} satisfies Record<string, { dll: string; source: string; libraries: readonly string[] }>;

export type DoubleName = keyof typeof targets;

/** Builds these doubles and returns how to start Node with them; the first double that exports a function applies. */
export async function useDoubles(wine: Wine, names: readonly DoubleName[]): Promise<DoubleStart> {
  const pairs = await Promise.all(
    names.map(async (name) => {
      const { dll, source, libraries } = targets[name];
      const target: CTarget = { source: join(import.meta.dirname, source), kind: 'dll', libraries };
      return `${dll}=${wine.toWindowsPath(await compileC(target))}`;
    }),
  );
  const preload = wine.toWindowsPath(join(import.meta.dirname, 'redirect.mjs')).replaceAll('\\', '/');
  return { nodeArgs: ['--import', pathToFileURL(`/${preload}`).href], env: { COROOT_TEST_DOUBLES: pairs.join(';') } };
}
