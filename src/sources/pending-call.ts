// Calls that have not returned when a stop should be complete: the limits of the wait, and the text about them.
import type { PendingCall } from './host.ts';

/** Time for a graceful stop of workers and outputs, in milliseconds. */
export const STOP_TIMEOUT_MS = 3000;
/**
 * Time for a stop in which only calls are pending that may return late, in milliseconds; below that of a service:
 * service-run.ts.
 */
export const LATE_STOP_TIMEOUT_MS = 7000;

/** Further time for a thread that is in no late call any more, in milliseconds. */
export const THREAD_END_MS = 500;

export type { PendingCall };

/** A call by name and thread; the name is empty while the thread is in no call that is known. */
export function pendingCall(call: string, thread: string, mayBeLate = false): PendingCall {
  return { call: call === '' ? thread : `${call} in ${thread}`, mayBeLate };
}

/** The pending calls that are faults, as text; undefined if there is none. */
export function hangText(pending: readonly PendingCall[]): string | undefined {
  const hanging = pending.filter(({ mayBeLate }) => !mayBeLate);
  return hanging.length === 0 ? undefined : `a system call hangs: ${namesOf(hanging)}`;
}

/** The pending calls that are only late, as text; undefined if there is none. */
export function lateText(pending: readonly PendingCall[]): string | undefined {
  const late = pending.filter(({ mayBeLate }) => mayBeLate);
  if (late.length === 0) return undefined;
  return `${namesOf(late)} has not returned within ${LATE_STOP_TIMEOUT_MS / 1000} s; the process exits without it`;
}

function namesOf(pending: readonly PendingCall[]): string {
  return pending.map(({ call }) => call).join(', ');
}
