// Builders of observations and records with plausible defaults; imports only types of the product.
import type {
  AdapterRecord,
  HostHeader,
  IdentityRecord,
  Observation,
  ObservationData,
  ObservationKind,
  ProcessTable,
  ServiceRecord,
  TcpTable,
  Unavailability,
} from '../../src/sources/host.ts';

/** 2026-01-01T00:00:00Z: the wall clock of an observation at monotonic time 0. */
export const WALL_AT_ZERO_MS = 1_767_225_600_000;

/** A running automatic service; pid 1000, svchost-like. */
export function aService(values: Partial<ServiceRecord> = {}): ServiceRecord {
  return {
    name: 'Spooler',
    displayName: values.name ?? 'Print Spooler',
    serviceType: 0x10,
    state: 4,
    pid: 1000,
    win32ExitCode: 0,
    serviceExitCode: 0,
    config: { startType: 2, binaryPath: 'C:\\Windows\\System32\\spoolsv.exe', account: 'LocalSystem' },
    ...values,
  };
}

/** An Ethernet adapter that is up with 10.0.0.5. */
export function anAdapter(values: Partial<AdapterRecord> = {}): AdapterRecord {
  return { index: 2, name: 'Ethernet', type: 6, up: true, addresses: ['10.0.0.5'], ...values };
}

/** The identity of the test host. */
export function anIdentity(values: Partial<IdentityRecord> = {}): IdentityRecord {
  return {
    hostname: 'TESTHOST',
    machineId: '0123456789abcdef0123456789abcdef',
    systemUuid: '01234567-89AB-CDEF-0123-456789ABCDEF',
    kernelVersion: 'Windows Server 2022 Datacenter (Build 20348)',
    ...values,
  };
}

/** The header of a run of the test host. */
export function aHeader(values: Partial<HostHeader> = {}): HostHeader {
  return {
    schema: 1,
    agentVersion: '0.1.0',
    startedAtMs: WALL_AT_ZERO_MS,
    os: { platform: 'windows', version: '10.0.20348' },
    processors: { logical: 4, groups: [4] },
    bootTimeMs: WALL_AT_ZERO_MS - 3_600_000,
    qpcFrequency: 10_000_000,
    rights: { elevated: true, privileges: ['SeDebugPrivilege'] },
    settings: {},
    standIns: [],
    dropped: {},
    ...values,
  };
}

/** One row of a process table; missing fields are 0, and `name` is `test.exe`. */
export interface ProcessRow {
  readonly pid: number;
  readonly parentPid?: number;
  readonly sessionId?: number;
  readonly createdAtMs?: number;
  readonly userMs?: number;
  readonly kernelMs?: number;
  readonly workingSetBytes?: number;
  readonly privateWorkingSetBytes?: number;
  readonly reads?: number;
  readonly writes?: number;
  readonly readBytes?: number;
  readonly writtenBytes?: number;
  readonly threads?: number;
  readonly handles?: number;
  readonly name?: string;
  /** This field and the following ones become columns if a row has them. */
  readonly imagePath?: string;
  readonly pageFaults?: number;
  readonly hardFaults?: number;
  readonly cycles?: number;
  readonly diskReads?: number;
  readonly diskWrites?: number;
  readonly diskReadBytes?: number;
  readonly diskWrittenBytes?: number;
  readonly jobId?: number;
}

/** The column form of a list of processes. */
export function processTable(rows: readonly ProcessRow[]): ProcessTable {
  const column = (name: Exclude<keyof ProcessRow, 'name' | 'imagePath'>): number[] => rows.map((row) => row[name] ?? 0);
  const has = (...columns: (keyof ProcessRow)[]): boolean =>
    rows.some((row) => columns.some((name) => row[name] !== undefined));
  return {
    count: rows.length,
    pid: Uint32Array.from(column('pid')),
    parentPid: Uint32Array.from(column('parentPid')),
    sessionId: Uint32Array.from(column('sessionId')),
    createdAtMs: Float64Array.from(column('createdAtMs')),
    userMs: Float64Array.from(column('userMs')),
    kernelMs: Float64Array.from(column('kernelMs')),
    workingSetBytes: Float64Array.from(column('workingSetBytes')),
    privateWorkingSetBytes: Float64Array.from(column('privateWorkingSetBytes')),
    reads: Float64Array.from(column('reads')),
    writes: Float64Array.from(column('writes')),
    readBytes: Float64Array.from(column('readBytes')),
    writtenBytes: Float64Array.from(column('writtenBytes')),
    threads: Uint32Array.from(column('threads')),
    handles: Uint32Array.from(column('handles')),
    name: rows.map((row) => row.name ?? 'test.exe'),
    ...(has('imagePath') ? { imagePath: rows.map((row) => row.imagePath ?? '') } : {}),
    ...(has('pageFaults', 'hardFaults')
      ? { pageFaults: Uint32Array.from(column('pageFaults')), hardFaults: Uint32Array.from(column('hardFaults')) }
      : {}),
    ...(has('cycles') ? { cycles: Float64Array.from(column('cycles')) } : {}),
    ...(has('diskReads', 'diskWrites', 'diskReadBytes', 'diskWrittenBytes')
      ? {
          diskReads: Float64Array.from(column('diskReads')),
          diskWrites: Float64Array.from(column('diskWrites')),
          diskReadBytes: Float64Array.from(column('diskReadBytes')),
          diskWrittenBytes: Float64Array.from(column('diskWrittenBytes')),
        }
      : {}),
    ...(has('jobId') ? { jobId: Uint32Array.from(column('jobId')) } : {}),
  };
}

