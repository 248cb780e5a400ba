// The calls of the Event Log service through wevtapi.dll.
import { checkBool, checkHandle } from '../../native/check.ts';
import { CloseHandle, GetLastError } from '../../native/kernel32.ts';
import { CreateEventW, ResetEvent, WAIT_OBJECT_0, WaitForSingleObject } from '../../native/kernel32-events.ts';
import {
  EvtClose,
  EvtGetExtendedStatus,
  EvtNext,
  EvtQuery,
  EvtQueryChannelPath,
  EvtQueryReverseDirection,
  EvtSubscribe,
  EvtSubscribeStartAfterBookmark,
  EvtSubscribeStartAtOldestRecord,
  EvtSubscribeStrict,
} from '../../native/wevtapi/events.ts';
import {
  EVT_VARIANT,
  EvtGetLogInfo,
  EvtLogNumberOfLogRecords,
  EvtLogOldestRecordNumber,
  EvtOpenChannelPath,
  EvtOpenLog,
  EvtVarTypeUInt64,
} from '../../native/wevtapi/log.ts';
import {
  EvtCreateBookmark,
  EvtFormatMessage,
  EvtFormatMessageEvent,
  EvtOpenPublisherMetadata,
  EvtRender,
  EvtRenderBookmark,
  EvtRenderEventXml,
  EvtUpdateBookmark,
} from '../../native/wevtapi/rendering.ts';
import {
  ERROR_EVT_INVALID_QUERY,
  ERROR_EVT_MAX_INSERTS_REACHED,
  ERROR_EVT_UNRESOLVED_PARAMETER_INSERT,
  ERROR_EVT_UNRESOLVED_VALUE_INSERT,
  ERROR_INSUFFICIENT_BUFFER,
  ERROR_INVALID_OPERATION,
  ERROR_NO_MORE_ITEMS,
  ERROR_SUCCESS,
  ERROR_TIMEOUT,
  Win32Error,
} from '../../native/win32-error.ts';
import type { SignalHandle } from '../logs/contracts.ts';
import {
  type EventLogCalls,
  type EventLogHandle,
  EventQueryError,
  type LogRange,
  type SubscriptionStart,
} from './calls.ts';
import { TextBuffer } from './text-buffer.ts';

/** Most events of one call. */
const MAX_EVENTS = 64;
/** Characters of an explanation that are read. */
const MAX_STATUS_CHARACTERS = 2048;
const HANDLE_BYTES = 8;

/**
 * What EvtNext reports for a subscription without an event. ERROR_INVALID_OPERATION is not documented for it:
 * https://github.com/open-telemetry/opentelemetry-collector-contrib/pull/38149
 */
const noEvents: ReadonlySet<number> = new Set([ERROR_NO_MORE_ITEMS, ERROR_TIMEOUT, ERROR_INVALID_OPERATION]);

/** The text is there, with unresolved inserts left in it. */
const unresolvedInserts: ReadonlySet<number> = new Set([
  ERROR_EVT_UNRESOLVED_VALUE_INSERT,
  ERROR_EVT_UNRESOLVED_PARAMETER_INSERT,
  ERROR_EVT_MAX_INSERTS_REACHED,
]);

/** ERROR_EVT_INVALID_QUERY, and ERROR_EVT_FILTER_ALREADYSCOPED to ERROR_EVT_FILTER_OUT_OF_RANGE. */
function isQueryError(code: number): boolean {
  return code === ERROR_EVT_INVALID_QUERY || (code >= 15014 && code <= 15021) || code === 15026 || code === 15038;
}

export class Win32EventLog implements EventLogCalls {
  readonly #events = Buffer.alloc(MAX_EVENTS * HANDLE_BYTES);
  readonly #returned = new Uint32Array(1);
  readonly #properties = new Uint32Array(1);
  readonly #variant = Buffer.alloc(EVT_VARIANT.size);
  readonly #text = new TextBuffer();

  createSignal(): SignalHandle {
    return checkHandle('CreateEventW', CreateEventW(null, 1, 0, null));
  }

  isSet(signal: SignalHandle): boolean {
    return WaitForSingleObject(signal, 0) === WAIT_OBJECT_0;
  }

  reset(signal: SignalHandle): void {
    checkBool('ResetEvent', ResetEvent(signal));
  }

  closeSignal(signal: SignalHandle): void {
    CloseHandle(signal);
  }

  subscribe(channel: string, xpath: string, signal: SignalHandle, start: SubscriptionStart): EventLogHandle {
    const oldest = start === 'oldest';
    const flags = oldest
      ? EvtSubscribeStartAtOldestRecord
      : EvtSubscribeStartAfterBookmark | (start.strict ? EvtSubscribeStrict : 0);
    const handle = EvtSubscribe(null, signal, channel, xpath, oldest ? null : start.bookmark, null, null, flags);
    return checkQuery('EvtSubscribe', handle);
  }

