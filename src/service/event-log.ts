// Writes to the Windows Event Log under the service's own source, bounded in size and rate.
import {
  EVENTLOG_ERROR_TYPE,
  EVENTLOG_INFORMATION_TYPE,
  EVENTLOG_WARNING_TYPE,
  RegisterEventSourceW,
  ReportEventW,
} from '../native/advapi32/event-source.ts';
import { withPointers } from '../native/pointers.ts';

/** Ids of events; the message file has texts for 1 to 1000. docs/service.md lists them. */
export const EVENT = {
  started: { id: 1, type: EVENTLOG_INFORMATION_TYPE },
  stopped: { id: 2, type: EVENTLOG_INFORMATION_TYPE },
  /** Settings, data folder or host prevent the start; the exit code is the service-specific one. */
  refused: { id: 3, type: EVENTLOG_ERROR_TYPE },
  /** The previous run crashed and left a report. */
  crashed: { id: 4, type: EVENTLOG_ERROR_TYPE },
  information: { id: 100, type: EVENTLOG_INFORMATION_TYPE },
  warning: { id: 200, type: EVENTLOG_WARNING_TYPE },
  error: { id: 300, type: EVENTLOG_ERROR_TYPE },
} as const;

type EventKind = (typeof EVENT)[keyof typeof EVENT];

/** Below the limit of ReportEventW, 31,839 characters per text. */
const MAX_CHARACTERS = 8000;
/** Size of a burst, and the time after which one more event is allowed. */
const BURST = 50;
const REFILL_MS = 10_000;
const POINTER_BYTES = 8;

/** Writes one record; false if the system refused it. */
export type ReportEvent = (type: number, id: number, text: string) => boolean;

export class EventLog {
  readonly #report: ReportEvent;
  readonly #now: () => number;
  #allowed = BURST;
  #refilledAt: number;
  #leftOut = 0;

  /** `now` in milliseconds. */
  constructor(report: ReportEvent, now: () => number = () => performance.now()) {
    this.#report = report;
    this.#now = now;
    this.#refilledAt = now();
  }

  /** Events beyond the rate limit are dropped and counted; the next event reports the number. */
  write({ type, id }: EventKind, text: string): void {
    const refills = Math.floor((this.#now() - this.#refilledAt) / REFILL_MS);
    this.#refilledAt += refills * REFILL_MS;
    this.#allowed = Math.min(BURST, this.#allowed + refills);
    if (this.#allowed === 0) {
      this.#leftOut++;
      return;
    }
    this.#allowed--;
    const missing = this.#leftOut === 0 ? '' : `\n(${this.#leftOut} messages before this one were left out)`;
    // Windows would replace %n in the text by another insertion string:
    // https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-reporteventw
    const whole = `${text.slice(0, MAX_CHARACTERS)}${missing}`.replaceAll('\0', '').replace(/%(?=\d)/g, '% ');
    if (this.#report(type, id, whole)) this.#leftOut = 0;
    else this.#leftOut++;
  }

  /** A message of the agent's log by its pino level. */
  writeMessage(level: number, text: string): void {
    this.write(level >= 50 ? EVENT.error : level >= 40 ? EVENT.warning : EVENT.information, text);
  }
}

/** Opens the Event Log for a source; if that fails, `write` drops every event. */
export function openEventLog(source: string): EventLog {
  const handle = RegisterEventSourceW(null, source);
  return new EventLog((type, id, text) => {
    if (!handle) return false;
    const bytes = Buffer.from(`${text}\0`, 'utf16le');
    const strings = Buffer.alloc(POINTER_BYTES);
    return withPointers((setPointer) => {
      setPointer(strings, 0, bytes);
      return ReportEventW(handle, type, 0, id, null, 1, 0, strings, null) !== 0;
    });
  });
}
