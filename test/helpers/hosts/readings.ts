// The readings of one round: encodes the state of a machine as Windows does, and parses it with the product's parsers.
import { ForeignBuffer } from '../../../src/native/buffer.ts';
import { ERROR_ACCESS_DENIED, Win32Error } from '../../../src/native/win32-error.ts';
import { type Grant, KIND_GRANTS, PART_GRANTS, type PollKind } from '../../../src/sources/grants.ts';
import type {
  DiskRecord,
  JobRecord,
  ObservationData,
  ProcessTable,
  ServiceRecord,
  TcpTable,
  Unavailability,
} from '../../../src/sources/host.ts';
import { parseAdapters } from '../../../src/sources/poll/adapters.ts';
import { parseProcessors, sumGroups } from '../../../src/sources/poll/cpu.ts';
import { DevicePaths } from '../../../src/sources/poll/device-paths.ts';
import { parseDiskPerformance } from '../../../src/sources/poll/disks.ts';
import { kernelVersion } from '../../../src/sources/poll/identity.ts';
import { ImagePaths } from '../../../src/sources/poll/image-paths.ts';
import { parseInterfaces, parseStack } from '../../../src/sources/poll/interfaces.ts';
import { parseCpuRate, parseJobLimits, parseProcessIds } from '../../../src/sources/poll/jobs.ts';
import { memoryRecord, parseMemoryStatus, parsePageLists, parsePerformance } from '../../../src/sources/poll/memory.ts';
import { parseProcesses } from '../../../src/sources/poll/processes.ts';
import { parseServices } from '../../../src/sources/poll/service-list.ts';
import { parseServiceConfig, protectedServices } from '../../../src/sources/poll/services.ts';
import { parseSystemUuid } from '../../../src/sources/poll/smbios.ts';
import { parseTcpTable, pidRows } from '../../../src/sources/poll/tcp-table.ts';
import { deviceName, mainMountPoint, parseTextList } from '../../../src/sources/poll/volumes.ts';
import { unavailability } from '../../../src/sources/unavailable.ts';
import {
  adapterList,
  BASE,
  type BuiltTcpRow,
  type Memory,
  processList,
  rawSmbios,
  serviceArray,
  serviceConfig,
  tcp4Table,
  tcp6Table,
} from '../foreign-memory.ts';
import { cpuRate, jobLimits, LIMIT, processIds, RATE } from '../job-memory.ts';
import {
  diskPerformance,
  interfaceStack,
  interfaceTable,
  memoryStatus,
  pageLists,
  performanceInformation,
  processorArray,
  textList,
} from '../node-memory.ts';
import { endpoint } from '../observations.ts';
import type { Job, Machine, Process, Service, Socket, Volume } from './machine.ts';

type PartGrant = keyof typeof PART_GRANTS;

/** A reading as the poller makes it; exactly one of `data` and `unavailable` is there. */
export type Reading<K extends PollKind = PollKind> =
  | { readonly data: ObservationData[K]; readonly degraded: readonly Unavailability[] }
  | { readonly unavailable: Unavailability };

const view = ({ bytes }: Pick<Memory, 'bytes'>): ForeignBuffer => new ForeignBuffer(bytes, BASE);

