// Lets a Node program under Wine meet DLLs of the tests in place of Windows' own.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CTarget, compileC } from '../../../scripts/lib/mingw.ts';
import type { Wine } from '../../../scripts/lib/wine.ts';

/** What to add to a start of node.exe: arguments before the script, and variables. */
export interface DoubleStart {
  nodeArgs: string[];
  env: Record<string, string>;
}

const targets = {
  /** Adds and changes services by the script that COROOT_TEST_SERVICES names; see advapi32-services.c. */
  services: { dll: 'advapi32.dll', source: 'advapi32-services.c', libraries: [] },
  /** Hangs in GetExtendedTcpTable by COROOT_TEST_STUCK_FILE or COROOT_TEST_STUCK_CALL; see stuck-iphlpapi.c. */
  stuckTcpTable: { dll: 'iphlpapi.dll', source: 'stuck-iphlpapi.c', libraries: [] },
  /** Gives sockets to processes and services by the script that COROOT_TEST_SOCKETS names; see socket-owners.c. */
  socketOwners: { dll: 'iphlpapi.dll', source: 'socket-owners.c', libraries: ['ws2_32'] },
  /** Tells URL reservations by the file that COROOT_TEST_RESERVATIONS names; see http-reservations.c. */
  reservations: { dll: 'httpapi.dll', source: 'http-reservations.c', libraries: [] },
  /** Limits of jobs by the file that COROOT_TEST_JOBS names; see job-limits.c. */
  jobLimits: { dll: 'kernel32.dll', source: 'job-limits.c', libraries: [] },
  /** Keeps disk counters by the file that COROOT_TEST_DISKS names; see disk-counters.c. */
  diskCounters: { dll: 'kernel32.dll', source: 'disk-counters.c', libraries: [] },
  /** Statistics of TCP connections, refused with the error that COROOT_TEST_STATISTICS is; see tcp-statistics.c. */
  tcpStatistics: { dll: 'iphlpapi.dll', source: 'tcp-statistics.c', libraries: [] },
  /** Event tracing by the script that COROOT_TEST_ETW names; see etw.c and etw.ts. */
  etw: { dll: 'advapi32.dll', source: 'etw.c', libraries: [] },
  /** Records configuration of services and events in the folder that COROOT_TEST_RECORD names; see advapi32-config.c. */
  serviceConfig: { dll: 'advapi32.dll', source: 'advapi32-config.c', libraries: [] },
  /** Keeps members of local groups in the same folder; see netapi32-groups.c. */
  localGroups: { dll: 'netapi32.dll', source: 'netapi32-groups.c', libraries: ['advapi32'] },
} satisfies Record<string, { dll: string; source: string; libraries: readonly string[] }>;

/** The doubles that there are. */
export type DoubleName = keyof typeof targets;

/** Builds these doubles and says how to start Node so that it meets them; of two for the same DLL, the first that has a function counts. */
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
