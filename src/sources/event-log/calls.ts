// What the reader needs of the Event Log service, so that its decisions can be tested without Windows.
import { Win32Error } from '../../native/win32-error.ts';
import type { SignalHandle } from '../logs/contracts.ts';

/** A handle of wevtapi: a subscription, an event, a bookmark or the metadata of a publisher. */
export type EventLogHandle = bigint;

/** Where a subscription starts. With `strict` the call fails when the record of the bookmark is not in the result. */
export type SubscriptionStart = 'oldest' | { readonly bookmark: EventLogHandle; readonly strict: boolean };

/** Numbers of the records that a channel has. */
export interface LogRange {
  readonly oldest: bigint;
  readonly count: bigint;
}

/** Each method throws Win32Error. Handles that are returned are closed by `close`. */
export interface EventLogCalls {
  /** An event of Windows that stays set until `reset`. */
  createSignal(): SignalHandle;
  isSet(signal: SignalHandle): boolean;
  reset(signal: SignalHandle): void;
  closeSignal(signal: SignalHandle): void;
  /** Throws EventQueryError, which has the reason, for an XPath that the service refuses. */
  subscribe(channel: string, xpath: string, signal: SignalHandle, start: SubscriptionStart): EventLogHandle;
  /** Up to `limit` events; none when there is nothing more at the moment. */
  next(subscription: EventLogHandle, limit: number): readonly EventLogHandle[];
  /** A bookmark at the newest record of a channel; undefined for an empty channel. */
  newestBookmark(channel: string): EventLogHandle | undefined;
  /** The records that a channel has now. */
  range(channel: string): LogRange;
  /** Without XML one that stands nowhere yet. */
  createBookmark(xml?: string): EventLogHandle;
  updateBookmark(bookmark: EventLogHandle, event: EventLogHandle): void;
  bookmarkXml(bookmark: EventLogHandle): string;
  /** The XML of an event. Throws TextTooLarge. */
  eventXml(event: EventLogHandle): string;
  /** Metadata of an installed publisher; locale 0 is that of the system. */
  openPublisher(name: string, locale: number): EventLogHandle;
  /** The message of an event, as far as its inserts can be resolved. Throws TextTooLarge. */
  formatMessage(publisher: EventLogHandle, event: EventLogHandle): string;
  close(handle: EventLogHandle): void;
}

/** The service refused a query; `detail` is its explanation, or empty. */
export class EventQueryError extends Win32Error {
  constructor(call: string, code: number, detail: string) {
    super(call, code);
    if (detail !== '') this.message += `: ${detail}`;
  }
}

/** A text that is larger than any that the agent reads. */
export class TextTooLarge extends Error {
  constructor(call: string, bytes: number) {
    super(`${call}: a text of ${bytes} bytes is too large`);
    this.name = 'TextTooLarge';
  }
}

/**
 * Results of calls while the Event Log service restarts, or for what it created before; most are RPC errors:
 * https://learn.microsoft.com/windows/win32/rpc/rpc-return-values
 */
const lostConnection: ReadonlySet<number> = new Set([
  6, // ERROR_INVALID_HANDLE
  1060, // ERROR_SERVICE_DOES_NOT_EXIST
  1062, // ERROR_SERVICE_NOT_ACTIVE
  1115, // ERROR_SHUTDOWN_IN_PROGRESS
  1702, // RPC_S_INVALID_BINDING
  1717, // RPC_S_UNKNOWN_IF
  1722, // RPC_S_SERVER_UNAVAILABLE
  1723, // RPC_S_SERVER_TOO_BUSY
  1726, // RPC_S_CALL_FAILED
  1727, // RPC_S_CALL_FAILED_DNE
  1753, // EPT_S_NOT_REGISTERED
  1775, // RPC_X_SS_IN_NULL_CONTEXT
  1818, // RPC_S_CALL_CANCELLED
]);

/** Whether an error means that the service is not reached, and not that one channel or record is at fault. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof Win32Error && lostConnection.has(error.code);
}
