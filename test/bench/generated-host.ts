// A generated host for benchmarks: a given number of services, processes and connections, the same on every machine.
import { monotonicMs } from '../../src/base/monotonic.ts';
import type {
  JobRecord,
  Observation,
  ObservationData,
  ObservationKind,
  ProcessTable,
  ServiceRecord,
  TcpTable,
} from '../../src/sources/host.ts';

export interface HostSize {
  services: number;
  processes: number;
  connections: number;
  /** Share of the connections that change their destination in each round, 0 to 1. */
  churn: number;
}

const BOOT_MS = Date.UTC(2026, 0, 1);
/** On the clock of the other sources: ages would stand still while one of them is ahead of the rounds. */
const FIRST_MONO_MS = monotonicMs();
const SYSTEM_PROCESSES = 4;

/** All observations of one round, the tick last. */
export function* generateRound(size: HostSize, round: number, intervalMs: number): Generator<Observation> {
  const tWall = BOOT_MS + 86_400_000 + round * intervalMs;
  let seq = round * 10;
  const observe = <K extends ObservationKind>(kind: K, data: ObservationData[K]): Observation =>
    ({
      seq: seq++,
      tMono: FIRST_MONO_MS + round * intervalMs,
      tWall,
      source: 'generated',
      kind,
      seconds: 0,
      data,
    }) as unknown as Observation;
  if (round === 0) {
    yield observe('identity', {
      hostname: 'generated',
      machineId: '0123456789abcdef0123456789abcdef',
      systemUuid: '01234567-89AB-CDEF-0123-456789ABCDEF',
      kernelVersion: 'Windows Server 2022 Datacenter (Build 20348)',
    });
  }
  yield observe('system', { uptimeMs: tWall - BOOT_MS });
  yield observe('services', services(size));
  yield observe('processes', processes(size, round));
  if (round % 4 === 0) yield observe('jobs', jobs(size));
  yield observe('adapters', [{ index: 2, name: 'Ethernet', type: 6, up: true, addresses: ['10.0.0.5', 'fd00::5'] }]);
  yield observe('tcp', [connections(size, round), emptyTable(6)]);
  yield observe('tick', { intervalMs });
}

function services({ services: count }: HostSize): ServiceRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `service-${i}`,
    displayName: `Generated service ${i}`,
    serviceType: 0x10,
    state: 4,
    pid: servicePid(i),
    win32ExitCode: 0,
    serviceExitCode: 0,
    config: {
      startType: 2,
      binaryPath: `C:\\Program Files\\Generated\\service-${i}.exe`,
      account: 'LocalSystem',
      delayedAutoStart: false,
      triggers: 0,
    },
  }));
}

/** Every tenth service has a job of its own. */
function jobs({ services: count }: HostSize): JobRecord[] {
  return Array.from({ length: Math.floor(count / 10) }, (_, i) => ({
    name: `\\BaseNamedObjects\\generated-${i}`,
    pids: [servicePid(i * 10)],
    memoryLimitBytes: 2 ** 30,
    cpuShare: 0.25,
  }));
}

function servicePid(i: number): number {
  return 1000 + i * 4;
}

/** A few system processes, one root process per service, and children that are distributed over the services. */
function processes(size: HostSize, round: number): ProcessTable {
  const count = Math.max(size.processes, size.services + SYSTEM_PROCESSES);
  const column = () => new Float64Array(count).fill(1000);
  const table = {
    count,
    pid: new Uint32Array(count),
    parentPid: new Uint32Array(count),
    sessionId: new Uint32Array(count),
    createdAtMs: new Float64Array(count).fill(BOOT_MS + 60_000),
    userMs: new Float64Array(count).fill(round * 100),
    kernelMs: new Float64Array(count).fill(round * 20),
    workingSetBytes: new Float64Array(count).fill(50e6),
    privateWorkingSetBytes: new Float64Array(count).fill(20e6),
    reads: column(),
    writes: column(),
    readBytes: column(),
    writtenBytes: column(),
    threads: new Uint32Array(count).fill(8),
    handles: new Uint32Array(count).fill(200),
    name: new Array<string>(count),
    imagePath: new Array<string>(count),
    pageFaults: new Uint32Array(count).fill(round * 500),
    hardFaults: new Uint32Array(count).fill(round * 5),
    diskReads: new Float64Array(count).fill(round * 10),
    diskWrites: new Float64Array(count).fill(round * 10),
    diskReadBytes: new Float64Array(count).fill(round * 40_960),
    diskWrittenBytes: new Float64Array(count).fill(round * 2_000_000),
    jobId: new Uint32Array(count),
  };
  for (let row = 0; row < count; row++) {
    const service = row - SYSTEM_PROCESSES;
    const child = service - size.services;
    table.pid[row] = service < 0 ? row * 4 : child < 0 ? servicePid(service) : 1_000_000 + child * 4;
    table.parentPid[row] = child < 0 ? 4 : servicePid(child % size.services);
    table.name[row] = service < 0 ? 'System' : child < 0 ? `service-${service}.exe` : 'worker.exe';
    table.imagePath[row] = service < 0 ? '' : `C:\\Program Files\\Generated\\${table.name[row]}`;
  }
  return table;
}

/** Each connection has its own destination; connections are distributed over the services. */
function connections(size: HostSize, round: number): TcpTable {
  const count = size.connections;
  const table = {
    compartmentId: 1,
    family: 4 as const,
    count,
    state: new Uint8Array(count).fill(5),
    pid: new Uint32Array(count),
    localPort: new Uint16Array(count),
    remotePort: new Uint16Array(count).fill(443),
    localAddress: new Uint8Array(count * 4),
    remoteAddress: new Uint8Array(count * 4),
  };
  const moved = Math.floor(count * size.churn);
  for (let row = 0; row < count; row++) {
    table.pid[row] = servicePid(row % size.services);
    table.localPort[row] = 49_152 + (row % 16_000);
    table.localAddress.set([10, 0, 0, 5], row * 4);
    // The churning rows get addresses that no earlier round had.
    const address = row < moved ? 0x20000000 + ((round * moved + row) & 0x0fffffff) : 0x0b000000 + row;
    table.remoteAddress.set([address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255], row * 4);
  }
  return table;
}

function emptyTable(family: 4 | 6): TcpTable {
  const none = {
    state: new Uint8Array(0),
    pid: new Uint32Array(0),
    localPort: new Uint16Array(0),
    remotePort: new Uint16Array(0),
  };
  return {
    compartmentId: 1,
    family,
    count: 0,
    ...none,
    localAddress: new Uint8Array(0),
    remoteAddress: new Uint8Array(0),
  };
}
