// nvml.dll, on Linux libnvidia-ml.so.1: the management library of NVIDIA's driver.
import { layout, loadLibrary } from './ffi.ts';

/** nvmlDevice_t: an opaque pointer, valid until nvmlShutdown. */
export type NvmlDevice = bigint;

/** https://docs.nvidia.com/deploy/nvml-api/structnvmlMemory__t.html, in bytes; `used` includes what the driver reserves. */
export const nvmlMemory_t = layout({
  total: 'uint64_t', // unsigned long long
  free: 'uint64_t', // unsigned long long
  used: 'uint64_t', // unsigned long long
});

/** https://docs.nvidia.com/deploy/nvml-api/structnvmlUtilization__t.html, in percent */
export const nvmlUtilization_t = layout({
  gpu: 'uint32_t', // unsigned int
  memory: 'uint32_t', // unsigned int
});

/** https://docs.nvidia.com/deploy/nvml-api/structnvmlSample__t.html */
export const nvmlSample_t = layout({
  timeStamp: 'uint64_t', // unsigned long long, microseconds
  sampleValue: 'uint64_t', // nvmlValue_t, a union of 8 bytes
});

/**
 * https://docs.nvidia.com/deploy/nvml-api/structnvmlPciInfo__t.html; the fields up to `pciSubSystemId` are the same in
 * version 2.
 */
export const nvmlPciInfo_t = layout({
  busIdLegacy: 'uint8_t [16]', // char[16]
  domain: 'uint32_t', // unsigned int
  bus: 'uint32_t', // unsigned int
  device: 'uint32_t', // unsigned int
  pciDeviceId: 'uint32_t', // unsigned int
  pciSubSystemId: 'uint32_t', // unsigned int
  busId: 'uint8_t [32]', // char[32]
});

/** https://docs.nvidia.com/deploy/nvml-api/structnvmlProcessInfo__v2__t.html */
export const nvmlProcessInfo_v2_t = layout({
  pid: 'uint32_t', // unsigned int
  usedGpuMemory: 'uint64_t', // unsigned long long, bytes
  gpuInstanceId: 'uint32_t', // unsigned int
  computeInstanceId: 'uint32_t', // unsigned int
});

/** https://docs.nvidia.com/deploy/nvml-api/structnvmlProcessInfo__v1__t.html */
export const nvmlProcessInfo_v1_t = layout({
  pid: 'uint32_t', // unsigned int
  usedGpuMemory: 'uint64_t', // unsigned long long, bytes
});

/** https://docs.nvidia.com/deploy/nvml-api/structnvmlProcessUtilizationSample__t.html, in percent */
export const nvmlProcessUtilizationSample_t = layout({
  pid: 'uint32_t', // unsigned int
  timeStamp: 'uint64_t', // unsigned long long, microseconds
  smUtil: 'uint32_t', // unsigned int
  memUtil: 'uint32_t', // unsigned int
  encUtil: 'uint32_t', // unsigned int
  decUtil: 'uint32_t', // unsigned int
});

/** https://docs.nvidia.com/deploy/nvml-api/structnvmlProcessUtilizationInfo__v1__t.html, in percent */
export const nvmlProcessUtilizationInfo_v1_t = layout({
  timeStamp: 'uint64_t', // unsigned long long, microseconds
  pid: 'uint32_t', // unsigned int
  smUtil: 'uint32_t', // unsigned int
  memUtil: 'uint32_t', // unsigned int
  encUtil: 'uint32_t', // unsigned int
  decUtil: 'uint32_t', // unsigned int
  jpgUtil: 'uint32_t', // unsigned int
  ofaUtil: 'uint32_t', // unsigned int
});

/** https://docs.nvidia.com/deploy/nvml-api/structnvmlProcessesUtilizationInfo__v1__t.html */
export const nvmlProcessesUtilizationInfo_v1_t = layout({
  version: 'uint32_t', // unsigned int: the size of the struct, and the version in the top byte
  processSamplesCount: 'uint32_t', // unsigned int: entries of the array, then entries in use
  lastSeenTimeStamp: 'uint64_t', // unsigned long long, microseconds
  procUtilArray: 'uint64_t', // nvmlProcessUtilizationInfo_v1_t *
});
export const NVML_PROCESSES_UTILIZATION_INFO_VERSION = nvmlProcessesUtilizationInfo_v1_t.size | (1 << 24);

