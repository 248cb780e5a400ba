// Turns what a reading threw into the record that tells a person why something is missing.
import { reasonOf } from '../base/errors.ts';
import { Win32Error } from '../native/win32-error.ts';
import type { Unavailability } from './host.ts';

/** `part` names what is missing, e.g. `services`. */
export function unavailability(part: string, error: unknown): Unavailability {
  const reason = reasonOf(error);
  return error instanceof Win32Error ? { part, reason, code: error.code } : { part, reason };
}
