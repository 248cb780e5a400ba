// A subscription to a channel, and the events that it has returned and that are still to be read.
import {
  ERROR_EVT_QUERY_RESULT_INVALID_POSITION,
  ERROR_EVT_QUERY_RESULT_STALE,
  ERROR_NOT_FOUND,
} from '../../native/win32-error.ts';
import type { ChannelChoice, SignalHandle } from '../logs/contracts.ts';
import type { EventLogCalls, EventLogHandle } from './calls.ts';
import { ALL_EVENTS, type ChannelPosition } from './channel-position.ts';
import { codeOf } from './channel-problem.ts';

const lostPosition: ReadonlySet<number | undefined> = new Set([
  ERROR_NOT_FOUND,
  ERROR_EVT_QUERY_RESULT_STALE,
  ERROR_EVT_QUERY_RESULT_INVALID_POSITION,
]);

export class Subscription {
  readonly openedAtMs: number;
  readonly #calls: EventLogCalls;
  readonly #handle: EventLogHandle;
  /** Events of the last call of EvtNext that are still to be read. */
  #events: readonly EventLogHandle[] = [];

  /** Starts behind the position, or at the oldest record when that of the position is gone. Throws Win32Error. */
  constructor(
    choice: ChannelChoice,
    signal: SignalHandle,
    calls: EventLogCalls,
    position: ChannelPosition,
    nowMs: number,
  ) {
    this.#calls = calls;
    this.openedAtMs = nowMs;
    calls.reset(signal);
    this.#handle = subscribe(choice, signal, calls, position);
  }

  get events(): readonly EventLogHandle[] {
    return this.#events;
  }

  /** Asks for up to `limit` events. Throws Win32Error. */
  next(limit: number): void {
    this.#events = this.#calls.next(this.#handle, limit);
  }

  /** The first event was read. */
  shift(): void {
    const [event, ...rest] = this.#events;
    this.#events = rest;
    if (event !== undefined) this.#calls.close(event);
  }

  close(): void {
    for (const event of this.#events) this.#calls.close(event);
    this.#events = [];
    this.#calls.close(this.#handle);
  }
}

function subscribe(
  { channel, xpath }: ChannelChoice,
  signal: SignalHandle,
  calls: EventLogCalls,
  position: ChannelPosition,
): EventLogHandle {
  const { bookmark, numbers } = position;
  if (bookmark !== undefined && !numbers.isRestarted) {
    try {
      return calls.subscribe(channel, xpath, signal, { bookmark, strict: true });
    } catch (error) {
      if (!lostPosition.has(codeOf(error))) throw error;
      numbers.update(calls.range(channel));
      // The record is there, and the query does not match it.
      if (xpath !== ALL_EVENTS && numbers.isInLog)
        return calls.subscribe(channel, xpath, signal, { bookmark, strict: false });
    }
  }
  const handle = calls.subscribe(channel, xpath, signal, 'oldest');
  position.startAtOldest();
  return handle;
}