  next(subscription: EventLogHandle, limit: number): readonly EventLogHandle[] {
    const size = Math.min(limit, MAX_EVENTS);
    this.#returned[0] = 0;
    if (EvtNext(subscription, size, this.#events, 0, 0, this.#returned) === 0) {
      const code = GetLastError();
      if (noEvents.has(code)) return [];
      throw new Win32Error('EvtNext', code);
    }
    const count = Math.min(this.#returned[0]!, size);
    return Array.from({ length: count }, (_, at) => this.#events.readBigUInt64LE(at * HANDLE_BYTES));
  }

  newestBookmark(channel: string): EventLogHandle | undefined {
    const query = EvtQuery(null, channel, '*', EvtQueryChannelPath | EvtQueryReverseDirection);
    const results = checkQuery('EvtQuery', query);
    try {
      const [event] = this.next(results, 1);
      if (event === undefined) return undefined;
      try {
        return this.#bookmarkAt(event);
      } finally {
        this.close(event);
      }
    } finally {
      this.close(results);
    }
  }

  #bookmarkAt(event: EventLogHandle): EventLogHandle {
    const bookmark = this.createBookmark();
    try {
      this.updateBookmark(bookmark, event);
      return bookmark;
    } catch (error) {
      this.close(bookmark);
      throw error;
    }
  }

  range(channel: string): LogRange {
    const log = checkHandle('EvtOpenLog', EvtOpenLog(null, channel, EvtOpenChannelPath));
    try {
      return {
        oldest: this.#logProperty(log, EvtLogOldestRecordNumber),
        count: this.#logProperty(log, EvtLogNumberOfLogRecords),
      };
    } finally {
      this.close(log);
    }
  }

  #logProperty(log: EventLogHandle, property: number): bigint {
    const { size, at } = EVT_VARIANT;
    checkBool('EvtGetLogInfo', EvtGetLogInfo(log, property, size, this.#variant, this.#returned));
    // EvtVarTypeNull: the service does not know the number.
    if (this.#variant.readUInt32LE(at.Type) !== EvtVarTypeUInt64) return 0n;
    return this.#variant.readBigUInt64LE(at.UInt64Val);
  }

  createBookmark(xml?: string): EventLogHandle {
    return checkHandle('EvtCreateBookmark', EvtCreateBookmark(xml ?? null));
  }

  updateBookmark(bookmark: EventLogHandle, event: EventLogHandle): void {
    checkBool('EvtUpdateBookmark', EvtUpdateBookmark(bookmark, event));
  }

  bookmarkXml(bookmark: EventLogHandle): string {
    return this.#render(bookmark, EvtRenderBookmark);
  }

  eventXml(event: EventLogHandle): string {
    return this.#render(event, EvtRenderEventXml);
  }

  #render(fragment: EventLogHandle, flags: number): string {
    const [used, properties] = [this.#returned, this.#properties];
    return this.#text.fill('EvtRender', (bytes) => {
      const done = EvtRender(null, fragment, flags, bytes.length, bytes, used, properties) !== 0;
      return { code: done ? ERROR_SUCCESS : GetLastError(), bytes: used[0]! };
    });
  }

  openPublisher(name: string, locale: number): EventLogHandle {
    return checkHandle('EvtOpenPublisherMetadata', EvtOpenPublisherMetadata(null, name, null, locale, 0));
  }

  formatMessage(publisher: EventLogHandle, event: EventLogHandle): string {
    const used = this.#returned;
    return this.#text.fill('EvtFormatMessage', (bytes) => {
      const characters = bytes.length / 2;
      used[0] = 0;
      const done = EvtFormatMessage(publisher, event, 0, 0, null, EvtFormatMessageEvent, characters, bytes, used) !== 0;
      const code = done ? ERROR_SUCCESS : GetLastError();
      const isText = unresolvedInserts.has(code) && used[0]! > 0;
      return { code: isText ? textOrGrow(used[0]!, characters) : code, bytes: used[0]! * 2 };
    });
  }

  close(handle: EventLogHandle): void {
    EvtClose(handle);
  }
}

/** A text with unresolved inserts is complete when it fits. */
function textOrGrow(used: number, characters: number): number {
  return used <= characters ? ERROR_SUCCESS : ERROR_INSUFFICIENT_BUFFER;
}

/** Must directly follow the call. */
function checkQuery(call: string, handle: bigint | null): bigint {
  if (handle !== null && handle !== 0n) return handle;
  const code = GetLastError();
  throw isQueryError(code) ? new EventQueryError(call, code, extendedStatus()) : new Win32Error(call, code);
}

/** What the service says about the last query, without line breaks. */
function extendedStatus(): string {
  const text = Buffer.alloc(MAX_STATUS_CHARACTERS * 2);
  const used = new Uint32Array(1);
  if (EvtGetExtendedStatus(MAX_STATUS_CHARACTERS, text, used) !== ERROR_SUCCESS) return '';
  const [status = ''] = text.toString('utf16le', 0, Math.min(used[0]! * 2, text.length)).split('\0', 1);
  return status.replaceAll(/\s+/g, ' ').trim();
}
