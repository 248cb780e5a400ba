// THE SEAM: everything the engine learns about a host passes here as observations; imports nothing.

/** One value that could not be read: why, and the Win32 or NTSTATUS code where there is one. */
export interface Unavailability {
  /** What is missing, e.g. `tcp tables of compartment 3`. */
  readonly part: string;
  /** Why, in words for a person. */
  readonly reason: string;
  /** Win32 error or NTSTATUS, if the system gave one. */
  readonly code?: number;
  /** The right that would give it, if it is one that is missing. */
  readonly right?: string;
  /** What is lost without it. */
  readonly lost?: string;
}

/** One Windows service as the SCM lists it. Numbers are the vendor's: https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status_process */
export interface ServiceRecord {
  /** Key name, e.g. `MSSQL$REPORTING`. */
  readonly name: string;
  readonly displayName: string;
  /** SERVICE_* type bits. */
  readonly serviceType: number;
  /** SERVICE_* state, 1 stopped to 7 paused. */
  readonly state: number;
  /** 0 when no process runs it. */
  readonly pid: number;
  readonly win32ExitCode: number;
  readonly serviceExitCode: number;
  /** Missing when the configuration could not be read (see `unreadable`). */
  readonly config?: ServiceConfigRecord;
  /** Why the configuration could not be read. */
  readonly unreadable?: Unavailability;
}

export interface ServiceConfigRecord {
  /** 0 boot, 1 system, 2 automatic, 3 manual, 4 disabled. */
  readonly startType: number;
  /** Command line of the service process, as configured. */
  readonly binaryPath: string;
  readonly account: string;
  /** Absent when the system does not tell. */
  readonly delayedAutoStart?: boolean;
  /** Number of start and stop triggers; absent when the system does not tell. */
  readonly triggers?: number;
}

/** Every process of one moment, one array a column, all of length `count`. */
export interface ProcessTable {
  readonly count: number;
  readonly pid: Uint32Array;
  readonly parentPid: Uint32Array;
  readonly sessionId: Uint32Array;
  /** Milliseconds since 1970, 0 for the idle process. */
  readonly createdAtMs: Float64Array;
  readonly userMs: Float64Array;
  readonly kernelMs: Float64Array;
  readonly workingSetBytes: Float64Array;
  /** 0 where the system does not tell. */
  readonly privateWorkingSetBytes: Float64Array;
  readonly reads: Float64Array;
  readonly writes: Float64Array;
  readonly readBytes: Float64Array;
  readonly writtenBytes: Float64Array;
  readonly threads: Uint32Array;
  readonly handles: Uint32Array;
  /** Image names without a path, e.g. `svchost.exe`. */
  readonly name: readonly string[];
}

/** The TCP rows of one network compartment and one address family, one array a column. */
export interface TcpTable {
  readonly compartmentId: number;
  readonly family: 4 | 6;
  readonly count: number;
  /** MIB_TCP_STATE: 2 listen, 5 established. */
  readonly state: Uint8Array;
  readonly pid: Uint32Array;
  readonly localPort: Uint16Array;
  readonly remotePort: Uint16Array;
  /** 4 or 16 bytes a row, network order. */
  readonly localAddress: Uint8Array;
  readonly remoteAddress: Uint8Array;
}

export interface AdapterRecord {
  /** IfIndex, IPv4 or IPv6. */
  readonly index: number;
  /** Friendly name, e.g. `Ethernet 2`. */
  readonly name: string;
  /** IfType: 6 Ethernet, 24 loopback, 71 wireless. */
  readonly type: number;
  readonly up: boolean;
  /** Unicast addresses without a zone, e.g. `10.0.0.5`, `fd00::1`. */
  readonly addresses: readonly string[];
}

export interface SystemRecord {
  /** Milliseconds since boot. */
  readonly uptimeMs: number;
}

/** Processor time since boot, all processor groups together. */
export interface CpuRecord {
  /** Logical processors that are active. */
  readonly logicalProcessors: number;
  readonly userMs: number;
  /** Without idle time; DPCs and interrupts included. */
  readonly systemMs: number;
  readonly idleMs: number;
}

export interface MemoryRecord {
  readonly totalBytes: number;
  /** What programs could get without paging: free and standby pages. */
  readonly availableBytes: number;
  /** Pages that hold nothing. */
  readonly freeBytes: number;
  /** Pages that hold file contents which can be dropped. */
  readonly cachedBytes: number;
  /** Where the last two come from: exact page lists need a right, the system's cache figure does not. */
  readonly source: 'page lists' | 'system cache';
}

/** One volume of a fixed disk. */
export interface DiskRecord {
  /** `C:`, or the folder that a volume without a letter is mounted in, e.g. `D:\\Mount\\Data`. */
  readonly device: string;
  /** Root with a backslash at its end, e.g. `C:\\`. */
  readonly mountPoint: string;
  /** Volume name, e.g. `\\\\?\\Volume{...}\\`. */
  readonly volume: string;
  readonly sizeBytes?: number;
  readonly freeBytes?: number;
  /** Absent where the driver keeps no counters. */
  readonly counters?: DiskCounters;
}

