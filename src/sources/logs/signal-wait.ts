// Blocks the thread until one of several events of Windows is set.
import {
  MAXIMUM_WAIT_OBJECTS,
  WAIT_FAILED,
  WAIT_TIMEOUT,
  WaitForMultipleObjects,
} from '../../native/kernel32-events.ts';
import type { SignalHandle } from './contracts.ts';

const HANDLE_BYTES = 8;

type Wait = typeof WaitForMultipleObjects;

/**
 * Returns when one of the events is set, or after the timeout. More events than one call takes are waited for in
 * groups, each with a part of the timeout: an event stays set until its reader resets it. Returns false if a handle is
 * invalid: then the caller waits by itself.
 */
export function waitForSignals(
  signals: readonly SignalHandle[],
  timeoutMs: number,
  wait: Wait = WaitForMultipleObjects,
): boolean {
  const groups = Math.ceil(signals.length / MAXIMUM_WAIT_OBJECTS);
  // First without waiting, so that a set event of a later group is found at once.
  for (const partMs of groups > 1 ? [0, Math.floor(timeoutMs / groups)] : [timeoutMs]) {
    for (let first = 0; first < signals.length; first += MAXIMUM_WAIT_OBJECTS) {
      const group = signals.slice(first, first + MAXIMUM_WAIT_OBJECTS);
      const handles = Buffer.alloc(group.length * HANDLE_BYTES);
      for (const [index, handle] of group.entries()) handles.writeBigUInt64LE(handle, index * HANDLE_BYTES);
      const result = wait(group.length, handles, 0, partMs);
      if (result === WAIT_FAILED) return false;
      if (result !== WAIT_TIMEOUT) return true;
    }
  }
  return true;
}
