// A simulated Windows machine: services, processes, sockets, disks and adapters with counters that grow over time.
import type { BuiltInterface, BuiltPageLists } from '../node-memory.ts';
import { WALL_AT_ZERO_MS } from '../observations.ts';
import { elapseAdapter, elapseVolume } from './counters.ts';

export const MIB = 1024 * 1024;
export const GIB = 1024 * MIB;

/** SERVICE_* numbers of https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status_process */
export const OWN_PROCESS = 0x10;
export const SHARED_PROCESS = 0x20;
export const USER_TEMPLATE = 0x50;
export const USER_INSTANCE = 0xd0;
export const STOPPED = 1;
export const RUNNING = 4;
export const PAUSED = 7;
export const AUTOMATIC = 2;
export const MANUAL = 3;
export const DISABLED = 4;

export interface Service {
  name: string;
  displayName: string;
  type: number;
  state: number;
  /** 0 when it does not run. */
  pid: number;
  win32ExitCode: number;
  specificExitCode: number;
  startType: number;
  binaryPath: string;
  account: string;
  delayed: boolean;
  triggers: number;
}

export interface Process {
  pid: number;
  parentPid: number;
  sessionId: number;
  image: string;
  /** Milliseconds since 1970. */
  createdAtMs: number;
  userMs: number;
  kernelMs: number;
  /** Growth of the two in milliseconds a second. */
  userRate: number;
  kernelRate: number;
  workingSetBytes: number;
  privateBytes: number;
  threads: number;
  handles: number;
  reads: number;
  writes: number;
  readBytes: number;
  writtenBytes: number;
  /** Growth in operations a second; each moves 4 KiB, and every second one reaches a disk. */
  readRate: number;
  writeRate: number;
  /** Native path, e.g. `\\Device\\HarddiskVolume1\\x.exe`; empty if there is none. */
  imagePath: string;
  /** DWORDs; page faults include hard faults. */
  pageFaults: number;
  hardFaults: number;
  /** Growth a second. */
  faultRate: number;
  hardFaultRate: number;
  /** Number of the job of the process, 0 for none. */
  jobId: number;
}

/** A job object with a name. */
export interface Job {
  name: string;
  /** Root processes; their descendants belong to the job too. */
  roots: readonly number[];
  memoryLimitBytes: number;
  /** CPU limit in 1/10,000 of all processors, 0 for no limit. */
  cpuRate: number;
}

export interface Socket {
  pid: number;
  /** `1.2.3.4:80` or `[fd00::1]:80`. */
  local: string;
  /** Absent for a listener. */
  remote?: string;
  compartment: number;
  /** Service of the socket if several services share the process. */
  service?: string;
  /** MIB_TCP_STATE if the socket is neither listening nor established. */
  state?: number;
}

export interface Volume {
  /** The GUID in the volume name. */
  guid: string;
  mountPoints: readonly string[];
  sizeBytes: number;
  freeBytes: number;
  /** Undefined if the driver keeps no counters. */
  counters?: {
    reads: number;
    writes: number;
    readBytes: bigint;
    writtenBytes: bigint;
    readMs: number;
    writeMs: number;
    idleMs: number;
    queryMs: number;
  };
  /** Reads and writes a second; each takes 2 ms and moves 64 KiB. */
  readRate: number;
  writeRate: number;
}

export interface Adapter extends BuiltInterface {
  /** IF_OPER_STATUS: 1 up, 2 down. */
  status: number;
  addresses: readonly string[];
  compartment: number;
  /** Indexes of the interfaces directly below. */
  lowerIndexes: readonly number[];
  /** Packets of 1000 bytes per second in each direction; one in ten is not unicast. */
  packetRate: number;
  /** The interface has counters but no addresses: a filter, a physical port of a team. */
  countersOnly: boolean;
}

/** A call that is refused or fails, with its error code. */
export interface Refusal {
  readonly call: string;
  readonly code: number;
}

export interface MachineFacts {
  hostname: string;
  productName: string;
  version: { major: number; minor: number; build: number };
  machineGuid: string;
  /** Sixteen bytes in the order of the table, as of SMBIOS 2.6. */
  uuidBytes: readonly number[];
  /** Processors of each group. */
  groups: readonly number[];
  totalBytes: number;
  availableBytes: number;
  systemCachePages: number;
  pageLists: BuiltPageLists;
  elevated: boolean;
  privileges: readonly string[];
  upForMs: number;
}