/** One TCP row; endpoints as `1.2.3.4:80` or `[fd00::1]:80`, a missing remote endpoint is all zeros. */
export interface TcpRow {
  readonly local: string;
  readonly remote?: string;
  /** Default: `listen` without a remote endpoint, else `established`. */
  readonly state?: 'listen' | 'established' | number;
  readonly pid: number;
  /** Service of the row; if one row has it, the system reports services. */
  readonly service?: string;
}

/**
 * The column form of TCP rows of one family; `servicesReported`: whether the system reports the services of sockets.
 */
export function tcpTable(
  family: 4 | 6,
  rows: readonly TcpRow[],
  compartmentId = 1,
  servicesReported = rows.some(({ service }) => service),
): TcpTable {
  const services = rows.flatMap(({ service }, row) => (service === undefined ? [] : [{ row, name: service }]));
  const local = rows.map((row) => endpoint(family, row.local));
  const remote = rows.map((row) =>
    row.remote === undefined
      ? { address: new Array<number>(family === 4 ? 4 : 16).fill(0), port: 0 }
      : endpoint(family, row.remote),
  );
  return {
    compartmentId,
    family,
    count: rows.length,
    state: Uint8Array.from(rows, stateOf),
    pid: Uint32Array.from(rows, (row) => row.pid),
    localPort: Uint16Array.from(local, (end) => end.port),
    remotePort: Uint16Array.from(remote, (end) => end.port),
    localAddress: Uint8Array.from(local.flatMap((end) => end.address)),
    remoteAddress: Uint8Array.from(remote.flatMap((end) => end.address)),
    ...(servicesReported ? { services } : {}),
  };
}

function stateOf(row: TcpRow): number {
  const state = row.state ?? (row.remote === undefined ? 'listen' : 'established');
  return state === 'listen' ? 2 : state === 'established' ? 5 : state;
}

/** Bytes and port of `1.2.3.4:80` or `[fd00::1]:80`. */
export function endpoint(family: 4 | 6, text: string): { address: number[]; port: number } {
  const match = family === 4 ? /^([\d.]+):(\d+)$/.exec(text) : /^\[([0-9a-f:]+)\]:(\d+)$/i.exec(text);
  if (!match) throw new Error(`not an IPv${family} endpoint: ${text}`);
  const address = family === 4 ? match[1]!.split('.').map(Number) : ipv6Bytes(match[1]!);
  if (address.length !== (family === 4 ? 4 : 16)) throw new Error(`not an IPv${family} address: ${text}`);
  return { address, port: Number(match[2]) };
}

function ipv6Bytes(text: string): number[] {
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [head, tail] = text.split('::');
  const left = groups(head!);
  const right = tail === undefined ? [] : groups(tail);
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...new Array<number>(zeros).fill(0), ...right].flatMap((group) => [group >> 8, group & 255]);
}

/** Time and sequence number of an observation. */
export interface ObservationTime {
  /** Monotonic milliseconds; the wall clock is WALL_AT_ZERO_MS plus this. Default 0. */
  readonly atMs?: number;
  /** Default 1. */
  readonly seq?: number;
}

/** An observation that carries data. */
export function observation<K extends ObservationKind>(
  kind: K,
  data: ObservationData[K],
  at: ObservationTime & { readonly degraded?: readonly Unavailability[] } = {},
): Observation {
  const degraded = at.degraded === undefined ? {} : { degraded: at.degraded };
  return { ...head(kind, at), data, ...degraded } as unknown as Observation;
}

/** An observation with the reason why there is no data. */
export function unavailable(kind: ObservationKind, why: Unavailability, at: ObservationTime = {}): Observation {
  return { ...head(kind, at), unavailable: why } as unknown as Observation;
}

function head(kind: ObservationKind, at: ObservationTime) {
  const atMs = at.atMs ?? 0;
  return { seq: at.seq ?? 1, tMono: atMs, tWall: WALL_AT_ZERO_MS + atMs, source: 'test', kind, seconds: 0.001 };
}

/** Creates observations with increasing sequence numbers, at the time that the last `at` or `tick` set. */
export class TapeBuilder {
  readonly observations: Observation[] = [];
  #atMs = 0;

  /** Sets the monotonic time of the following observations, in milliseconds. */
  at(atMs: number): this {
    this.#atMs = atMs;
    return this;
  }

  add<K extends ObservationKind>(kind: K, data: ObservationData[K], degraded?: readonly Unavailability[]): this {
    const at = { atMs: this.#atMs, seq: this.observations.length + 1 };
    this.observations.push(observation(kind, data, degraded === undefined ? at : { ...at, degraded }));
    return this;
  }

  unavailable(kind: ObservationKind, part: string, reason = 'test'): this {
    this.observations.push(
      unavailable(kind, { part, reason }, { atMs: this.#atMs, seq: this.observations.length + 1 }),
    );
    return this;
  }

  /** Ends a round and advances the time by the interval, in milliseconds. */
  tick(intervalMs = 15_000): this {
    this.add('tick', { intervalMs });
    this.#atMs += intervalMs;
    return this;
  }
}
