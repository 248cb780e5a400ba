// Why a channel is not read at the moment, in words for its state.
import { reasonOf } from '../../base/errors.ts';
import { Win32Error } from '../../native/win32-error.ts';
import type { EventChannel } from '../host.ts';

export const INVALID_POSITION =
  'the stored position is malformed, so records since the last run were not read: reading began at the newest record';

/** Records are there, and the subscription does not return them. */
export class SilentSubscription extends Error {
  constructor(lag: number) {
    super(`the subscription returns none of ${lag} new records; it will be opened again`);
    this.name = 'SilentSubscription';
  }
}

/** The Win32 error of a failed call; undefined for another error. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof Win32Error ? error.code : undefined;
}

/** The problem of a channel after a failed call. */
export function problemOf(error: unknown): Pick<EventChannel, 'problem' | 'code'> {
  const code = codeOf(error);
  return { problem: reasonOf(error), ...(code === undefined ? {} : { code }) };
}
