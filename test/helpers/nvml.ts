// A simulated NVML: functions that write the structs that NVIDIA documents into the buffers of the caller.
import type { Nvml, NvmlFunctions } from '../../src/native/nvml.ts';

/** One sample of utilization: time in microseconds and percent. */
export type Sample = readonly [timeUs: number, percent: number];

export interface SimulatedGpu {
  uuid: string;
  name: string;
  pci: readonly [domain: number, bus: number, device: number];
  memory: readonly [totalBytes: number, freeBytes: number, usedBytes: number];
  temperature: number;
  milliwatts: number;
  rates: readonly [gpu: number, memory: number];
  samples: Sample[];
  memorySamples: Sample[];
  /** 0 WDDM, 1 WDM (TCC), 2 MCDM; undefined for a system without driver models. */
  driverModel?: number;
  /** Pid and bytes; -1 for NVML_VALUE_NOT_AVAILABLE. */
  compute: (readonly [pid: number, bytes: number, gpuInstance?: number])[];
  graphics: (readonly [pid: number, bytes: number])[];
  /** Time in microseconds, pid and percent of the SMs. */
  usage: (readonly [timeUs: number, pid: number, percent: number])[];
}

export function aGpu(values: Partial<SimulatedGpu> = {}): SimulatedGpu {
  return {
    uuid: 'GPU-11111111-2222-3333-4444-555555555555',
    name: 'NVIDIA L4',
    pci: [0, 0x3b, 0],
    memory: [24_000, 18_000, 6_000],
    temperature: 41,
    milliwatts: 72_500,
    rates: [30, 10],
    samples: [],
    memorySamples: [],
    compute: [],
    graphics: [],
    usage: [],
    ...values,
  };
}

const SUCCESS = 0;
const INVALID_ARGUMENT = 2;
const NOT_SUPPORTED = 3;
const NOT_FOUND = 6;
const INSUFFICIENT_SIZE = 7;
const UINT = 1;
const UNAVAILABLE = 0xffff_ffff_ffff_ffffn;
const NO_INSTANCE = 0xffff_ffff;

type Name = keyof NvmlFunctions;

/** Fields may be changed between two calls. */
export class SimulatedNvml {
  driverVersion = '580.159.04';
  gpus: SimulatedGpu[];
  /** Return codes by function, or by function and index of the GPU: `nvmlDeviceGetPowerUsage 1`. */
  errors = new Map<string, number>();
  /** Exports that the library lacks. */
  missing = new Set<Name>(['nvmlDeviceGetDriverModel_v2']);
  /** Functions that do not return until the promise is resolved. */
  blocked = new Map<Name, Promise<void>>();
  initialised = 0;
  unloaded = 0;
  readonly calls: string[] = [];

  constructor(gpus: SimulatedGpu[] = []) {
    this.gpus = gpus;
  }

  count(name: Name): number {
    return this.calls.filter((call) => call === name).length;
  }

  open = (): Nvml => {
    const found = Object.entries(this.#functions()).filter(([name]) => !this.missing.has(name as Name));
    const functions = found.map(([name, run]) => [
      name,
      async (...args: unknown[]) => {
        this.calls.push(name);
        await this.blocked.get(name as Name);
        const error = this.errors.get(name) ?? this.errors.get(`${name} ${this.#indexOf(args[0])}`);
        return error ?? (run as (...each: unknown[]) => number)(...args);
      },
    ]);
    return { functions: Object.fromEntries(functions), unload: () => this.unloaded++ };
  };

  /** A handle is the index plus 4096; a plain index is that of nvmlDeviceGetHandleByIndex. */
  #indexOf(argument: unknown): number {
    return typeof argument === 'bigint' ? Number(argument) - 4096 : typeof argument === 'number' ? argument : -1;
  }

