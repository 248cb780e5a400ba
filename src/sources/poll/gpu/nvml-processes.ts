// Processes on a GPU as NVML reports them: their memory, and how much of the time they ran kernels.
import { ForeignBuffer } from '../../../native/buffer.ts';
import type { Layout } from '../../../native/ffi.ts';
import {
  NVML_PROCESSES_UTILIZATION_INFO_VERSION,
  NVML_VALUE_NOT_AVAILABLE,
  type NvmlDevice,
  nvmlProcessesUtilizationInfo_v1_t,
  nvmlProcessInfo_v1_t,
  nvmlProcessInfo_v2_t,
  nvmlProcessUtilizationInfo_v1_t,
  nvmlProcessUtilizationSample_t,
} from '../../../native/nvml.ts';
import {
  NVML_ERROR_FUNCTION_NOT_FOUND,
  NVML_ERROR_INSUFFICIENT_SIZE,
  NVML_ERROR_NOT_FOUND,
  NVML_ERROR_NOT_SUPPORTED,
  NVML_SUCCESS,
} from '../../../native/nvml-error.ts';
import { withPointers } from '../../../native/pointers.ts';
import type { NvmlCalls } from './nvml-calls.ts';

/** Drivers ask for 72 entries of utilization on an H100; a longer list is read with a larger buffer. */
const FIRST_CAPACITY = 128;
const MAX_CAPACITY = 65_536;

const COMPUTE = [
  'nvmlDeviceGetComputeRunningProcesses_v3',
  'nvmlDeviceGetComputeRunningProcesses_v2',
  'nvmlDeviceGetComputeRunningProcesses',
] as const;
const GRAPHICS = [
  'nvmlDeviceGetGraphicsRunningProcesses_v3',
  'nvmlDeviceGetGraphicsRunningProcesses_v2',
  'nvmlDeviceGetGraphicsRunningProcesses',
] as const;

/** Memory in bytes by pid; undefined where the driver does not know it, as with the WDDM driver model. */
export type ProcessMemory = Map<number, number | undefined>;

export interface ProcessEntry {
  readonly pid: number;
  /** GPU instance and compute instance of a GPU that is partitioned (MIG). */
  readonly instance: string;
  readonly memoryBytes: number | undefined;
}

/** Parses `count` nvmlProcessInfo_t of either version. */
export function parseProcessInfo(buffer: ForeignBuffer, count: number, version: 1 | 2): ProcessEntry[] {
  const info = version === 1 ? nvmlProcessInfo_v1_t : nvmlProcessInfo_v2_t;
  return Array.from({ length: count }, (_, i) => {
    const at = i * info.size;
    const used = buffer.slice(at + info.at.usedGpuMemory, 8).readBigUInt64LE();
    const { gpuInstanceId, computeInstanceId } = nvmlProcessInfo_v2_t.at;
    return {
      pid: buffer.u32(at + info.at.pid),
      instance: version === 1 ? '' : `${buffer.u32(at + gpuInstanceId)}/${buffer.u32(at + computeInstanceId)}`,
      memoryBytes: used === NVML_VALUE_NOT_AVAILABLE ? undefined : Number(used),
    };
  });
}

/**
 * Memory of each process: the sum over instances. A process that computes and draws is in both lists with the same
 * memory.
 */
export function sumMemory(entries: readonly ProcessEntry[]): ProcessMemory {
  const byInstance = new Map<string, ProcessEntry>();
  for (const entry of entries) {
    const key = `${entry.pid} ${entry.instance}`;
    const known = byInstance.get(key);
    if (!known || (known.memoryBytes ?? -1) < (entry.memoryBytes ?? -1)) byInstance.set(key, entry);
  }
  const sums: ProcessMemory = new Map();
  for (const { pid, memoryBytes } of byInstance.values()) {
    const sum = sums.get(pid);
    sums.set(pid, memoryBytes === undefined ? sum : (sum ?? 0) + memoryBytes);
  }
  return sums;
}

/** Throws NvmlError. */
export async function readProcessMemory(calls: NvmlCalls, device: NvmlDevice): Promise<ProcessMemory> {
  const compute = await readRunning(calls, calls.firstOf(COMPUTE), device);
  const graphics = await readRunning(calls, calls.firstOf(GRAPHICS), device);
  return sumMemory([...compute, ...graphics]);
}

async function readRunning(
  calls: NvmlCalls,
  name: (typeof COMPUTE)[number] | (typeof GRAPHICS)[number],
  device: NvmlDevice,
): Promise<ProcessEntry[]> {
  const version = /_v[23]$/.test(name) ? 2 : 1;
  const { size } = version === 1 ? nvmlProcessInfo_v1_t : nvmlProcessInfo_v2_t;
  const { buffer, count } = await readList(size, (infos, infoCount, mayGrow) =>
    calls.call(name, [device, infoCount, infos], mayGrow ? [NVML_ERROR_INSUFFICIENT_SIZE] : []),
  );
  return parseProcessInfo(buffer, count, version);
}

