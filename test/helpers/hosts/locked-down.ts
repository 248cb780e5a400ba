// A host as observed by an account without rights: every query that can be refused is refused from the start.
import { Win32Error } from '../../../src/native/win32-error.ts';
import { KIND_GRANTS, PART_GRANTS } from '../../../src/sources/grants.ts';
import { channelProblems, fileProblems } from '../../../src/sources/logs/log-problems.ts';
import { unavailability } from '../../../src/sources/unavailable.ts';
import { aChannel, aLogFile } from '../logs.ts';
import { WALL_AT_ZERO_MS } from '../observations.ts';
import { GIB, Machine } from './machine.ts';
import { type ExtraReading, quiet, type Scenario } from './scenario.ts';

const ACCESS_DENIED = 5;

function machine(): Machine {
  const host = new Machine({
    hostname: 'BANK06',
    productName: 'Windows Server 2022 Standard',
    version: { major: 10, minor: 0, build: 20348 },
    machineGuid: '0000dead-beef-4000-8000-00000000beef',
    uuidBytes: [0xde, 0xad, 0xbe, 0xef, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    groups: [2],
    totalBytes: 8 * GIB,
    availableBytes: 5 * GIB,
    systemCachePages: 500_000,
    pageLists: { zeroed: 0, free: 0, modified: 0, standby: [] },
    elevated: false,
    privileges: ['SeChangeNotifyPrivilege', 'SeIncreaseWorkingSetPrivilege'],
    upForMs: 5 * 86_400_000,
  });
  host.refuse('services', 'OpenSCManagerW', ACCESS_DENIED);
  host.refuse('productName', 'RegGetValueW ProductName', ACCESS_DENIED);
  host.refuse('machineId', 'RegGetValueW MachineGuid', ACCESS_DENIED);
  host.refuse('pageLists', 'NtQuerySystemInformation', 0xc000_0061);
  host.refuse('objectDirectory', 'NtOpenDirectoryObject', 0xc000_0022);
  host.refuse('job', 'NtOpenJobObject', 0xc000_0022);
  host.refuse('compartments', 'GetAdaptersAddresses', ACCESS_DENIED);
  host.volume({ guid: 'bbbb0000-0001-4000-8000-000000000001', mountPoints: ['C:\\'] });
  host.volume({ guid: 'bbbb0000-0002-4000-8000-000000000002', mountPoints: ['D:\\'] });
  host.refuse('diskSize C:', 'GetDiskFreeSpaceExW', ACCESS_DENIED);
  host.refuse('diskCounters C:', 'CreateFileW', ACCESS_DENIED);
  host.refuse('volume bbbb0000-0002-4000-8000-000000000002', 'GetVolumePathNamesForVolumeNameW', ACCESS_DENIED);
  host.adapter({ index: 3, alias: 'Ethernet', addresses: ['10.77.0.6'], packetRate: 10 });
  host.adapter({ index: 9, alias: 'vEthernet (container)', compartment: 2, addresses: ['172.20.0.2'] });
  // Without the list of services this process belongs to no container.
  host.service('payments');
  host.process({ pid: 900, image: 'payments.exe', userRate: 10 });
  host.start('payments', 900);
  host.listen(900, '0.0.0.0:8080');
  return host;
}

const config = 'C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config';
const urls: ExtraReading = {
  kind: 'urlReservations',
  data: [],
  degraded: [
    unavailability(
      'accounts of 2 services',
      new Win32Error('OpenProcessToken', ACCESS_DENIED),
      PART_GRANTS.serviceAccounts,
    ),
    unavailability(
      'bindings of IIS sites',
      new Win32Error(`opening ${config}`, ACCESS_DENIED),
      PART_GRANTS.iisBindings,
    ),
  ],
};
/** The session and all of its providers are refused. */
function events(): ExtraReading {
  const { eventSession, tcpEvents, dnsEvents, processEvents } = PART_GRANTS;
  const refused = new Win32Error('StartTraceW', ACCESS_DENIED);
  const provider = new Win32Error('EnableTraceEx2', ACCESS_DENIED);
  const counts = { restarts: 0, events: 0, eventsLost: 0, buffersLost: 0, realTimeBuffersLost: 0, dropped: {} };
  return {
    kind: 'etw',
    data: { state: 'retrying', reason: refused.message, providers: [], ...counts },
    degraded: [
      unavailability('the event session', refused, eventSession),
      unavailability('events of Microsoft-Windows-TCPIP', provider, tcpEvents),
      unavailability('events of Microsoft-Windows-DNS-Client', provider, dnsEvents),
      unavailability('events of Microsoft-Windows-Kernel-Process', provider, processEvents),
    ],
  };
}

/** Read once a connection has existed for a round. */
const statistics: ExtraReading = {
  kind: 'tcpStatistics',
  unavailable: unavailability(
    'tcpStatistics',
    new Win32Error('SetPerTcpConnectionEStats', ACCESS_DENIED),
    KIND_GRANTS.tcpStatistics,
  ),
};

/** The pipe of Docker refuses the account. */
const docker: ExtraReading = {
  kind: 'dockerContainers',
  data: {
    state: 'retrying',
    reason: 'Docker cannot be reached: connect EACCES \\\\.\\pipe\\docker_engine',
    sinceMs: WALL_AT_ZERO_MS,
    nextAttemptAtMs: WALL_AT_ZERO_MS + 31_000,
    endpoint: 'npipe:////./pipe/docker_engine',
    version: '',
    apiVersion: '',
    containers: [],
    dropped: {},
  },
  degraded: [{ part: 'docker', reason: 'access denied', ...PART_GRANTS.docker }],
};

/** The account is in no group that may read the Security channel, and may not open the log of a service. */
function logs(): ExtraReading[] {
  const refused = { problem: 'EvtQuery: access denied (5)', code: ACCESS_DENIED };
  const channels = [aChannel({ channel: 'System' }), aChannel({ channel: 'Security', ...refused })];
  const path = 'D:\\logs\\payments.log';
  const problem = `EPERM: operation not permitted, open '${path}'`;
  const files = [aLogFile({ service: 'payments', source: 'payments.log', path, state: 'failed', problem })];
  return [
    { kind: 'eventChannels', data: channels, degraded: channelProblems(channels) },
    { kind: 'logFiles', data: files, degraded: fileProblems(files) },
  ];
}

export const lockedDown: Scenario = {
  name: 'locked-down',
  about: 'a host seen by an account without any rights',
  machine,
  rounds: [quiet, quiet],
  extra: (round) => (round === 0 ? [urls, events(), docker, ...logs()] : [events(), statistics, ...logs()]),
};