/** Sizes of text buffers that are enough for every answer. */
export const NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE = 80;
export const NVML_DEVICE_UUID_V2_BUFFER_SIZE = 96;
export const NVML_DEVICE_NAME_V2_BUFFER_SIZE = 96;

/** nvmlTemperatureSensors_t */
export const NVML_TEMPERATURE_GPU = 0;
/** nvmlSamplingType_t */
export const NVML_GPU_UTILIZATION_SAMPLES = 1;
export const NVML_MEMORY_UTILIZATION_SAMPLES = 2;
/** nvmlValueType_t: the member of nvmlValue_t that is set; `unsigned long` has 4 bytes on Windows and 8 on Linux. */
export const NVML_VALUE_TYPE_DOUBLE = 0;
export const NVML_VALUE_TYPE_UNSIGNED_INT = 1;
export const NVML_VALUE_TYPE_UNSIGNED_LONG = 2;
export const NVML_VALUE_TYPE_UNSIGNED_LONG_LONG = 3;
export const NVML_VALUE_TYPE_SIGNED_LONG_LONG = 4;
export const NVML_VALUE_TYPE_SIGNED_INT = 5;
export const NVML_VALUE_TYPE_UNSIGNED_SHORT = 6;
/** nvmlDriverModel_t */
export const NVML_DRIVER_WDDM = 0;
export const NVML_DRIVER_MCDM = 2;
/** NVML_VALUE_NOT_AVAILABLE as (unsigned long long)-1 */
export const NVML_VALUE_NOT_AVAILABLE = 0xffff_ffff_ffff_ffffn;

type Returns = Promise<number>;
type ReadValue = (device: NvmlDevice, value: Buffer) => Returns;
type ReadText = (device: NvmlDevice, text: Buffer, length: number) => Returns;
type ReadProcesses = (device: NvmlDevice, infoCount: Buffer, infos: Buffer) => Returns;

/**
 * The functions of https://docs.nvidia.com/deploy/nvml-api/ that the agent uses. They may block for seconds, so each runs
 * on a thread of libuv's pool. A driver that is too old or too new lacks some. Each returns nvmlReturn_t.
 */
export interface NvmlFunctions {
  readonly nvmlInit_v2: () => Returns;
  readonly nvmlShutdown: () => Returns;
  readonly nvmlSystemGetDriverVersion: (version: Buffer, length: number) => Returns;
  readonly nvmlDeviceGetCount_v2: (deviceCount: Buffer) => Returns;
  readonly nvmlDeviceGetHandleByIndex_v2: (index: number, device: Buffer) => Returns;
  readonly nvmlDeviceGetUUID: ReadText;
  readonly nvmlDeviceGetName: ReadText;
  readonly nvmlDeviceGetPciInfo_v3: ReadValue;
  readonly nvmlDeviceGetPciInfo_v2: ReadValue;
  readonly nvmlDeviceGetMemoryInfo: ReadValue;
  readonly nvmlDeviceGetTemperature: (device: NvmlDevice, sensorType: number, temp: Buffer) => Returns;
  readonly nvmlDeviceGetPowerUsage: ReadValue;
  readonly nvmlDeviceGetUtilizationRates: ReadValue;
  readonly nvmlDeviceGetSamples: (
    device: NvmlDevice,
    type: number,
    lastSeenTimeStamp: bigint,
    sampleValType: Buffer,
    sampleCount: Buffer,
    samples: Buffer | null,
  ) => Returns;
  readonly nvmlDeviceGetDriverModel_v2: (device: NvmlDevice, current: Buffer, pending: Buffer) => Returns;
  readonly nvmlDeviceGetDriverModel: (device: NvmlDevice, current: Buffer, pending: Buffer) => Returns;
  readonly nvmlDeviceGetComputeRunningProcesses_v3: ReadProcesses;
  readonly nvmlDeviceGetComputeRunningProcesses_v2: ReadProcesses;
  readonly nvmlDeviceGetComputeRunningProcesses: ReadProcesses;
  readonly nvmlDeviceGetGraphicsRunningProcesses_v3: ReadProcesses;
  readonly nvmlDeviceGetGraphicsRunningProcesses_v2: ReadProcesses;
  readonly nvmlDeviceGetGraphicsRunningProcesses: ReadProcesses;
  readonly nvmlDeviceGetProcessUtilization: (
    device: NvmlDevice,
    utilization: Buffer | null,
    processSamplesCount: Buffer,
    lastSeenTimeStamp: bigint,
  ) => Returns;
  readonly nvmlDeviceGetProcessesUtilizationInfo: ReadValue;
}