/** The reader of each kind, in the order of the poller. */
const readers: {
  readonly [K in Exclude<PollKind, 'urlReservations' | 'tcpStatistics' | 'gpus'>]: (
    machine: Machine,
    part: Part,
    degraded: Unavailability[],
  ) => ObservationData[K];
} = {
  identity: (machine, part) => {
    const { facts } = machine;
    const version = part('systemVersion', 'system version', () => facts.version, undefined);
    const product = part('productName', 'product name', () => facts.productName, '');
    return {
      hostname: part('hostName', 'host name', () => facts.hostname, 'unknown'),
      machineId: part('machineId', 'machine id', () => facts.machineGuid, '').replaceAll('-', ''),
      systemUuid: part('systemUuid', 'system UUID', () => systemUuid(facts.uuidBytes), ''),
      kernelVersion: kernelVersion(product, version),
    };
  },
  system: ({ uptimeMs }) => ({ uptimeMs }),
  services: (machine, _part, degraded) => readServices(machine, degraded),
  processes: (machine, _part, degraded) => readProcesses(machine, degraded),
  jobs: (machine, part) => {
    part('objectDirectory', 'names of jobs in other sessions', () => undefined, undefined);
    return part('job', 'limits of jobs', () => machine.jobs.map((job) => readJob(machine, job)), []);
  },
  cpu: ({ facts, processorTimes }) =>
    sumGroups(
      processorTimes.map(({ idleMs, kernelMs, userMs }, group) => {
        const count = facts.groups[group]!;
        const each = { idleMs: idleMs / count, kernelMs: kernelMs / count, userMs: userMs / count };
        // The array has space for 64 processors; the system fills one entry for each processor of the group.
        return parseProcessors(view(processorArray(new Array(64).fill(each))), count * 48);
      }),
    ),
  memory: ({ facts }, part) =>
    memoryRecord(
      parseMemoryStatus(view(memoryStatus(facts.totalBytes, facts.availableBytes))),
      parsePerformance(view(performanceInformation(facts.systemCachePages))),
      part(
        'pageLists',
        'exact free and cached memory',
        () => parsePageLists(view(pageLists(facts.pageLists))),
        undefined,
      ),
    ),
  disks: ({ volumes }, part) => volumes.flatMap((volume) => readVolume(volume, part)),
  adapters: ({ adapters }) =>
    parseAdapters(
      view(
        adapterList(
          adapters
            .filter(({ compartment, countersOnly }) => compartment === 1 && !countersOnly)
            .map(({ index, alias, type, status, addresses }) => ({
              ifIndex: index,
              ipv6IfIndex: index,
              friendlyName: alias,
              ifType: type,
              operStatus: status,
              compartmentId: 1,
              unicast: addresses.map((address) => endpointOf(address, 0).address),
            })),
        ),
      ),
    ),
  interfaces: ({ adapters }, part) => {
    const rows = adapters.flatMap(({ index, lowerIndexes }) => lowerIndexes.map((lower) => [index, lower] as const));
    const lowest = adapters
      .filter(({ lowerIndexes }) => lowerIndexes.length === 0)
      .map(({ index }) => [index, 0] as const);
    const stack = part(
      'interfaceStack',
      'stack of network interfaces',
      () => parseStack(view(interfaceStack([...rows, ...lowest]))),
      new Map(),
    );
    return parseInterfaces(view(interfaceTable(adapters)), stack);
  },
  tcp: (machine, part) => readTcp(machine, part),
};

/** Reads a part; if the machine refuses it, reports that like the product and returns `otherwise`. */
type Part = <T, O>(grant: PartGrant, name: string, read: () => T, otherwise: O, refusedAs?: string) => T | O;

/** The readings of one round in the order of the poller, without the tick. */
export function readRound(machine: Machine): [kind: PollKind, reading: Reading][] {
  return (Object.keys(readers) as (keyof typeof readers)[]).map((kind) => [kind, read(machine, kind)]);
}

function read(machine: Machine, kind: keyof typeof readers): Reading {
  const degraded: Unavailability[] = [];
  const refused = (key: string, name: string, grant: Grant): Unavailability | undefined => {
    const refusal = machine.refusals.get(key);
    return refusal && unavailability(name, new Win32Error(refusal.call, refusal.code), grant);
  };
  const part: Part = (grant, name, readPart, otherwise, refusedAs = grant) => {
    const missing = refused(refusedAs, name, PART_GRANTS[grant]);
    if (!missing) return readPart();
    degraded.push(missing);
    return otherwise;
  };
  const unavailable = refused(kind, kind, KIND_GRANTS[kind]);
  if (unavailable) return { unavailable };
  return { data: readers[kind](machine, part, degraded) as ObservationData[PollKind], degraded };
}

function systemUuid(bytes: readonly number[]): string {
  const information = { type: 1, body: [1, 2, 3, 4, ...bytes, 6, 5, 6], strings: ['Maker', 'Model', '1.0', 'S/N'] };
  return parseSystemUuid(rawSmbios(3, 3, [{ type: 0, body: [1, 2, 0, 0xf0, 3], strings: ['Vendor'] }, information]));
}

/** Windows 10 1709 is the first version with disk counters and jobs of processes. */
const FIRST_EXTENDED_BUILD = 16_299;
/** A cache of paths for each machine, like that of the poller. */
const images = new WeakMap<Machine, ImagePaths>();