const HOUR_MS = 3_600_000;

export class Machine {
  readonly facts: MachineFacts;
  /** The wall clock, which can be stepped. */
  wallMs = WALL_AT_ZERO_MS;
  /** The monotonic clock. */
  monoMs = 0;
  readonly services = new Map<string, Service>();
  processes: Process[] = [];
  sockets: Socket[] = [];
  readonly jobs: Job[] = [];
  readonly volumes: Volume[] = [];
  readonly adapters: Adapter[] = [];
  /** Refusals by the name of a part; see readings.ts. */
  readonly refusals = new Map<string, Refusal>();
  /** Milliseconds summed over all processors of a group. */
  readonly processorTimes: { idleMs: number; kernelMs: number; userMs: number }[];

  constructor(facts: MachineFacts) {
    this.facts = facts;
    this.processorTimes = facts.groups.map((count) => ({
      idleMs: 80 * HOUR_MS * count,
      kernelMs: 84 * HOUR_MS * count,
      userMs: 16 * HOUR_MS * count,
    }));
    this.process({ pid: 0, parentPid: 0, image: '', createdAtMs: 0, threads: sum(facts.groups) });
    this.process({
      pid: 4,
      parentPid: 0,
      image: 'System',
      createdAtMs: this.bootWallMs,
      threads: 180,
      handles: 4200,
      workingSetBytes: 148 * 1024,
    });
    this.process({
      pid: 612,
      parentPid: 604,
      image: 'wininit.exe',
      createdAtMs: this.bootWallMs + 9000,
      workingSetBytes: 7 * MIB,
    });
    this.process({
      pid: 744,
      parentPid: 612,
      image: 'services.exe',
      createdAtMs: this.bootWallMs + 10_000,
      workingSetBytes: 11 * MIB,
    });
  }

  get uptimeMs(): number {
    return this.facts.upForMs + this.monoMs;
  }

  private get bootWallMs(): number {
    return WALL_AT_ZERO_MS - this.facts.upForMs;
  }

  /** Advances the clocks and all counters; the processors are busy for a tenth of the time. */
  elapse(ms: number): void {
    this.wallMs += ms;
    this.monoMs += ms;
    for (const [group, count] of this.facts.groups.entries()) {
      const times = this.processorTimes[group]!;
      times.idleMs += ms * count * 0.9;
      times.kernelMs += ms * count * 0.94;
      times.userMs += ms * count * 0.06;
    }
    const seconds = ms / 1000;
    for (const process of this.processes) {
      process.userMs += process.userRate * seconds;
      process.kernelMs += process.kernelRate * seconds;
      process.reads += process.readRate * seconds;
      process.writes += process.writeRate * seconds;
      process.readBytes += process.readRate * seconds * 4096;
      process.writtenBytes += process.writeRate * seconds * 4096;
      process.pageFaults = (process.pageFaults + process.faultRate * seconds) % 2 ** 32;
      process.hardFaults = (process.hardFaults + process.hardFaultRate * seconds) % 2 ** 32;
    }
    for (const volume of this.volumes) elapseVolume(volume, ms);
    for (const adapter of this.adapters) elapseAdapter(adapter, seconds);
  }

  /** Steps the wall clock, as an administrator or a time server does. */
  stepClock(ms: number): void {
    this.wallMs += ms;
  }

  service(name: string, values: Partial<Service> = {}): Service {
    const service: Service = {
      name,
      displayName: name,
      type: OWN_PROCESS,
      state: STOPPED,
      pid: 0,
      win32ExitCode: 0,
      specificExitCode: 0,
      startType: AUTOMATIC,
      binaryPath: `C:\\Program Files\\${name}\\${name}.exe`,
      account: 'LocalSystem',
      delayed: false,
      triggers: 0,
      ...values,
    };
    this.services.set(name, service);
    return service;
  }

