// For each part that may be missing: the right that it needs, who has that right, and what is lost without it.
import type { ObservationKind } from './host.ts';

/** What is lost when a part is missing, and the right that it needs. */
export interface Grant {
  /** The right and who has it, or `anyUser` when no right is needed. */
  readonly requiredRight: string | undefined;
  readonly consequence: string;
}

/** A part whose read needs a privilege, which the agent enables: the token of an administrator holds it disabled. */
export interface PrivilegeGrant extends Grant {
  /** e.g. `SeProfileSingleProcessPrivilege`. */
  readonly privilege: string;
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
  | 'gpus'
>;

/** No right is needed, so none is named when the part is missing. */
const anyUser = undefined;

/** An elevated administrator has all of these rights. The vendor documents no smaller one. */
const elevated = 'the rights of an administrator, elevated';

/** For a kind that cannot be read at all. */
export const KIND_GRANTS = {
  identity: {
    requiredRight: anyUser,
    consequence: 'names and ids of the node, and with them the labels that tell this host from others',
  },
  system: { requiredRight: anyUser, consequence: 'the uptime' },
  services: {
    // https://learn.microsoft.com/windows/win32/services/service-security-and-access-rights
    requiredRight: 'SC_MANAGER_ENUMERATE_SERVICE, which administrators and users who are signed in at the machine have',
    consequence: 'containers of services: there are none before the first list, and later they stay unchanged',
  },
  processes: {
    requiredRight: anyUser,
    consequence: 'processes of containers, their CPU and memory, and restarts that keep the pid',
  },
  adapters: {
    requiredRight: anyUser,
    consequence: 'state and addresses of network adapters, and with them the addresses of wildcard listeners',
  },
  cpu: { requiredRight: anyUser, consequence: 'processor times of the node' },
  memory: { requiredRight: anyUser, consequence: 'memory of the node' },
  disks: { requiredRight: anyUser, consequence: 'disks of the node' },
  interfaces: { requiredRight: anyUser, consequence: 'traffic of network adapters' },
  tcp: { requiredRight: anyUser, consequence: 'listeners and connections' },
  // https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-setpertcpconnectionestats
  tcpStatistics: {
    requiredRight: elevated,
    consequence: 'bytes, retransmissions and round-trip times of connections while they are open',
  },
  urlReservations: { requiredRight: anyUser, consequence: 'the services behind the listeners of http.sys' },
  jobs: { requiredRight: anyUser, consequence: 'memory and CPU limits of containers' },
  gpus: { requiredRight: anyUser, consequence: 'the figures of GPUs, and what containers use of them' },
} satisfies Record<PollKind, Grant>;

/** https://learn.microsoft.com/windows/win32/api/evntrace/nf-evntrace-starttracew */
const tracer = 'the rights of a member of Performance Log Users, or of an administrator, elevated';

/** For a part of a kind; the rest can be read. */
export const PART_GRANTS = {
  systemVersion: { requiredRight: anyUser, consequence: 'the build in kernel_version' },
  productName: {
    requiredRight: 'reading HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion, which all users may by default',
    consequence: 'the edition in kernel_version',
  },
  machineId: {
    requiredRight: 'reading HKLM\\SOFTWARE\\Microsoft\\Cryptography, which all users may by default',
    consequence: 'the label machine_id',
  },
  hostName: { requiredRight: anyUser, consequence: 'the label hostname' },
  systemUuid: { requiredRight: anyUser, consequence: 'the label system_uuid' },
  serviceConfiguration: {
    requiredRight:
      'SERVICE_QUERY_CONFIG in the access list of the service, which elevated administrators have for most',
    consequence: 'they are listed, but are no containers unless service-include names them',
  },
  newServiceConfiguration: {
    requiredRight: anyUser,
    consequence: 'changes of their start type, account and command line, until the next round reads them',
  },
  // The call needs no right. Some systems refuse it to all users.
  imagePaths: {
    requiredRight: anyUser,
    consequence: 'paths of programs, and with them the disk of a container’s requests',
  },
  // https://learn.microsoft.com/windows/win32/procthread/job-object-security-and-access-rights
  job: {
    requiredRight:
      'JOB_OBJECT_QUERY in the access list of the job, which its owner, SYSTEM and administrators have by default',
    consequence: 'memory and CPU limits of the containers in it',
  },
  jobCpuRate: { requiredRight: anyUser, consequence: 'the CPU limits of containers' },
  objectDirectory: { requiredRight: elevated, consequence: 'memory and CPU limits of containers with jobs in it' },
  tooManyServices: { requiredRight: anyUser, consequence: 'the services behind them' },
  // https://learn.microsoft.com/windows/security/threat-protection/security-policy-settings/profile-single-process
  pageLists: {
    privilege: 'SeProfileSingleProcessPrivilege',
    requiredRight: 'SeProfileSingleProcessPrivilege, which administrators hold when elevated; the agent enables it',
    consequence: 'exact free and cached memory: both are estimated from the system cache',
  },
  volume: { requiredRight: elevated, consequence: 'size and counters of this disk' },
  // https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getdiskfreespaceexw
  diskSize: { requiredRight: 'FILE_LIST_DIRECTORY for the root folder of the volume', consequence: 'its size' },
  diskReference: {
    requiredRight: anyUser,
    consequence: 'no figure; Windows goes on counting after the agent has ended',
  },
  diskCounters: { requiredRight: elevated, consequence: 'its disk counters' },
  interfaceStack: { requiredRight: anyUser, consequence: 'frames of teams and virtual switches may be counted twice' },
  compartments: { requiredRight: elevated, consequence: 'connections of Windows containers' },
  compartment: { requiredRight: elevated, consequence: 'its connections' },
  hostCompartment: {
    requiredRight: anyUser,
    consequence: 'network adapters, their traffic and connections, until the thread has returned',
  },
  eventSession: {
    requiredRight: tracer,
    consequence:
      'failed connects, connections between two scans, bytes and round-trip times, DNS requests, short-lived ' +
      'processes',
  },
  tcpEvents: {
    requiredRight: tracer,
    consequence:
      'connections between two scans, failed connects, bytes, round-trip times and retransmissions of closed ' +
      'connections',
  },
  dnsEvents: { requiredRight: tracer, consequence: 'requests to DNS, and the names of destinations' },
  processEvents: { requiredRight: tracer, consequence: 'processes that start and exit between two scans' },
  eventLoss: { requiredRight: anyUser, consequence: 'how many events Windows lost' },
  moreStatistics: {
    requiredRight: anyUser,
    consequence: 'their bytes, retransmissions and round-trip times, until they end',
  },
  tcpTable: { requiredRight: anyUser, consequence: 'its connections' },
  // https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getownermodulefromtcpentry
  socketServices: {
    requiredRight: elevated,
    consequence: 'these sockets stay with the group of services that share the process',
  },
  socketServicesLater: {
    requiredRight: anyUser,
    consequence: 'until then these sockets stay with the group of services that share the process',
  },
  httpSysReservations: { requiredRight: anyUser, consequence: 'services behind the listeners of http.sys, except IIS' },
  serviceAccounts: {
    requiredRight: elevated,
    consequence: 'listeners of http.sys that are reserved for their account',
  },
  gpuLibrary: { requiredRight: anyUser, consequence: 'the figures of GPUs, and what containers use of them' },
  gpu: { requiredRight: anyUser, consequence: 'all metrics of this GPU' },
  gpuValue: { requiredRight: anyUser, consequence: 'the metrics of this value' },
  gpuProcesses: { requiredRight: anyUser, consequence: 'what containers use of this GPU' },
  // https://learn.microsoft.com/virtualization/windowscontainers/manage-docker/configure-docker-daemon
  docker: {
    requiredRight:
      'the rights of an administrator, elevated, or of a member of the group that the setting `group` of dockerd names',
    consequence: 'containers of Docker',
  },
  cloudMetadata: {
    requiredRight: anyUser,
    consequence: 'facts about the cloud instance besides its provider; they are asked for until they are there',
  },
  // https://learn.microsoft.com/windows/win32/wes/eventmanifestschema-channeltype-complextype
  eventChannel: {
    requiredRight: 'membership in Event Log Readers, or the rights of an administrator, elevated',
    consequence: 'the events of this channel',
  },
  earlierEvents: { requiredRight: anyUser, consequence: 'the events of this channel since the last run of the agent' },
  logFile: { requiredRight: anyUser, consequence: 'the messages of this log file' },
  iisBindings: { requiredRight: elevated, consequence: 'listeners of IIS sites' },
} satisfies Record<string, Grant | PrivilegeGrant>;
