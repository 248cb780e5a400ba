// The values of one GPU, and the processes on it.
import { ForeignBuffer } from '../../../native/buffer.ts';
import {
  NVML_GPU_UTILIZATION_SAMPLES,
  NVML_MEMORY_UTILIZATION_SAMPLES,
  NVML_TEMPERATURE_GPU,
  type NvmlDevice,
  nvmlMemory_t,
  nvmlUtilization_t,
} from '../../../native/nvml.ts';
import { PART_GRANTS } from '../../grants.ts';
import type {
  GpuProcessKnowledge,
  GpuProcessRecord,
  GpuRecord,
  GpuUtilizationRecord,
  Unavailability,
} from '../../host.ts';
import { unavailability } from '../../unavailable.ts';
import { attempt, type NvmlCalls } from './nvml-calls.ts';
import { type Gpu, pciText } from './nvml-devices.ts';
import { readProcessMemory, readProcessUsage } from './nvml-processes.ts';
import { readSamples } from './nvml-samples.ts';

const MILLIWATTS_PER_WATT = 1000;

export interface GpuReading {
  readonly record: GpuRecord;
  /** Empty when nothing is known about them. */
  readonly processes: readonly GpuProcessRecord[];
  readonly problems: readonly Unavailability[];
}

/**
 * Reads the values of one GPU; one that fails is absent and a problem. Throws NvmlError when the GPU is lost, or when
 * the library must be loaded again.
 */
export async function readGpu(calls: NvmlCalls, gpu: Gpu): Promise<GpuReading> {
  const { handle, index } = gpu;
  const problems: Unavailability[] = [];
  const part = async <T>(what: string, grant: 'gpuValue' | 'gpuProcesses', read: () => Promise<T>) => {
    const { value, error } = await attempt(read);
    if (error !== undefined) problems.push(unavailability(`${what} of GPU ${index}`, error, PART_GRANTS[grant]));
    return value;
  };
  const memory = await part('memory', 'gpuValue', () => readMemory(calls, handle));
  const temperatureCelsius = await part('temperature', 'gpuValue', () => readTemperature(calls, handle));
  const powerWatts = await part('power', 'gpuValue', () => readPower(calls, handle));
  const { utilization, memoryUtilization } =
    (await part('utilization', 'gpuValue', () => readUtilization(calls, gpu))) ?? {};
  const processes = gpu.isWddm ? undefined : await readProcesses(calls, gpu, part);
  const values = { ...memory, temperatureCelsius, powerWatts, utilization, memoryUtilization };
  const { uuid, name, pci } = gpu;
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  const record = {
    uuid,
    index,
    name,
    ...(pci && { pciAddress: pciText(pci) }),
    ...Object.fromEntries(known),
    ...(processes && { processes: processes.knowledge }),
  };
  return { record, processes: processes?.records ?? [], problems };
}

async function readMemory(calls: NvmlCalls, device: NvmlDevice) {
  const memory = Buffer.alloc(nvmlMemory_t.size);
  await calls.call('nvmlDeviceGetMemoryInfo', [device, memory]);
  const view = new ForeignBuffer(memory);
  return { memoryTotalBytes: view.i64(nvmlMemory_t.at.total), memoryUsedBytes: view.i64(nvmlMemory_t.at.used) };
}

async function readTemperature(calls: NvmlCalls, device: NvmlDevice): Promise<number> {
  const celsius = Buffer.alloc(4);
  await calls.call('nvmlDeviceGetTemperature', [device, NVML_TEMPERATURE_GPU, celsius]);
  return celsius.readUInt32LE();
}

async function readPower(calls: NvmlCalls, device: NvmlDevice): Promise<number> {
  const milliwatts = Buffer.alloc(4);
  await calls.call('nvmlDeviceGetPowerUsage', [device, milliwatts]);
  return milliwatts.readUInt32LE() / MILLIWATTS_PER_WATT;
}

