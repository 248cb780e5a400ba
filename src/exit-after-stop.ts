// Decides how the process exits after a stop: as usual, or terminated because a system call hangs.
import { terminateProcess } from './base/terminate.ts';
import { hangText, lateText, type PendingCall } from './sources/pending-call.ts';

/**
 * Terminates the process, with a crash report, if a call hangs; `event` says in words what happened before. Calls that
 * are only late are passed to `onLate` as text, and the process can exit without them by `exitProcess`.
 */
export function terminateIfHanging(
  pending: readonly PendingCall[],
  event: string,
  onLate: (text: string) => void,
): void {
  const hang = hangText(pending);
  if (hang !== undefined) terminateProcess(`${event}: ${hang}`);
  const late = lateText(pending);
  if (late !== undefined) onLate(late);
}