function readProcesses(machine: Machine, degraded: Unavailability[]): ProcessTable {
  const extended = machine.facts.version.build >= FIRST_EXTENDED_BUILD;
  const table = parseProcesses(view(processList(machine.processes.map((process) => builtProcess(process, extended)))));
  const paths = images.get(machine) ?? imagePathsOf(machine);
  images.set(machine, paths);
  const { imagePath, degraded: missing } = paths.read(table);
  degraded.push(...missing);
  return { ...table, imagePath };
}

function imagePathsOf(machine: Machine): ImagePaths {
  const volumes = machine.volumes.map(({ mountPoints }, i) => ({
    device: `\\Device\\HarddiskVolume${i + 1}`,
    mountPoint: mainMountPoint(mountPoints),
  }));
  const mounted = volumes.flatMap(({ device, mountPoint }) =>
    mountPoint === undefined ? [] : [{ device, mountPoint }],
  );
  const isLetter = ({ mountPoint }: { mountPoint: string }) => mountPoint.length === 3;
  const paths = new DevicePaths(
    {
      letters: () =>
        new Map(mounted.filter(isLetter).map(({ device, mountPoint }) => [mountPoint.slice(0, 2), device])),
      folders: () =>
        new Map(mounted.filter((each) => !isLetter(each)).map(({ device, mountPoint }) => [mountPoint, device])),
    },
    () => machine.monoMs,
  );
  return new ImagePaths((pid) => {
    const refusal = machine.refusals.get('imagePaths');
    if (refusal) throw new Win32Error(refusal.call, refusal.code);
    return paths.toPath(machine.processes.find((process) => process.pid === pid)!.imagePath);
  });
}

function readJob(machine: Machine, { name, roots, memoryLimitBytes, cpuRate: rate }: Job): JobRecord {
  const alive = new Set(machine.processes.map(({ pid }) => pid));
  const pids = roots.flatMap((root) => machine.tree(root)).filter((pid) => alive.has(pid));
  const cpuShare = parseCpuRate(view(cpuRate(rate > 0 ? RATE.enable | RATE.hardCap : 0, rate)));
  return {
    name,
    pids: parseProcessIds(view(processIds(pids))),
    ...parseJobLimits(view(jobLimits(memoryLimitBytes > 0 ? LIMIT.job : 0, 0, memoryLimitBytes))),
    ...(cpuShare === undefined ? {} : { cpuShare }),
  };
}

function builtProcess(process: Process, extended: boolean) {
  const floor = (value: number): bigint => BigInt(Math.floor(value));
  const ticksOf = (ms: number): bigint => BigInt(Math.round(ms * 10_000));
  return {
    ...(process.image === '' ? {} : { name: process.image }),
    pid: process.pid,
    parentPid: process.parentPid,
    sessionId: process.sessionId,
    // 1601 is 11,644,473,600 s before 1970; the idle process has no creation time.
    created: process.createdAtMs === 0 ? 0n : ticksOf(process.createdAtMs) + 116_444_736_000_000_000n,
    user: ticksOf(process.userMs),
    kernel: ticksOf(process.kernelMs),
    workingSet: BigInt(process.workingSetBytes),
    privateWorkingSet: BigInt(process.privateBytes),
    reads: floor(process.reads),
    writes: floor(process.writes),
    readBytes: floor(process.readBytes),
    writtenBytes: floor(process.writtenBytes),
    threads: process.threads,
    handles: process.handles,
    pageFaults: process.pageFaults,
    hardFaults: process.hardFaults,
    ...(extended ? { disk: diskOf(process) } : {}),
  };
}

function diskOf({ reads, writes, readBytes, writtenBytes, jobId }: Process) {
  const half = (value: number): bigint => BigInt(Math.floor(value / 2));
  return {
    reads: Number(half(reads)),
    writes: Number(half(writes)),
    readBytes: half(readBytes),
    writtenBytes: half(writtenBytes),
    jobId,
  };
}