type Utilization = Pick<GpuRecord, 'utilization' | 'memoryUtilization'>;
type Sampled = { readonly [K in keyof Utilization]: Utilization[K] | undefined };

/**
 * Adds the samples since the last call to the windows of a GPU. The driver keeps some 14 seconds of them, so a longer
 * time between two readings needs several calls. Throws NvmlError when the library or the GPU cannot be used any more.
 */
export async function gatherSamples(calls: NvmlCalls, gpu: Gpu): Promise<void> {
  const windows = [
    [NVML_GPU_UTILIZATION_SAMPLES, gpu.utilization],
    [NVML_MEMORY_UTILIZATION_SAMPLES, gpu.memoryUtilization],
  ] as const;
  for (const [type, window] of windows) {
    const { value } = await attempt(() => readSamples(calls, gpu.handle, type, window.newest));
    if (value) window.add(value);
  }
}

/** From the driver's samples; where it has none, the instant values. */
async function readUtilization(calls: NvmlCalls, gpu: Gpu): Promise<Utilization> {
  await gatherSamples(calls, gpu);
  const sampled = { utilization: gpu.utilization.take(), memoryUtilization: gpu.memoryUtilization.take() };
  const isComplete = sampled.utilization && sampled.memoryUtilization;
  return { ...(isComplete ? {} : await readInstant(calls, gpu.handle, sampled)), ...defined(sampled) };
}

/** Throws only when there is no sample either. */
async function readInstant(calls: NvmlCalls, device: NvmlDevice, sampled: Sampled): Promise<Utilization> {
  const rates = Buffer.alloc(nvmlUtilization_t.size);
  const { error } = await attempt(() => calls.call('nvmlDeviceGetUtilizationRates', [device, rates]));
  if (error !== undefined) {
    if (!sampled.utilization && !sampled.memoryUtilization) throw error;
    return {};
  }
  const view = new ForeignBuffer(rates);
  return defined({
    utilization: instantValue(calls, view.u32(nvmlUtilization_t.at.gpu)),
    memoryUtilization: instantValue(calls, view.u32(nvmlUtilization_t.at.memory)),
  });
}

function instantValue(calls: NvmlCalls, percent: number): GpuUtilizationRecord | undefined {
  if (percent <= 100) return { averagePercent: percent, peakPercent: percent, samples: 0 };
  calls.countInvalid('nvmlDeviceGetUtilizationRates', 1);
  return undefined;
}

/** Without the properties that are undefined. */
function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

async function readProcesses(
  calls: NvmlCalls,
  gpu: Gpu,
  part: <T>(what: string, grant: 'gpuProcesses', read: () => Promise<T>) => Promise<T | undefined>,
): Promise<{ knowledge: GpuProcessKnowledge; records: GpuProcessRecord[] } | undefined> {
  const { handle, uuid } = gpu;
  const memory = await part('memory of processes', 'gpuProcesses', () => readProcessMemory(calls, handle));
  const usage = await part('use by processes', 'gpuProcesses', () =>
    readProcessUsage(calls, handle, gpu.processUsageSince),
  );
  // Both kinds of samples have the same clock. A process that was idle has none, so its own are not enough.
  gpu.processUsageSince = later(gpu.utilization.newest, usage?.newest ?? 0n);
  if (!memory && !usage) return undefined;
  const pids = new Set([...(memory?.keys() ?? []), ...(usage?.percentByPid.keys() ?? [])]);
  const records = [...pids].map((pid) => {
    const memoryBytes = memory?.get(pid);
    return {
      pid,
      gpu: uuid,
      // The driver has no samples of a process that was idle.
      ...(usage ? { usagePercent: usage.percentByPid.get(pid) ?? 0 } : {}),
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
    };
  });
  return {
    knowledge: { source: 'driver', usage: usage !== undefined, memory: memory !== undefined },
    records,
  };
}
