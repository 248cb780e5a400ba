// The GPUs of the node, and what containers use of them.
import type { GpuProcessRecord, GpuRecord, GpusRecord } from '../sources/host.ts';
import type { GpuUse } from './owner/gpu-use.ts';

/** A part that has failed, and that the agent tries again. */
export interface Retry {
  readonly part: string;
  readonly reason: string;
  /** Both in milliseconds since 1970. */
  readonly sinceMs: number;
  readonly nextAttemptAtMs: number;
}

/** Name and driver of a GPU. Replaced, never changed, so that label sets can be stored with it. */
export interface GpuInfo {
  readonly uuid: string;
  readonly name: string;
  readonly driverVersion: string;
}

/** One GPU; the same object while it is listed. */
export class Gpu {
  readonly uuid: string;
  info: GpuInfo;
  record: GpuRecord;

  constructor(record: GpuRecord, driverVersion: string) {
    this.uuid = record.uuid;
    this.record = record;
    this.info = { uuid: record.uuid, name: record.name, driverVersion };
  }

  update(record: GpuRecord, driverVersion: string): void {
    const { name, driverVersion: before } = this.info;
    this.record = record;
    if (name !== record.name || before !== driverVersion)
      this.info = { uuid: this.uuid, name: record.name, driverVersion };
  }
}

export class Gpus {
  /** The last reading; undefined before the first, and after one that failed. */
  record: GpusRecord | undefined;
  #byUuid = new Map<string, Gpu>();
  /** By GPU and pid; a process has one record for each GPU. */
  #processes: ReadonlyMap<string, ReadonlyMap<number, GpuProcessRecord>> = new Map();

  update(record: GpusRecord): void {
    const processes = new Map<string, Map<number, GpuProcessRecord>>(record.gpus.map(({ uuid }) => [uuid, new Map()]));
    for (const each of record.processes) processes.get(each.gpu)?.set(each.pid, each);
    this.#processes = processes;
    const next = new Map<string, Gpu>();
    for (const each of record.gpus) {
      const gpu = this.#byUuid.get(each.uuid) ?? new Gpu(each, record.driverVersion);
      gpu.update(each, record.driverVersion);
      next.set(each.uuid, gpu);
    }
    this.#byUuid = next;
    this.record = record;
  }

  /** A reading failed: gauges of the last one would look like current values. */
  clear(): void {
    this.record = undefined;
    this.#byUuid = new Map();
    this.#processes = new Map();
  }

  all(): Gpu[] {
    return [...this.#byUuid.values()];
  }

  /** Processes on a GPU. */
  processesOf(uuid: string): GpuProcessRecord[] {
    return [...(this.#processes.get(uuid)?.values() ?? [])];
  }

  /** Why the driver library, or a GPU, is tried again; undefined while all works, and without a driver. */
  get retry(): Retry | undefined {
    const { state, reason, sinceMs, nextAttemptAtMs = 0 } = this.record ?? {};
    if (!sinceMs || (state !== 'retrying' && state !== 'partial')) return undefined;
    return { part: state === 'partial' ? 'GPU' : 'NVIDIA driver library', reason: reason!, sinceMs, nextAttemptAtMs };
  }

  /** What the processes with these pids use of each GPU, in percent. */
  useBy(pids: readonly number[]): GpuUse[] {
    return this.all().map(({ record }) => {
      const { uuid, memoryTotalBytes, processes: known } = record;
      const own = pids.flatMap((pid) => this.#processes.get(uuid)?.get(pid) ?? []);
      const memoryBytes = known?.memory ? sum(own, 'memoryBytes') : undefined;
      return {
        uuid,
        used: own.length > 0,
        usagePercent: known?.usage ? clamp(sum(own, 'usagePercent')) : undefined,
        memoryPercent:
          memoryBytes === undefined || !memoryTotalBytes ? undefined : clamp((memoryBytes / memoryTotalBytes) * 100),
      };
    });
  }
}

/** Undefined if the value of every process is unknown; 0 without a process. */
function sum(processes: readonly GpuProcessRecord[], field: 'memoryBytes' | 'usagePercent'): number | undefined {
  const known = processes.flatMap((each) => each[field] ?? []);
  return known.length === 0 && processes.length > 0 ? undefined : known.reduce((total, value) => total + value, 0);
}

/** Processes of a container may use different engines, and shared memory counts for each process. */
function clamp(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : Math.min(100, Math.max(0, percent));
}
