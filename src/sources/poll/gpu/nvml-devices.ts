// The GPUs that NVML lists.
import { ForeignBuffer } from '../../../native/buffer.ts';
import {
  NVML_DEVICE_NAME_V2_BUFFER_SIZE,
  NVML_DEVICE_UUID_V2_BUFFER_SIZE,
  NVML_DRIVER_MCDM,
  NVML_DRIVER_WDDM,
  type NvmlDevice,
  nvmlPciInfo_t,
} from '../../../native/nvml.ts';
import { NVML_ERROR_FUNCTION_NOT_FOUND, NVML_ERROR_NOT_SUPPORTED, NVML_SUCCESS } from '../../../native/nvml-error.ts';
import { PART_GRANTS } from '../../grants.ts';
import type { Unavailability } from '../../host.ts';
import { unavailability } from '../../unavailable.ts';
import { attempt, isDeviceLost, type NvmlCalls, needsNewLibrary } from './nvml-calls.ts';
import { SampleWindow } from './nvml-samples.ts';

/** The list of a driver that answers nonsense is cut. */
const MAX_GPUS = 256;

export interface PciAddress {
  readonly domain: number;
  readonly bus: number;
  readonly device: number;
}

/** A GPU with what stays the same until the next initialisation, and the times of its newest samples. */
export interface Gpu {
  readonly index: number;
  readonly handle: NvmlDevice;
  readonly uuid: string;
  readonly name: string;
  readonly pci: PciAddress | undefined;
  /** Driver model WDDM: NVML does not know what single processes use. */
  readonly isWddm: boolean;
  /** Driver model WDDM or MCDM: Windows has counters for its processes. */
  readonly isWindowsScheduled: boolean;
  readonly utilization: SampleWindow;
  readonly memoryUtilization: SampleWindow;
  /** End of the last reading in microseconds on the driver's clock, 0n before the first. */
  processUsageSince: bigint;
}

export interface FoundGpus {
  /** Number of GPUs by NVML, with those that could not be opened. */
  readonly count: number;
  readonly gpus: readonly Gpu[];
  /** GPUs that could not be opened. */
  readonly problems: readonly Unavailability[];
  /** At least one of them does not answer. */
  readonly lost: boolean;
}

/** Throws NvmlError. */
export async function readCount(calls: NvmlCalls): Promise<number> {
  const count = Buffer.alloc(4);
  await calls.call('nvmlDeviceGetCount_v2', [count]);
  return Math.min(count.readUInt32LE(), MAX_GPUS);
}

/** Throws NvmlError when the library must be loaded again; a single GPU that fails is a problem. */
export async function findGpus(calls: NvmlCalls): Promise<FoundGpus> {
  const count = await readCount(calls);
  const gpus: Gpu[] = [];
  const problems: Unavailability[] = [];
  let lost = false;
  for (let index = 0; index < count; index++) {
    try {
      const gpu = await openGpu(calls, index);
      // Two series with the same labels would be one too many.
      if (gpus.some(({ uuid }) => uuid === gpu.uuid)) throw new Error('another GPU has the same UUID');
      gpus.push(gpu);
    } catch (error) {
      if (needsNewLibrary(error)) throw error;
      lost ||= isDeviceLost(error);
      problems.push(unavailability(`GPU ${index}`, error, PART_GRANTS.gpu));
    }
  }
  return { count, gpus, problems, lost };
}

async function openGpu(calls: NvmlCalls, index: number): Promise<Gpu> {
  const handle = Buffer.alloc(8);
  await calls.call('nvmlDeviceGetHandleByIndex_v2', [index, handle]);
  const device = handle.readBigUInt64LE();
  const uuid = Buffer.alloc(NVML_DEVICE_UUID_V2_BUFFER_SIZE);
  const name = Buffer.alloc(NVML_DEVICE_NAME_V2_BUFFER_SIZE);
  const pci = await attempt(() => readPciAddress(calls, device));
  const uuidText = await attempt(async () => {
    await calls.call('nvmlDeviceGetUUID', [device, uuid, uuid.length]);
    return cText(uuid);
  });
  const fallback = pci.value && `PCI-${pciText(pci.value)}`;
  const id = uuidText.value || fallback;
  if (!id) throw uuidText.error ?? new Error('it has no UUID');
  const nameText = await attempt(async () => {
    await calls.call('nvmlDeviceGetName', [device, name, name.length]);
    return cText(name);
  });
  const driverModel = await readDriverModel(calls, device);
  return {
    index,
    handle: device,
    uuid: id,
    name: nameText.value ?? '',
    pci: pci.value,
    isWddm: driverModel === NVML_DRIVER_WDDM,
    isWindowsScheduled: driverModel === NVML_DRIVER_WDDM || driverModel === NVML_DRIVER_MCDM,
    utilization: new SampleWindow(),
    memoryUtilization: new SampleWindow(),
    processUsageSince: 0n,
  };
}

async function readPciAddress(calls: NvmlCalls, device: NvmlDevice): Promise<PciAddress> {
  const info = Buffer.alloc(nvmlPciInfo_t.size);
  await calls.call(calls.firstOf(['nvmlDeviceGetPciInfo_v3', 'nvmlDeviceGetPciInfo_v2']), [device, info]);
  const { at } = nvmlPciInfo_t;
  const view = new ForeignBuffer(info);
  return { domain: view.u32(at.domain), bus: view.u32(at.bus), device: view.u32(at.device) };
}

/** As NVIDIA's tools write it: `00000000:3B:00.0`. A GPU is function 0 of its device. */
export function pciText({ domain, bus, device }: PciAddress): string {
  const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');
  return `${hex(domain, 8)}:${hex(bus, 2)}:${hex(device, 2)}.0`;
}

/** NVML_DRIVER_*; undefined on other systems than Windows, which have no driver model. */
async function readDriverModel(calls: NvmlCalls, device: NvmlDevice): Promise<number | undefined> {
  const current = Buffer.alloc(4);
  const pending = Buffer.alloc(4);
  const name = calls.firstOf(['nvmlDeviceGetDriverModel_v2', 'nvmlDeviceGetDriverModel']);
  const absent = [NVML_ERROR_NOT_SUPPORTED, NVML_ERROR_FUNCTION_NOT_FOUND];
  const { value } = await attempt(() => calls.call(name, [device, current, pending], absent));
  return value === NVML_SUCCESS ? current.readInt32LE() : undefined;
}

/** NUL-terminated text, bounded by the buffer. */
export function cText(buffer: Buffer): string {
  const end = buffer.indexOf(0);
  return buffer.toString('utf8', 0, end < 0 ? buffer.length : end);
}
