// Turns the error of a read into the record of why a part is missing.
import { reasonOf } from '../base/errors.ts';
import {
  ERROR_ACCESS_DENIED,
  ERROR_PRIVILEGE_NOT_HELD,
  STATUS_ACCESS_DENIED,
  STATUS_PRIVILEGE_NOT_HELD,
  Win32Error,
} from '../native/win32-error.ts';
import type { Grant } from './grants.ts';
import type { Unavailability } from './host.ts';

const refusals: ReadonlySet<number> = new Set([
  ERROR_ACCESS_DENIED,
  ERROR_PRIVILEGE_NOT_HELD,
  STATUS_ACCESS_DENIED,
  STATUS_PRIVILEGE_NOT_HELD,
]);

/** `part` names what is missing, e.g. `services`. The record has the right only when the system refused access. */
export function unavailability(part: string, error: unknown, grant: Grant): Unavailability {
  const code = error instanceof Win32Error ? error.code : undefined;
  const refused = code !== undefined && refusals.has(code);
  return {
    part,
    reason: reasonOf(error),
    ...(code === undefined ? {} : { code }),
    ...(refused && grant.requiredRight ? { requiredRight: grant.requiredRight } : {}),
    consequence: grant.consequence,
  };
}