/** Calls with a growing buffer; the list may grow between two calls. `mayGrow` is false for the last attempt. */
async function readList(
  entryBytes: number,
  call: (entries: Buffer, count: Buffer, mayGrow: boolean) => Promise<number>,
): Promise<{ buffer: ForeignBuffer; count: number }> {
  const count = Buffer.alloc(4);
  for (let capacity = FIRST_CAPACITY; ; ) {
    const entries = Buffer.alloc(capacity * entryBytes);
    count.writeUInt32LE(capacity);
    const code = await call(entries, count, capacity < MAX_CAPACITY);
    const used = code === NVML_SUCCESS ? Math.min(count.readUInt32LE(), capacity) : 0;
    if (code !== NVML_ERROR_INSUFFICIENT_SIZE) return { buffer: new ForeignBuffer(entries), count: used };
    capacity = Math.min(MAX_CAPACITY, Math.max(capacity * 2, count.readUInt32LE() + FIRST_CAPACITY));
  }
}

/** Percent by pid; `newest` is the time of the newest sample in microseconds. */
export interface ProcessUsage {
  readonly percentByPid: ReadonlyMap<number, number>;
  readonly newest: bigint;
  /** Samples that were left out, because their value is no percentage. */
  readonly invalid: number;
}

type UtilizationLayout = Layout<'pid' | 'timeStamp' | 'smUtil'>;

/**
 * Parses samples of processes: the mean of the samples of each one. The driver of an H100 returns one for each process
 * that was busy since `since`, and it is the mean of that time (580.159, 2026-11).
 */
export function parseProcessUsage(
  buffer: ForeignBuffer,
  count: number,
  entry: UtilizationLayout,
  since: bigint,
): ProcessUsage {
  const sums = new Map<number, { sum: number; samples: number }>();
  let newest = since;
  let invalid = 0;
  for (let i = 0; i < count; i++) {
    const at = i * entry.size;
    const time = buffer.slice(at + entry.at.timeStamp, 8).readBigUInt64LE();
    const percent = buffer.u32(at + entry.at.smUtil);
    if (time <= since) continue;
    if (time > newest) newest = time;
    if (percent > 100) {
      invalid++;
      continue;
    }
    const pid = buffer.u32(at + entry.at.pid);
    const known = sums.get(pid) ?? { sum: 0, samples: 0 };
    sums.set(pid, { sum: known.sum + percent, samples: known.samples + 1 });
  }
  const percentByPid = new Map([...sums].map(([pid, { sum, samples }]) => [pid, sum / samples]));
  return { percentByPid, newest, invalid };
}

/** Throws NvmlError. Newer GPUs support the newer of the two functions only. */
export async function readProcessUsage(calls: NvmlCalls, device: NvmlDevice, since: bigint): Promise<ProcessUsage> {
  const entry = nvmlProcessUtilizationSample_t;
  let supported = true;
  const mayLack = calls.has('nvmlDeviceGetProcessesUtilizationInfo')
    ? [NVML_ERROR_NOT_SUPPORTED, NVML_ERROR_FUNCTION_NOT_FOUND]
    : [];
  const { buffer, count } = await readList(entry.size, async (samples, sampleCount, mayGrow) => {
    const expected = [NVML_ERROR_NOT_FOUND, ...(mayGrow ? [NVML_ERROR_INSUFFICIENT_SIZE] : []), ...mayLack];
    const code = await calls.call('nvmlDeviceGetProcessUtilization', [device, samples, sampleCount, since], expected);
    supported = !mayLack.includes(code);
    return code;
  });
  if (!supported) return readProcessesInfo(calls, device, since);
  const usage = parseProcessUsage(buffer, count, entry, since);
  calls.countInvalid('nvmlDeviceGetProcessUtilization', usage.invalid);
  return usage;
}

async function readProcessesInfo(calls: NvmlCalls, device: NvmlDevice, since: bigint): Promise<ProcessUsage> {
  const entry = nvmlProcessUtilizationInfo_v1_t;
  const { at, size } = nvmlProcessesUtilizationInfo_v1_t;
  const { buffer, count } = await readList(entry.size, async (samples, sampleCount, mayGrow) => {
    const info = Buffer.alloc(size);
    info.writeUInt32LE(NVML_PROCESSES_UTILIZATION_INFO_VERSION, at.version);
    info.writeUInt32LE(sampleCount.readUInt32LE(), at.processSamplesCount);
    info.writeBigUInt64LE(since, at.lastSeenTimeStamp);
    const expected = [NVML_ERROR_NOT_FOUND, ...(mayGrow ? [NVML_ERROR_INSUFFICIENT_SIZE] : [])];
    const code = await withPointers((setPointer) => {
      setPointer(info, at.procUtilArray, samples);
      return calls.call('nvmlDeviceGetProcessesUtilizationInfo', [device, info], expected);
    });
    info.copy(sampleCount, 0, at.processSamplesCount, at.processSamplesCount + 4);
    return code;
  });
  const usage = parseProcessUsage(buffer, count, entry, since);
  calls.countInvalid('nvmlDeviceGetProcessesUtilizationInfo', usage.invalid);
  return usage;
}