/** Counters of a volume since the driver began to count. */
export interface DiskCounters {
  /** 32 bits wide: it wraps. */
  readonly reads: number;
  /** 32 bits wide: it wraps. */
  readonly writes: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** Sum over requests: more than elapsed time when requests overlap. */
  readonly readMs: number;
  readonly writeMs: number;
  /** Time without any request under way. */
  readonly idleMs: number;
  /** Clock of the counters; only differences mean something. */
  readonly queryMs: number;
}

/** One network interface as the stack counts it. */
export interface InterfaceRecord {
  readonly index: number;
  /** Friendly name, as in AdapterRecord. */
  readonly name: string;
  readonly description: string;
  /** IfType. */
  readonly type: number;
  /** A device, real or virtual; teams and virtual switches are none. */
  readonly hardware: boolean;
  /** A filter upon another interface, with the same traffic. */
  readonly filter: boolean;
  /** Indexes of the interfaces right below it in the stack. */
  readonly below: readonly number[];
  readonly receivedBytes: number;
  /** All of them: unicast, multicast, broadcast. */
  readonly receivedPackets: number;
  readonly receivedErrors: number;
  readonly receivedDrops: number;
  readonly transmittedBytes: number;
  readonly transmittedPackets: number;
  readonly transmittedErrors: number;
  readonly transmittedDrops: number;
}

export interface IdentityRecord {
  readonly hostname: string;
  /** MachineGuid without dashes; empty when unreadable. */
  readonly machineId: string;
  /** SMBIOS system UUID, upper case with dashes; empty when unreadable. */
  readonly systemUuid: string;
  /** e.g. `Windows Server 2022 Datacenter (Build 20348)`. */
  readonly kernelVersion: string;
}

export interface TickRecord {
  /** Planned time between two ticks. */
  readonly intervalMs: number;
}

/** What each kind of observation carries. */
export interface ObservationData {
  identity: IdentityRecord;
  system: SystemRecord;
  services: readonly ServiceRecord[];
  processes: ProcessTable;
  adapters: readonly AdapterRecord[];
  cpu: CpuRecord;
  memory: MemoryRecord;
  disks: readonly DiskRecord[];
  interfaces: readonly InterfaceRecord[];
  tcp: readonly TcpTable[];
  /** Ends a round of polls: the model collects now. */
  tick: TickRecord;
}

export type ObservationKind = keyof ObservationData;

interface ObservationHead<K extends ObservationKind> {
  /** Counts up by one within a run. */
  readonly seq: number;
  /** Monotonic milliseconds; only differences mean something. */
  readonly tMono: number;
  /** Milliseconds since 1970. */
  readonly tWall: number;
  /** Who said it, e.g. `windows`. */
  readonly source: string;
  readonly kind: K;
  /** How long the reading took. */
  readonly seconds: number;
}

type ObservationOf<K extends ObservationKind> = ObservationHead<K> &
  (
    | { readonly data: ObservationData[K]; readonly degraded?: readonly Unavailability[]; readonly unavailable?: undefined }
    | { readonly data?: undefined; readonly degraded?: undefined; readonly unavailable: Unavailability }
  );

/** One thing that Windows said, or why it could not be had. `degraded` names parts that are missing from `data`. */
export type Observation = { [K in ObservationKind]: ObservationOf<K> }[ObservationKind];

/** The newest layout of tapes; sources/tape/upgrade.ts brings older ones up. */
export const TAPE_SCHEMA = 1;

/** Facts about a whole run: the first line of a tape. */
export interface HostHeader {
  readonly schema: number;
  readonly agentVersion: string;
  /** Milliseconds since 1970 when the run began. */
  readonly startedAtMs: number;
  readonly os: {
    /** `windows`, or what stands in for it, e.g. `wine 10.0`. */
    readonly platform: string;
    /** e.g. `10.0.20348`. */
    readonly version: string;
  };
  readonly processors: { readonly logical: number; readonly groups: readonly number[] };
  readonly bootTimeMs: number;
  /** Ticks per second of the performance counter. */
  readonly qpcFrequency: number;
  readonly rights: { readonly elevated: boolean; readonly privileges: readonly string[] };
  /** Effective settings, secrets masked. */
  readonly settings: Readonly<Record<string, string>>;
  /** Parts that something stood in for, e.g. a test double. */
  readonly standIns: readonly { readonly part: string; readonly by: string }[];
  /** What was left out, counted by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** What the host tells about itself while it runs, for status pages. */
export interface HostStatus {
  /** `windows` or `tape`. */
  readonly kind: string;
  /** A tape's file and position, or nothing. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
  /** A worker that has not answered for long, a tape that ended, ... */
  readonly problem?: string;
}

/** A source of observations: the live machine or a tape. */
export interface Host {
  /** Starts pushing; resolves with the header once the first observation may come. Rejects with AgentError. */
  start(push: (observation: Observation) => void): Promise<HostHeader>;
  /** Stops pushing; resolves to false when something did not end within the time given and must be killed. */
  stop(timeoutMs: number): Promise<boolean>;
  status(): HostStatus;
}
