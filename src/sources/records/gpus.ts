// GPUs with the driver library that reports them, and the processes that use them.
import { formed, id } from '../../redaction/rules.ts';
import { amount, boolean, type Field, instant, integer, oneOf, safeInteger, text, textBy, u32 } from './field.ts';
import { list, optional, type RecordOf, record } from './record.ts';

const percent = integer(0, 100);

const utilizationFields = {
  /** Percent of the time since the last reading; with `samples` 0 that of the driver's last sample period. */
  averagePercent: amount,
  /** Highest sample, in percent. */
  peakPercent: percent,
  /** Samples since the last reading; 0 for an instant value, which a driver without samples has. */
  samples: u32,
};

/** Busy time between two readings. */
export interface GpuUtilizationRecord extends RecordOf<typeof utilizationFields> {}
const utilization: Field<GpuUtilizationRecord> = record(utilizationFields);

const processKnowledgeFields = {
  source: oneOf('driver', 'performance counters'),
  /** Whether it reports how much each process uses the GPU, and how much of its memory. */
  usage: boolean,
  memory: boolean,
};

/** What is known about the processes of a GPU. */
export interface GpuProcessKnowledge extends RecordOf<typeof processKnowledgeFields> {}
const processKnowledge: Field<GpuProcessKnowledge> = record(processKnowledgeFields);

/** A vendor and a model such as `NVIDIA A100-SXM4-80GB`; other words would be kept only if they are listed. */
const productName =
  /^(?:NVIDIA|AMD|Intel)(?:[ -](?:Tesla|GeForce|Quadro|[A-Z]{0,4}\d{0,5}[A-Z]{0,2}|Ti|Ada|Super)){0,6}$/;

const gpuFields = {
  /** As NVML has it, `GPU-` and a UUID; for a device without one `PCI-` and its address. */
  uuid: textBy(id),
  /** Position in NVML's list; it may change with a restart of the driver. */
  index: u32,
  /** Product name, e.g. `NVIDIA L4`; empty if it cannot be read. */
  name: textBy(formed(productName)),
  /** `domain:bus:device.function` in hexadecimal; absent if it cannot be read. */
  pciAddress: optional(textBy(formed(/^[\da-f]{4,8}:[\da-f]{2}:[\da-f]{2}\.[\da-f]$/i))),
  memoryTotalBytes: optional(amount),
  /** With the part that the driver reserves. */
  memoryUsedBytes: optional(amount),
  temperatureCelsius: optional(amount),
  powerWatts: optional(amount),
  /** Time in which at least one kernel ran. */
  utilization: optional(utilization),
  /** Time in which memory of the GPU was read or written. */
  memoryUtilization: optional(utilization),
  /** Absent when nothing is known about its processes. */
  processes: optional(processKnowledge),
};

/** One GPU. A value that cannot be read is absent. */
export interface GpuRecord extends RecordOf<typeof gpuFields> {}
const gpu: Field<GpuRecord> = record(gpuFields);

const processFields = {
  pid: u32,
  /** `uuid` of the GPU. */
  gpu: textBy(id),
  /** Percent of the time since the last reading; absent if it cannot be read. */
  usagePercent: optional(amount),
  /** Dedicated memory; absent if it cannot be read. */
  memoryBytes: optional(amount),
};

/** A process on one GPU. */
export interface GpuProcessRecord extends RecordOf<typeof processFields> {}
const gpuProcess: Field<GpuProcessRecord> = record(processFields);

const failureFields = {
  /** Function of NVML. */
  call: textBy(formed(/^nvml[A-Z][A-Za-z]{3,50}(?:_v\d)?$/)),
  /** Name of the return code, e.g. `NVML_ERROR_NOT_SUPPORTED`. */
  error: textBy(formed(/^NVML_ERROR_[A-Z_]{3,40}$/)),
  /** Since the agent started. */
  count: safeInteger,
};

/** Calls that failed, by function and error. */
export interface GpuCallFailureRecord extends RecordOf<typeof failureFields> {}
const callFailure: Field<GpuCallFailureRecord> = record(failureFields);

const adapterFields = {
  /** Number of the adapter until Windows restarts, e.g. `0x00000000_0x0000D1F4`. */
  luid: textBy(formed(/^0x[\da-f]{8}_0x[\da-f]{8}$/i)),
  /** Why it is no GPU of the list. */
  reason: text,
  /** Processes on it, which are not reported. */
  processes: u32,
};

/** A graphics adapter of Windows that is not among the GPUs, e.g. one of another vendor. */
export interface GpuAdapterRecord extends RecordOf<typeof adapterFields> {}
const adapter: Field<GpuAdapterRecord> = record(adapterFields);

const gpusFields = {
  /**
   * State of the driver library. `absent`: there is none. `retrying`: it cannot be used now. `partial`: a GPU does not
   * answer, and the others are read. In each of these the agent tries again.
   */
  state: oneOf('absent', 'retrying', 'partial', 'running'),
  /** Why it is not `running`; empty when it is. */
  reason: text,
  /** Start of the state, in milliseconds since 1970. */
  sinceMs: instant,
  /** Next attempt, in milliseconds since 1970; absent while it is `running`. */
  nextAttemptAtMs: optional(instant),
  /** Version of the driver; empty if unknown. */
  driverVersion: textBy(formed(/^\d{2,4}(?:\.\d{1,3})?(?:\.\d{1,3})?$/)),
  gpus: list(gpu),
  processes: list(gpuProcess),
  callFailures: list(callFailure),
  otherAdapters: list(adapter),
};

export interface GpusRecord extends RecordOf<typeof gpusFields> {}
export const gpus: Field<GpusRecord> = record(gpusFields);
