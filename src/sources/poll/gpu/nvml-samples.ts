// Utilization of a GPU between two readings, from the samples that the driver keeps.
import { ForeignBuffer } from '../../../native/buffer.ts';
import {
  NVML_VALUE_TYPE_DOUBLE,
  NVML_VALUE_TYPE_SIGNED_INT,
  NVML_VALUE_TYPE_SIGNED_LONG_LONG,
  NVML_VALUE_TYPE_UNSIGNED_INT,
  NVML_VALUE_TYPE_UNSIGNED_LONG,
  NVML_VALUE_TYPE_UNSIGNED_LONG_LONG,
  NVML_VALUE_TYPE_UNSIGNED_SHORT,
  type NvmlDevice,
  nvmlSample_t,
} from '../../../native/nvml.ts';
import { NVML_ERROR_NOT_FOUND } from '../../../native/nvml-error.ts';
import type { GpuUtilizationRecord } from '../../host.ts';
import type { NvmlCalls } from './nvml-calls.ts';

/** More samples than any driver keeps: an H100 keeps 72 (driver 580.159, 2026-11). */
const MAX_SAMPLES = 4096;

export interface ParsedSamples {
  readonly sum: number;
  readonly peakPercent: number;
  readonly samples: number;
  /** Time of the newest sample in microseconds; `since` if there is none. */
  readonly newest: bigint;
  /** Samples that were left out, because their value is no percentage. */
  readonly invalid: number;
}

/** Parses `count` nvmlSample_t. A sample that is not newer than `since` was counted before. */
export function parseSamples(buffer: ForeignBuffer, count: number, valueType: number, since: bigint): ParsedSamples {
  let newest = since;
  let samples = 0;
  let sum = 0;
  let peakPercent = 0;
  let invalid = 0;
  for (let i = 0; i < count; i++) {
    const at = i * nvmlSample_t.size;
    const time = buffer.slice(at + nvmlSample_t.at.timeStamp, 8).readBigUInt64LE();
    if (time <= since) continue;
    if (time > newest) newest = time;
    const value = sampleValue(buffer.slice(at + nvmlSample_t.at.sampleValue, 8), valueType);
    if (!(value >= 0 && value <= 100)) {
      invalid++;
      continue;
    }
    samples++;
    sum += value;
    peakPercent = Math.max(peakPercent, Math.round(value));
  }
  return { sum, peakPercent, samples, newest, invalid };
}

/** Samples since the last reading, gathered in one step or more. */
export class SampleWindow {
  /** Time of the newest sample in microseconds, 0n before the first. */
  newest = 0n;
  #sum = 0;
  #samples = 0;
  #peakPercent = 0;

  add({ sum, samples, peakPercent, newest }: ParsedSamples): void {
    this.newest = newest;
    this.#sum += sum;
    this.#samples += samples;
    this.#peakPercent = Math.max(this.#peakPercent, peakPercent);
  }

  /** Ends the window and begins the next one; undefined without a sample. */
  take(): GpuUtilizationRecord | undefined {
    const samples = this.#samples;
    const taken = { averagePercent: this.#sum / samples, peakPercent: this.#peakPercent, samples };
    this.#sum = 0;
    this.#samples = 0;
    this.#peakPercent = 0;
    return samples === 0 ? undefined : taken;
  }
}

/** NaN for a type that the vendor added later. */
function sampleValue(value: Buffer, type: number): number {
  switch (type) {
    case NVML_VALUE_TYPE_DOUBLE:
      return value.readDoubleLE();
    case NVML_VALUE_TYPE_UNSIGNED_INT:
      return value.readUInt32LE();
    case NVML_VALUE_TYPE_UNSIGNED_LONG:
      // 4 bytes on Windows, 8 on Linux: a percentage is in the first four.
      return value.readUInt32LE();
    case NVML_VALUE_TYPE_UNSIGNED_LONG_LONG:
      return Number(value.readBigUInt64LE());
    case NVML_VALUE_TYPE_SIGNED_LONG_LONG:
      return Number(value.readBigInt64LE());
    case NVML_VALUE_TYPE_SIGNED_INT:
      return value.readInt32LE();
    case NVML_VALUE_TYPE_UNSIGNED_SHORT:
      return value.readUInt16LE();
    default:
      return Number.NaN;
  }
}

/**
 * Reads the samples after `since`, 0n for all that the driver keeps. `type` is an NVML_*_SAMPLES. Throws NvmlError,
 * also when the driver keeps no samples.
 */
export async function readSamples(
  calls: NvmlCalls,
  device: NvmlDevice,
  type: number,
  since: bigint,
): Promise<ParsedSamples> {
  const none: ParsedSamples = { sum: 0, peakPercent: 0, samples: 0, newest: since, invalid: 0 };
  const valueType = Buffer.alloc(4);
  const count = Buffer.alloc(4);
  const sized = await calls.call(
    'nvmlDeviceGetSamples',
    [device, type, since, valueType, count, null],
    [NVML_ERROR_NOT_FOUND],
  );
  const capacity = Math.min(count.readUInt32LE(), MAX_SAMPLES);
  if (sized === NVML_ERROR_NOT_FOUND || capacity === 0) return none;
  count.writeUInt32LE(capacity);
  const samples = Buffer.alloc(capacity * nvmlSample_t.size);
  const read = await calls.call(
    'nvmlDeviceGetSamples',
    [device, type, since, valueType, count, samples],
    [NVML_ERROR_NOT_FOUND],
  );
  if (read === NVML_ERROR_NOT_FOUND) return none;
  const found = Math.min(count.readUInt32LE(), capacity);
  const parsed = parseSamples(new ForeignBuffer(samples), found, valueType.readInt32LE(), since);
  calls.countInvalid('nvmlDeviceGetSamples', parsed.invalid);
  return parsed;
}
