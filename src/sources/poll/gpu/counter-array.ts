// The raw values of a performance counter, one for each instance.
import type { ForeignBuffer } from '../../../native/buffer.ts';
import { PDH_CSTATUS_NEW_DATA, PDH_CSTATUS_VALID_DATA, PDH_RAW_COUNTER_ITEM_W } from '../../../native/pdh.ts';
import { type CounterInstance, parseInstanceName } from './instance-name.ts';

export interface CounterValue {
  readonly name: string;
  readonly instance: CounterInstance;
  readonly value: number;
}

export interface CounterValues {
  readonly values: readonly CounterValue[];
  /** Instances that were left out: no valid value, a name of another form, or a name outside of the buffer. */
  readonly invalid: number;
}

/**
 * Parses `count` PDH_RAW_COUNTER_ITEM_W. Throws BoundsError when the buffer is too short for them; a name that lies
 * outside of the buffer costs one instance.
 */
export function parseCounterArray(buffer: ForeignBuffer, count: number): CounterValues {
  const { at, size } = PDH_RAW_COUNTER_ITEM_W;
  buffer.slice(0, count * size);
  const values: CounterValue[] = [];
  let invalid = 0;
  for (let i = 0; i < count; i++) {
    const item = i * size;
    const status = buffer.u32(item + at.CStatus);
    const value = buffer.i64(item + at.FirstValue);
    const name = nameAt(buffer, item + at.szName);
    const instance = name === undefined ? undefined : parseInstanceName(name);
    const isValid = status === PDH_CSTATUS_VALID_DATA || status === PDH_CSTATUS_NEW_DATA;
    if (name !== undefined && instance && isValid && value >= 0) values.push({ name, instance, value });
    else invalid++;
  }
  return { values, invalid };
}

function nameAt(buffer: ForeignBuffer, offset: number): string | undefined {
  try {
    return buffer.text(offset);
  } catch {
    return undefined;
  }
}