function readServices(machine: Machine, degraded: Unavailability[]): ServiceRecord[] {
  const all = [...machine.services.values()];
  const statuses = parseServices(view(serviceArray(all)), all.length);
  const services = statuses.map((status, i): ServiceRecord => {
    const refusal = machine.refusals.get(`service ${status.name}`);
    if (!refusal) return { ...status, config: readConfig(all[i]!) };
    const error = new Win32Error(refusal.call, refusal.code);
    return { ...status, configUnavailable: unavailability('configuration', error, PART_GRANTS.serviceConfiguration) };
  });
  const refused = services.filter(({ configUnavailable }) => configUnavailable?.code === ERROR_ACCESS_DENIED);
  if (refused.length > 0) degraded.push(protectedServices(refused));
  return services;
}

function readConfig({
  type,
  startType,
  binaryPath,
  account,
  delayed,
  triggers,
}: Service): NonNullable<ServiceRecord['config']> {
  const config = parseServiceConfig(view(serviceConfig({ type, startType, binaryPath, account })));
  return { ...config, delayedAutoStart: delayed, triggers };
}

function readVolume(volume: Volume, part: Part): DiskRecord[] {
  const name = `\\\\?\\Volume{${volume.guid}}\\`;
  const mountPoints = part(
    'volume',
    `volume ${name}`,
    () => parseTextList(textList(volume.mountPoints)),
    [],
    `volume ${volume.guid}`,
  );
  const mountPoint = mainMountPoint(mountPoints);
  if (mountPoint === undefined) return [];
  const device = deviceName(mountPoint);
  const { sizeBytes, freeBytes, counters } = volume;
  const size = part('diskSize', `size of ${device}`, () => ({ sizeBytes, freeBytes }), {}, `diskSize ${device}`);
  const counted = part(
    'diskCounters',
    `disk counters of ${device}`,
    () =>
      counters
        ? {
            counters: parseDiskPerformance(view(diskPerformance(counters))),
          }
        : {},
    {},
    `diskCounters ${device}`,
  );
  return [{ device, mountPoint, volume: name, ...size, ...counted }];
}

function readTcp(machine: Machine, part: Part): TcpTable[] {
  const all = [...new Set(machine.adapters.map(({ compartment }) => compartment))].sort((a, b) => a - b);
  const servicesReported = part('socketServices', 'services behind the sockets of shared processes', () => true, false);
  const compartments = part('compartments', 'network compartments other than the host', () => all, [1]);
  return compartments.flatMap((id) => {
    const own = machine.sockets.filter(({ compartment }) => compartment === id);
    const table = (family: 4 | 6): TcpTable[] =>
      part(
        'tcpTable',
        `IPv${family} tcp table of compartment ${id}`,
        () => [tcpTable(own, family, id, servicesReported)],
        [],
        `tcpTable ${family} ${id}`,
      );
    return part(
      'compartment',
      `tcp tables of compartment ${id}`,
      () => [...table(4), ...table(6)],
      [],
      `compartment ${id}`,
    );
  });
}

/** The table, with the services of its rows if the system reports any. */
function tcpTable(
  sockets: readonly Socket[],
  family: 4 | 6,
  compartmentId: number,
  servicesReported: boolean,
): TcpTable {
  const own = sockets.filter(({ local }) => local.startsWith('[') === (family === 6));
  const table = parseTcpTable(
    view(family === 4 ? tcp4Table(rows(own, 4)) : tcp6Table(rows(own, 6))),
    pidRows[family],
    compartmentId,
  );
  const services = own.flatMap(({ service }, row) => (service === undefined ? [] : [{ row, name: service }]));
  return servicesReported && sockets.some(({ service }) => service !== undefined) ? { ...table, services } : table;
}

function rows(sockets: readonly Socket[], family: 4 | 6): BuiltTcpRow[] {
  return sockets.map(({ pid, local, remote, state }) => {
    const localEndpoint = endpoint(family, local);
    const remoteEndpoint =
      remote === undefined
        ? { address: new Array<number>(family === 4 ? 4 : 16).fill(0), port: 0 }
        : endpoint(family, remote);
    return {
      state: state ?? (remote === undefined ? 2 : 5),
      local: localEndpoint.address,
      localPort: localEndpoint.port,
      remote: remoteEndpoint.address,
      remotePort: remoteEndpoint.port,
      pid,
    };
  });
}

function endpointOf(address: string, port: number) {
  return address.includes(':') ? endpoint(6, `[${address}]:${port}`) : endpoint(4, `${address}:${port}`);
}
