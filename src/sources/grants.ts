// Of every part that can be missing: the right that would give it, who has that right, and what is lost without the part.
import type { ObservationKind } from './host.ts';

/** What is lost when a part is missing, and the right that would give it, if one would. */
export interface Grant {
  /** The right, and who has it; `everybody` must be said on purpose. */
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
  | 'urlOwners'
  | 'jobs'
>;

/** Windows gives the part to everybody: no right would help where it is missing. */
const everybody = undefined;

/** An elevated administrator is refused nothing of this; the vendor documents no smaller right. */
const elevated = 'the rights of an administrator, elevated';

/** When nothing at all of a kind can be had. */
export const KIND_GRANTS = {
  identity: {
    right: everybody,
    lost: 'names and ids of the node, and with them the labels that tell this host from others',
  },
  system: { right: everybody, lost: 'the uptime' },
  services: {
    // https://learn.microsoft.com/windows/win32/services/service-security-and-access-rights
    right: 'SC_MANAGER_ENUMERATE_SERVICE, which administrators and everybody signed in at the machine have',
    lost: 'containers of services: after the first good list they stay as they were, before it there are none',
  },
  processes: {
    right: everybody,
    lost: 'processes of containers, their CPU and memory, and restarts that keep the pid',
  },
  adapters: {
    right: everybody,
    lost: 'state and addresses of network adapters, and the addresses that a wildcard listener is reached at',
  },
  cpu: { right: everybody, lost: 'processor times of the node' },
  memory: { right: everybody, lost: 'memory of the node' },
  disks: { right: everybody, lost: 'disks of the node' },
  interfaces: { right: everybody, lost: 'traffic of network adapters' },
  tcp: { right: everybody, lost: 'listeners and connections' },
  // https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-setpertcpconnectionestats
  tcpStatistics: {
    right: elevated,
    lost: 'bytes, retransmissions and round-trip times of connections while they are open',
  },
  urlOwners: { right: everybody, lost: 'the services behind the listeners of http.sys' },
  jobs: { right: everybody, lost: 'memory and CPU limits of containers' },
} satisfies Record<PollKind, Grant>;

/** https://learn.microsoft.com/windows/win32/api/evntrace/nf-evntrace-starttracew */
const tracer = 'the rights of a member of Performance Log Users, or of an administrator, elevated';

/** When a part of a kind cannot be had, and the rest can. */
export const PART_GRANTS = {
  systemVersion: { right: everybody, lost: 'the build in kernel_version' },
  productName: {
    right: 'reading HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion, which everybody may by default',
    lost: 'the edition in kernel_version',
  },
  machineId: {
    right: 'reading HKLM\\SOFTWARE\\Microsoft\\Cryptography, which everybody may by default',
    lost: 'the label machine_id',
  },
  hostName: { right: everybody, lost: 'the label hostname' },
  systemUuid: { right: everybody, lost: 'the label system_uuid' },
  serviceConfiguration: {
    right: 'SERVICE_QUERY_CONFIG by the service’s own access list, which elevated administrators have for most',
    lost: 'they are listed, but are no containers unless service-include names them',
  },
  // A system that refuses the call to everybody; the call itself needs no right.
  imagePaths: {
    right: everybody,
    lost: 'paths of programs, and with them the disk that a container’s requests are shown at',
  },
  // https://learn.microsoft.com/windows/win32/procthread/job-object-security-and-access-rights
  job: {
    right: 'JOB_OBJECT_QUERY by the job’s own access list, which its owner, SYSTEM and administrators have by default',
    lost: 'memory and CPU limits of the containers in it',
  },
  jobCpuRate: { right: everybody, lost: 'the CPU limits of containers' },
  objectDirectory: { right: elevated, lost: 'memory and CPU limits of containers whose jobs have their names there' },
  tooManyServices: { right: everybody, lost: 'the services behind them' },
  // https://learn.microsoft.com/windows/security/threat-protection/security-policy-settings/profile-single-process
  pageLists: {
    right: 'SeProfileSingleProcessPrivilege, which administrators have when elevated',
    lost: 'free and cached memory are told by the system cache, which is less exact',
  },
  volume: { right: elevated, lost: 'size and counters of this disk' },
  // https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getdiskfreespaceexw
  diskSize: { right: 'FILE_LIST_DIRECTORY for the root folder of the volume', lost: 'its size' },
  diskCounters: { right: elevated, lost: 'its disk counters' },
  interfaceStack: { right: everybody, lost: 'frames of teams and virtual switches may be counted twice' },
  compartments: { right: elevated, lost: 'connections of Windows containers' },
  compartment: { right: elevated, lost: 'its connections' },
  eventSession: {
    right: tracer,
    lost: 'connects that fail, connections between two looks, bytes and round-trip times, DNS requests, processes that live briefly',
  },
  tcpEvents: {
    right: tracer,
    lost: 'connections between two looks, connects that fail, bytes, round-trip times and retransmissions of connections that end',
  },
  dnsEvents: { right: tracer, lost: 'requests of DNS names, and the names of destinations' },
  processEvents: { right: tracer, lost: 'processes that begin and end between two looks' },
  eventLoss: { right: everybody, lost: 'how many events Windows lost' },
  moreStatistics: { right: everybody, lost: 'their bytes, retransmissions and round-trip times, until they end' },
  tcpTable: { right: everybody, lost: 'its connections' },
  // https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getownermodulefromtcpentry
  socketServices: { right: elevated, lost: 'these sockets stay with the group of services that share the process' },
  socketServicesLater: {
    right: everybody,
    lost: 'until then these sockets stay with the group of services that share the process',
  },
  urlReservations: { right: everybody, lost: 'services behind the listeners of http.sys, but for IIS' },
  serviceAccounts: {
    right: elevated,
    lost: 'listeners of http.sys that are theirs by a reservation for their account',
  },
  iisBindings: { right: elevated, lost: 'listeners of IIS sites' },
} satisfies Record<string, Grant>;