  /** Adds a process; by default it was created an hour ago by services.exe. */
  process(values: Partial<Process> & { pid: number; image: string }): Process {
    const process: Process = {
      parentPid: 744,
      sessionId: 0,
      createdAtMs: this.wallMs - HOUR_MS,
      userMs: 0,
      kernelMs: 0,
      userRate: 0,
      kernelRate: 0,
      workingSetBytes: 12 * MIB,
      privateBytes: Math.round((values.workingSetBytes ?? 12 * MIB) * 0.6),
      threads: 8,
      handles: 150,
      reads: 0,
      writes: 0,
      readBytes: 0,
      writtenBytes: 0,
      readRate: 0,
      writeRate: 0,
      imagePath: values.pid <= 4 ? '' : `\\Device\\HarddiskVolume1\\Windows\\System32\\${values.image}`,
      pageFaults: 0,
      hardFaults: 0,
      faultRate: 0,
      hardFaultRate: 0,
      jobId: 0,
      ...values,
    };
    this.processes.push(process);
    return process;
  }

  /** The pids of the process and its descendants. */
  tree(pid: number): number[] {
    return [
      pid,
      ...this.processes.filter(({ parentPid }) => parentPid === pid).flatMap((child) => this.tree(child.pid)),
    ];
  }

  /** Starts a service in a new process, or without an image in an existing one. */
  start(name: string, pid: number, image?: string, values: Partial<Process> = {}): void {
    const service = this.services.get(name)!;
    service.state = RUNNING;
    service.pid = pid;
    service.win32ExitCode = 0;
    service.specificExitCode = 0;
    if (image !== undefined) this.process({ pid, image, createdAtMs: this.wallMs, ...values });
  }

  /** Stops a service and ends its process tree and sockets. */
  stop(name: string, win32ExitCode = 0, specificExitCode = 0): void {
    const service = this.services.get(name)!;
    if (service.pid !== 0) this.end(service.pid);
    Object.assign(service, { state: STOPPED, pid: 0, win32ExitCode, specificExitCode });
  }

  /** Ends a process with its descendants and their sockets. */
  end(pid: number): void {
    for (const child of this.processes.filter(({ parentPid }) => parentPid === pid)) this.end(child.pid);
    this.processes = this.processes.filter((process) => process.pid !== pid);
    this.sockets = this.sockets.filter((socket) => socket.pid !== pid);
  }

  listen(pid: number, ...locals: string[]): void {
    for (const local of locals) this.sockets.push({ pid, local, compartment: 1 });
  }

  connect(pid: number, local: string, remote: string, compartment = 1): void {
    this.sockets.push({ pid, local, remote, compartment });
  }

  /** Assigns sockets of a shared process to a service by their local endpoints. */
  tag(service: string, ...locals: string[]): void {
    for (const socket of this.sockets) if (locals.includes(socket.local)) socket.service = service;
  }

  /** Closes the connection with this local endpoint. */
  close(local: string): void {
    this.sockets = this.sockets.filter((socket) => socket.local !== local || socket.remote === undefined);
  }

  volume(values: Partial<Volume> & { guid: string; mountPoints: readonly string[] }): Volume {
    const volume: Volume = {
      sizeBytes: 100 * GIB,
      freeBytes: 40 * GIB,
      counters: {
        reads: 1000,
        writes: 2000,
        readBytes: BigInt(64 * MIB),
        writtenBytes: BigInt(128 * MIB),
        readMs: 2000,
        writeMs: 4000,
        idleMs: 60_000,
        queryMs: 66_000,
      },
      readRate: 4,
      writeRate: 8,
      ...values,
    };
    this.volumes.push(volume);
    return volume;
  }

  adapter(values: Partial<Adapter> & { index: number; alias: string }): Adapter {
    const adapter: Adapter = {
      description: 'Intel(R) Ethernet Connection',
      type: 6,
      flags: 0b101,
      status: 1,
      addresses: [],
      compartment: 1,
      lowerIndexes: [],
      packetRate: 0,
      countersOnly: false,
      ...values,
    };
    this.adapters.push(adapter);
    return adapter;
  }

  /** Makes the part fail with this error until `grant`. */
  refuse(part: string, call: string, code: number): void {
    this.refusals.set(part, { call, code });
  }

  grant(part: string): void {
    this.refusals.delete(part);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
