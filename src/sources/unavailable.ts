// Turns what a reading threw into the record that tells a person why something is missing.
import { reasonOf } from '../base/errors.ts';
import { Win32Error } from '../native/win32-error.ts';
import type { Unavailability } from './host.ts';

/** What a right would give: for parts that are missing for want of one. */
export interface Grant {
  /** The right, and who has it. */
  readonly right: string;
  /** What is lost without it. */
  readonly lost: string;
}

/** `part` names what is missing, e.g. `services`. */
export function unavailability(part: string, error: unknown, grant?: Grant): Unavailability {
  const reason = reasonOf(error);
  return { part, reason, ...(error instanceof Win32Error ? { code: error.code } : {}), ...grant };
}
