// For each part that may be missing: the right that it needs, who has that right, and what is lost without it.
import type { ObservationKind } from './host.ts';

/** What is lost when a part is missing, and the right that it needs. */
export interface Grant {
  /** The right and who has it, or `anyUser` when no right is needed. */
  readonly right: string | undefined;
  readonly lost: string;
}

/** Kinds of observation that polls read. The tick that ends a round comes from the poller. */
export type PollKind = Extract<
  ObservationKind,
  | 'identity'
  | 'system'
  | 'services'
  | 'processes'
  | 'adapters'
  | 'cpu'
  | 'memory'
  | 'disks'
  | 'interfaces'
  | 'tcp'
  | 'tcpStatistics'
  | 'urlReservations'
  | 'jobs'
>;

/** No right is needed, so none is named when the part is missing. */
const anyUser = undefined;

/** An elevated administrator has all of these rights. The vendor documents no smaller one. */
const elevated = 'the rights of an administrator, elevated';

/** For a kind that cannot be read at all. */
export const KIND_GRANTS = {
  identity: {
    right: anyUser,
    lost: 'names and ids of the node, and with them the labels that tell this host from others',
  },
  system: { right: anyUser, lost: 'the uptime' },
  services: {
    // https://learn.microsoft.com/windows/win32/services/service-security-and-access-rights
    right: 'SC_MANAGER_ENUMERATE_SERVICE, which administrators and users who are signed in at the machine have',
    lost: 'containers of services: there are none before the first list, and later they stay unchanged',
  },
  processes: {
    right: anyUser,
    lost: 'processes of containers, their CPU and memory, and restarts that keep the pid',
  },
  adapters: {
    right: anyUser,
    lost: 'state and addresses of network adapters, and with them the addresses of wildcard listeners',
  },
  cpu: { right: anyUser, lost: 'processor times of the node' },
  memory: { right: anyUser, lost: 'memory of the node' },
  disks: { right: anyUser, lost: 'disks of the node' },
  interfaces: { right: anyUser, lost: 'traffic of network adapters' },
  tcp: { right: anyUser, lost: 'listeners and connections' },
  // https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-setpertcpconnectionestats
  tcpStatistics: {
    right: elevated,
    lost: 'bytes, retransmissions and round-trip times of connections while they are open',
  },
  urlReservations: { right: anyUser, lost: 'the services behind the listeners of http.sys' },
  jobs: { right: anyUser, lost: 'memory and CPU limits of containers' },
} satisfies Record<PollKind, Grant>;

/** https://learn.microsoft.com/windows/win32/api/evntrace/nf-evntrace-starttracew */
const tracer = 'the rights of a member of Performance Log Users, or of an administrator, elevated';

/** For a part of a kind; the rest can be read. */
export const PART_GRANTS = {
  systemVersion: { right: anyUser, lost: 'the build in kernel_version' },
  productName: {
    right: 'reading HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion, which all users may by default',
    lost: 'the edition in kernel_version',
  },
  machineId: {
    right: 'reading HKLM\\SOFTWARE\\Microsoft\\Cryptography, which all users may by default',
    lost: 'the label machine_id',
  },
  hostName: { right: anyUser, lost: 'the label hostname' },
  systemUuid: { right: anyUser, lost: 'the label system_uuid' },
  serviceConfiguration: {
    right: 'SERVICE_QUERY_CONFIG in the access list of the service, which elevated administrators have for most',
    lost: 'they are listed, but are no containers unless service-include names them',
  },
  // The call needs no right. Some systems refuse it to all users.
  imagePaths: {
    right: anyUser,
    lost: 'paths of programs, and with them the disk of a container’s requests',
  },
  // https://learn.microsoft.com/windows/win32/procthread/job-object-security-and-access-rights
  job: {
    right: 'JOB_OBJECT_QUERY in the access list of the job, which its owner, SYSTEM and administrators have by default',
    lost: 'memory and CPU limits of the containers in it',
  },
  jobCpuRate: { right: anyUser, lost: 'the CPU limits of containers' },
  objectDirectory: { right: elevated, lost: 'memory and CPU limits of containers with jobs in it' },
  tooManyServices: { right: anyUser, lost: 'the services behind them' },
  // https://learn.microsoft.com/windows/security/threat-protection/security-policy-settings/profile-single-process
  pageLists: {
    right: 'SeProfileSingleProcessPrivilege, which administrators have when elevated',
    lost: 'exact free and cached memory: both are estimated from the system cache',
  },
  volume: { right: elevated, lost: 'size and counters of this disk' },
  // https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getdiskfreespaceexw
  diskSize: { right: 'FILE_LIST_DIRECTORY for the root folder of the volume', lost: 'its size' },
  diskCounters: { right: elevated, lost: 'its disk counters' },
  interfaceStack: { right: anyUser, lost: 'frames of teams and virtual switches may be counted twice' },
  compartments: { right: elevated, lost: 'connections of Windows containers' },
  compartment: { right: elevated, lost: 'its connections' },
  eventSession: {
    right: tracer,
    lost:
      'failed connects, connections between two scans, bytes and round-trip times, DNS requests, short-lived ' +
      'processes',
  },
  tcpEvents: {
    right: tracer,
    lost:
      'connections between two scans, failed connects, bytes, round-trip times and retransmissions of closed ' +
      'connections',
  },
  dnsEvents: { right: tracer, lost: 'requests to DNS, and the names of destinations' },
  processEvents: { right: tracer, lost: 'processes that start and exit between two scans' },
  eventLoss: { right: anyUser, lost: 'how many events Windows lost' },
  moreStatistics: { right: anyUser, lost: 'their bytes, retransmissions and round-trip times, until they end' },
  tcpTable: { right: anyUser, lost: 'its connections' },
  // https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getownermodulefromtcpentry
  socketServices: { right: elevated, lost: 'these sockets stay with the group of services that share the process' },
  socketServicesLater: {
    right: anyUser,
    lost: 'until then these sockets stay with the group of services that share the process',
  },
  httpSysReservations: { right: anyUser, lost: 'services behind the listeners of http.sys, except IIS' },
  serviceAccounts: {
    right: elevated,
    lost: 'listeners of http.sys that are reserved for their account',
  },
  iisBindings: { right: elevated, lost: 'listeners of IIS sites' },
} satisfies Record<string, Grant>;