const prototypes: { readonly [F in keyof NvmlFunctions]: string } = {
  nvmlInit_v2: 'int32_t nvmlInit_v2(void)',
  nvmlShutdown: 'int32_t nvmlShutdown(void)',
  nvmlSystemGetDriverVersion: 'int32_t nvmlSystemGetDriverVersion(void *version, uint32_t length)',
  nvmlDeviceGetCount_v2: 'int32_t nvmlDeviceGetCount_v2(void *deviceCount)',
  nvmlDeviceGetHandleByIndex_v2: 'int32_t nvmlDeviceGetHandleByIndex_v2(uint32_t index, void *device)',
  nvmlDeviceGetUUID: 'int32_t nvmlDeviceGetUUID(void *device, void *uuid, uint32_t length)',
  nvmlDeviceGetName: 'int32_t nvmlDeviceGetName(void *device, void *name, uint32_t length)',
  nvmlDeviceGetPciInfo_v3: 'int32_t nvmlDeviceGetPciInfo_v3(void *device, void *pci)',
  nvmlDeviceGetPciInfo_v2: 'int32_t nvmlDeviceGetPciInfo_v2(void *device, void *pci)',
  nvmlDeviceGetMemoryInfo: 'int32_t nvmlDeviceGetMemoryInfo(void *device, void *memory)',
  nvmlDeviceGetTemperature: 'int32_t nvmlDeviceGetTemperature(void *device, int32_t sensorType, void *temp)',
  nvmlDeviceGetPowerUsage: 'int32_t nvmlDeviceGetPowerUsage(void *device, void *power)',
  nvmlDeviceGetUtilizationRates: 'int32_t nvmlDeviceGetUtilizationRates(void *device, void *utilization)',
  nvmlDeviceGetSamples:
    'int32_t nvmlDeviceGetSamples(void *device, int32_t type, uint64_t lastSeenTimeStamp, void *sampleValType, void *sampleCount, void *samples)',
  nvmlDeviceGetDriverModel_v2: 'int32_t nvmlDeviceGetDriverModel_v2(void *device, void *current, void *pending)',
  nvmlDeviceGetDriverModel: 'int32_t nvmlDeviceGetDriverModel(void *device, void *current, void *pending)',
  nvmlDeviceGetComputeRunningProcesses_v3:
    'int32_t nvmlDeviceGetComputeRunningProcesses_v3(void *device, void *infoCount, void *infos)',
  nvmlDeviceGetComputeRunningProcesses_v2:
    'int32_t nvmlDeviceGetComputeRunningProcesses_v2(void *device, void *infoCount, void *infos)',
  nvmlDeviceGetComputeRunningProcesses:
    'int32_t nvmlDeviceGetComputeRunningProcesses(void *device, void *infoCount, void *infos)',
  nvmlDeviceGetGraphicsRunningProcesses_v3:
    'int32_t nvmlDeviceGetGraphicsRunningProcesses_v3(void *device, void *infoCount, void *infos)',
  nvmlDeviceGetGraphicsRunningProcesses_v2:
    'int32_t nvmlDeviceGetGraphicsRunningProcesses_v2(void *device, void *infoCount, void *infos)',
  nvmlDeviceGetGraphicsRunningProcesses:
    'int32_t nvmlDeviceGetGraphicsRunningProcesses(void *device, void *infoCount, void *infos)',
  nvmlDeviceGetProcessUtilization:
    'int32_t nvmlDeviceGetProcessUtilization(void *device, void *utilization, void *processSamplesCount, uint64_t lastSeenTimeStamp)',
  nvmlDeviceGetProcessesUtilizationInfo:
    'int32_t nvmlDeviceGetProcessesUtilizationInfo(void *device, void *processesUtilInfo)',
};

/** The library with those functions that it exports. */
export interface Nvml {
  readonly functions: Partial<NvmlFunctions>;
  /** Only after nvmlShutdown, and while no function runs. */
  unload(): void;
}

/** Loads the library from a full path. Throws when it cannot be loaded. */
export function openNvml(path: string): Nvml {
  const loaded = loadLibrary(path);
  const found = Object.entries(prototypes).map(([name, prototype]) => [name, loaded.blocking(prototype)]);
  return { functions: Object.fromEntries(found) as Partial<NvmlFunctions>, unload: () => loaded.unload() };
}
