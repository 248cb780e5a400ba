// THE SEAM: everything the engine learns about a host passes here as observations; imports nothing but its record types.
import type {
  DnsEventRecord,
  EtwSessionRecord,
  ProcessEventRecord,
  RawEventsRecord,
  TcpEventTable,
  TcpStatisticsTable,
} from './records/events.ts';
import type { JobRecord } from './records/jobs.ts';
import type { AdapterRecord, InterfaceRecord, TcpTable, UrlReservationRecord } from './records/network.ts';
import type { CpuRecord, DiskRecord, IdentityRecord, MemoryRecord, SystemRecord } from './records/node.ts';
import type { ProcessTable } from './records/processes.ts';
import type { ServiceRecord } from './records/services.ts';
import type { Unavailability } from './records/unavailability.ts';

export type * from './records/events.ts';
export type * from './records/jobs.ts';
export type * from './records/network.ts';
export type * from './records/node.ts';
export type * from './records/processes.ts';
export type * from './records/services.ts';
export type * from './records/unavailability.ts';

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
  jobs: readonly JobRecord[];
  adapters: readonly AdapterRecord[];
  cpu: CpuRecord;
  memory: MemoryRecord;
  disks: readonly DiskRecord[];
  interfaces: readonly InterfaceRecord[];
  tcp: readonly TcpTable[];
  /** Services behind the listeners of http.sys; now and then. */
  urlReservations: readonly UrlReservationRecord[];
  tcpEvents: TcpEventTable;
  dnsEvents: readonly DnsEventRecord[];
  processEvents: readonly ProcessEventRecord[];
  /** The event session itself. */
  etw: EtwSessionRecord;
  tcpStatistics: TcpStatisticsTable;
  rawEvents: RawEventsRecord;
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
    | {
        readonly data: ObservationData[K];
        readonly degraded?: readonly Unavailability[];
        readonly unavailable?: undefined;
      }
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
  readonly standIns: readonly { readonly part: string; readonly replacement: string }[];
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