  #functions() {
    const gpu = (device: bigint): SimulatedGpu => this.gpus[this.#indexOf(device)]!;
    const u32 = (buffer: Buffer, ...values: number[]): number => {
      for (const [i, value] of values.entries()) buffer.writeUInt32LE(value, i * 4);
      return SUCCESS;
    };
    const text = (buffer: Buffer, value: string): number => {
      buffer.write(`${value}\0`, 'utf8');
      return SUCCESS;
    };
    const processes =
      (list: (each: SimulatedGpu) => readonly (readonly [number, number, number?])[], bytes: 16 | 24) =>
      (device: bigint, count: Buffer, infos: Buffer): number => {
        const rows = list(gpu(device));
        const capacity = count.readUInt32LE();
        count.writeUInt32LE(rows.length);
        if (rows.length > capacity) return INSUFFICIENT_SIZE;
        for (const [i, [pid, used, instance = NO_INSTANCE]] of rows.entries()) {
          infos.writeUInt32LE(pid, i * bytes);
          infos.writeBigUInt64LE(used < 0 ? UNAVAILABLE : BigInt(used), i * bytes + 8);
          if (bytes === 24) {
            infos.writeUInt32LE(instance, i * bytes + 16);
            infos.writeUInt32LE(instance, i * bytes + 20);
          }
        }
        return SUCCESS;
      };
    const compute = (each: SimulatedGpu) => each.compute;
    const graphics = (each: SimulatedGpu) => each.graphics;
    const driverModel = (device: bigint, current: Buffer, pending: Buffer): number => {
      const model = gpu(device).driverModel;
      return model === undefined ? NOT_SUPPORTED : u32(current, model) || u32(pending, model);
    };
    return {
      nvmlInit_v2: () => {
        this.initialised++;
        return SUCCESS;
      },
      nvmlShutdown: () => {
        this.initialised--;
        return SUCCESS;
      },
      nvmlSystemGetDriverVersion: (version: Buffer) => text(version, this.driverVersion),
      nvmlDeviceGetCount_v2: (count: Buffer) => u32(count, this.gpus.length),
      nvmlDeviceGetHandleByIndex_v2: (index: number, device: Buffer) => {
        if (index >= this.gpus.length) return INVALID_ARGUMENT;
        device.writeBigUInt64LE(4096n + BigInt(index));
        return SUCCESS;
      },
      nvmlDeviceGetUUID: (device: bigint, uuid: Buffer) => text(uuid, gpu(device).uuid),
      nvmlDeviceGetName: (device: bigint, name: Buffer) => text(name, gpu(device).name),
      nvmlDeviceGetPciInfo_v3: (device: bigint, pci: Buffer) => u32(pci.subarray(16), ...gpu(device).pci),
      nvmlDeviceGetPciInfo_v2: (device: bigint, pci: Buffer) => u32(pci.subarray(16), ...gpu(device).pci),
      nvmlDeviceGetMemoryInfo: (device: bigint, memory: Buffer) => {
        for (const [i, bytes] of gpu(device).memory.entries()) memory.writeBigUInt64LE(BigInt(bytes), i * 8);
        return SUCCESS;
      },
      nvmlDeviceGetTemperature: (device: bigint, sensor: number, celsius: Buffer) =>
        sensor === 0 ? u32(celsius, gpu(device).temperature) : INVALID_ARGUMENT,
      nvmlDeviceGetPowerUsage: (device: bigint, milliwatts: Buffer) => u32(milliwatts, gpu(device).milliwatts),
      nvmlDeviceGetUtilizationRates: (device: bigint, rates: Buffer) => u32(rates, ...gpu(device).rates),
      nvmlDeviceGetSamples: (
        device: bigint,
        type: number,
        since: bigint,
        valueType: Buffer,
        count: Buffer,
        samples: Buffer | null,
      ) => {
        const kept = type === 1 ? gpu(device).samples : type === 2 ? gpu(device).memorySamples : [];
        const rows = kept.filter(([timeUs]) => BigInt(timeUs) > since);
        u32(valueType, UINT);
        if (rows.length === 0) return NOT_FOUND;
        if (!samples) return u32(count, rows.length);
        const written = rows.slice(0, count.readUInt32LE());
        for (const [i, [timeUs, percent]] of written.entries()) {
          samples.writeBigUInt64LE(BigInt(timeUs), i * 16);
          samples.writeUInt32LE(percent, i * 16 + 8);
        }
        return u32(count, written.length);
      },
      nvmlDeviceGetDriverModel_v2: driverModel,
      nvmlDeviceGetDriverModel: driverModel,
      nvmlDeviceGetComputeRunningProcesses_v3: processes(compute, 24),
      nvmlDeviceGetComputeRunningProcesses_v2: processes(compute, 24),
      nvmlDeviceGetComputeRunningProcesses: processes(compute, 16),
      nvmlDeviceGetGraphicsRunningProcesses_v3: processes(graphics, 24),
      nvmlDeviceGetGraphicsRunningProcesses_v2: processes(graphics, 24),
      nvmlDeviceGetGraphicsRunningProcesses: processes(graphics, 16),
      nvmlDeviceGetProcessUtilization: (device: bigint, samples: Buffer, count: Buffer, since: bigint) => {
        const rows = gpu(device).usage.filter(([timeUs]) => BigInt(timeUs) > since);
        const capacity = count.readUInt32LE();
        u32(count, rows.length);
        if (rows.length === 0) return NOT_FOUND;
        if (rows.length > capacity) return INSUFFICIENT_SIZE;
        for (const [i, [timeUs, pid, percent]] of rows.entries()) {
          samples.writeUInt32LE(pid, i * 32);
          samples.writeBigUInt64LE(BigInt(timeUs), i * 32 + 8);
          samples.writeUInt32LE(percent, i * 32 + 16);
        }
        return SUCCESS;
      },
      // The caller's array is behind a pointer, which only real memory has.
      nvmlDeviceGetProcessesUtilizationInfo: () => NOT_SUPPORTED,
    };
  }
}
