// The field tables of a tape: which fields the header and each kind of observation have, and what they may hold.
import type {
  AdapterRecord,
  CpuRecord,
  DiskCounters,
  DiskRecord,
  HostHeader,
  IdentityRecord,
  InterfaceRecord,
  JobRecord,
  MemoryRecord,
  ObservationData,
  ObservationKind,
  ProcessTable,
  ServiceConfigRecord,
  ServiceRecord,
  SocketServiceRecord,
  SystemRecord,
  TcpTable,
  TickRecord,
  Unavailability,
  UrlReservationRecord,
} from '../host.ts';
import {
  amount,
  type Codec,
  code,
  dictionary,
  type Fields,
  flag,
  instant,
  list,
  oneOf,
  optional,
  record,
  safeInteger,
  text,
  u16,
  u32,
} from './codec.ts';
import { addresses, amounts, instants, MAX_ROWS, optionalColumn, table, texts, u8s, u16s, u32s } from './columns.ts';
import { EVENT_KINDS } from './event-records.ts';

export const unavailability: Codec<Unavailability> = record<Unavailability>({
  part: text,
  reason: text,
  code: optional(code),
  requiredRight: optional(text),
  consequence: optional(text),
});

const service = record<ServiceRecord>({
  name: text,
  displayName: text,
  serviceType: u32,
  state: u32,
  pid: u32,
  win32ExitCode: u32,
  serviceExitCode: u32,
  config: optional(
    record<ServiceConfigRecord>({
      startType: u32,
      binaryPath: text,
      account: text,
      delayedAutoStart: optional(flag),
      triggers: optional(u32),
    }),
  ),
  configUnavailable: optional(unavailability),
});

const processes = table<object, Omit<ProcessTable, 'count'>>({}, () => ({
  pid: u32s,
  parentPid: u32s,
  sessionId: u32s,
  createdAtMs: instants,
  userMs: amounts,
  kernelMs: amounts,
  workingSetBytes: amounts,
  privateWorkingSetBytes: amounts,
  reads: amounts,
  writes: amounts,
  readBytes: amounts,
  writtenBytes: amounts,
  threads: u32s,
  handles: u32s,
  name: texts,
  imagePath: optionalColumn(texts),
  pageFaults: optionalColumn(u32s),
  hardFaults: optionalColumn(u32s),
  cycles: optionalColumn(amounts),
  diskReads: optionalColumn(amounts),
  diskWrites: optionalColumn(amounts),
  diskReadBytes: optionalColumn(amounts),
  diskWrittenBytes: optionalColumn(amounts),
  jobId: optionalColumn(u32s),
}));

type TcpHead = Pick<TcpTable, 'compartmentId' | 'family' | 'services'>;

const tcpHead: Fields<TcpHead> = {
  compartmentId: u32,
  family: oneOf(4, 6),
  services: optional(list(record<SocketServiceRecord>({ row: u32, name: text }), MAX_ROWS)),
};

const tcp = table<TcpHead, Omit<TcpTable, 'count' | keyof TcpHead>>(tcpHead, ({ family }) => ({
  state: u8s,
  pid: u32s,
  localPort: u16s,
  remotePort: u16s,
  localAddress: addresses(family === 4 ? 4 : 16),
  remoteAddress: addresses(family === 4 ? 4 : 16),
}));

const disk = record<DiskRecord>({
  device: text,
  mountPoint: text,
  volume: text,
  sizeBytes: optional(amount),
  freeBytes: optional(amount),
  counters: optional(
    record<DiskCounters>({
      reads: u32,
      writes: u32,
      readBytes: amount,
      writtenBytes: amount,
      readMs: amount,
      writeMs: amount,
      idleMs: amount,
      queryMs: amount,
    }),
  ),
});

const networkInterface = record<InterfaceRecord>({
  index: u32,
  name: text,
  description: text,
  type: u32,
  hardware: flag,
  filter: flag,
  lowerIndexes: list(u32),
  receivedBytes: amount,
  receivedPackets: amount,
  receivedErrors: amount,
  receivedDrops: amount,
  transmittedBytes: amount,
  transmittedPackets: amount,
  transmittedErrors: amount,
  transmittedDrops: amount,
});

const job = record<JobRecord>({
  name: text,
  pids: list(u32),
  memoryLimitBytes: optional(amount),
  processMemoryLimitBytes: optional(amount),
  cpuShare: optional(amount),
});

/** What `data` holds, by kind of observation. */
export const KINDS: { readonly [K in ObservationKind]: Codec<ObservationData[K]> } = {
  identity: record<IdentityRecord>({ hostname: text, machineId: text, systemUuid: text, kernelVersion: text }),
  system: record<SystemRecord>({ uptimeMs: instant }),
  services: list(service),
  processes,
  jobs: list(job),
  adapters: list(record<AdapterRecord>({ index: u32, name: text, type: u32, up: flag, addresses: list(text) })),
  cpu: record<CpuRecord>({ logicalProcessors: u32, userMs: amount, systemMs: amount, idleMs: amount }),
  memory: record<MemoryRecord>({
    totalBytes: amount,
    availableBytes: amount,
    freeBytes: amount,
    cachedBytes: amount,
    source: oneOf('page lists', 'system cache'),
  }),
  disks: list(disk),
  interfaces: list(networkInterface),
  tcp: list(tcp),
  urlReservations: list(
    record<UrlReservationRecord>({
      service: text,
      scheme: oneOf('http', 'https'),
      port: u16,
      ip: optional(text),
      host: optional(text),
      path: text,
      detectedBy: oneOf('url reservation', 'iis binding'),
    }),
  ),
  ...EVENT_KINDS,
  tick: record<TickRecord>({ intervalMs: u32 }),
};

/** The header line, without its `tape` mark. */
export const header: Codec<HostHeader> = record<HostHeader>({
  schema: u32,
  agentVersion: text,
  startedAtMs: instant,
  os: record<HostHeader['os']>({ platform: text, version: text }),
  processors: record<HostHeader['processors']>({ logical: u32, groups: list(u32) }),
  bootTimeMs: instant,
  qpcFrequency: amount,
  rights: record<HostHeader['rights']>({ elevated: flag, privileges: list(text) }),
  settings: dictionary(text),
  standIns: list(record<HostHeader['standIns'][number]>({ part: text, replacement: text })),
  dropped: dictionary(safeInteger),
});

/** What stands before `data` in every observation, of kinds unknown too. */
export interface ObservationHead {
  readonly seq: number;
  readonly tMono: number;
  readonly tWall: number;
  readonly source: string;
  readonly kind: string;
  readonly seconds: number;
}

export const observationHead: Codec<ObservationHead> = record<ObservationHead>({
  seq: safeInteger,
  tMono: instant,
  tWall: instant,
  source: text,
  kind: text,
  seconds: amount,
});

/** The last line of a tape that was closed: how much it holds, and what the recorder had to leave out, by reason. */
export interface TapeEnd {
  readonly observations: number;
  readonly dropped: Readonly<Record<string, number>>;
}

export const tapeEnd: Codec<TapeEnd> = record<TapeEnd>({ observations: safeInteger, dropped: dictionary(safeInteger) });
