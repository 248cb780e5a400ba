// What the readers of subjects share: their input, and texts that several kinds of events have.
import { win32 } from 'node:path';
import { cutUtf8 } from '../../../base/utf8.ts';
import type { EventSubject } from '../../host.ts';
import type { EventData } from '../event-data.ts';

/** Parts of an event from which its subject is found. */
export interface EventFacts {
  readonly provider: string;
  /** EventSourceName of a provider that is registered for both APIs; empty for others. */
  readonly sourceName: string;
  readonly eventId: number;
  /** Process that wrote the event; undefined where the event does not have it. */
  readonly pid: number | undefined;
  readonly data: EventData;
  readonly message: string;
}

/** Finds the subjects of the events of some providers. */
export interface SubjectReader {
  /** `name` is in lower case. */
  isProvider(name: string): boolean;
  /** Without a property the event names nothing. */
  read(event: EventFacts): EventSubject | undefined;
}

const MAX_NAME_BYTES = 1024;

/** A subject with the values that are neither undefined nor empty. */
export function subjectFrom(values: { readonly [K in keyof EventSubject]: EventSubject[K] | undefined }): EventSubject {
  const subject: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === '' || value === 0) continue;
    subject[name] = typeof value === 'string' ? cutUtf8(value, MAX_NAME_BYTES) : value;
  }
  return subject;
}

/** A pid in decimal digits; undefined for another text. Pid 0 is no process that can write or crash. */
export function decimalPid(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? validPid(Number(text)) : undefined;
}

/** A pid in hexadecimal digits, with or without `0x`. */
export function hexPid(text: string): number | undefined {
  const digits = /^(?:0x)?0*([0-9a-f]{1,8})$/i.exec(text)?.[1];
  return digits === undefined ? undefined : validPid(Number.parseInt(digits, 16));
}

function validPid(pid: number): number | undefined {
  return pid > 0 && pid <= 0xffff_ffff ? pid : undefined;
}

const serviceHost = /^(svchost\.exe)_(.+)$/i;
const suffixed = /^(.+\.exe)_[^.\\/]*$/i;

/**
 * Program and service by a name that Windows Error Reporting uses: a file name, perhaps with a path, and perhaps with a
 * suffix. `svchost.exe_NAME` names the service; `x.exe_unknown` has no information in its suffix.
 */
export function faultingProgram(name: string): Pick<EventSubject, 'program' | 'service'> {
  const file = win32.basename(name.trim());
  const [, host, service = ''] = serviceHost.exec(file) ?? [];
  if (host !== undefined) return service.toLowerCase() === 'unknown' ? { program: host } : { program: host, service };
  return { program: suffixed.exec(file)?.[1] ?? file };
}
