// Reads one channel of the Event Log: opens its subscription, reads a share of events, and repairs what fails.
import { ERROR_EVT_CHANNEL_NOT_FOUND, RPC_S_INVALID_BOUND } from '../../native/win32-error.ts';
import { Backoff } from '../backoff.ts';
import type { EventChannel, EventRecord } from '../host.ts';
import type { ChannelChoice, LogBatch, SignalHandle } from '../logs/contracts.ts';
import { BatchSize } from './batch-size.ts';
import { type EventLogCalls, type EventLogHandle, isConnectionLost } from './calls.ts';
import { ALL_EVENTS, ChannelPosition } from './channel-position.ts';
import { codeOf, INVALID_POSITION, problemOf } from './channel-problem.ts';
import { ChannelWatch } from './channel-watch.ts';
import { DroppedEvents, UNREADABLE } from './dropped-events.ts';
import { Subscription } from './subscription.ts';

/** Makes a record of an event, or returns why it is dropped. Throws Win32Error. */
export type ReadEvent = (event: EventLogHandle, nowMs: number) => EventRecord | string;

/** How far one call of `read` may go. */
export interface Share {
  /** Most events. */
  readonly limit: number;
  /** Whether the turn ends now, asked after each event. */
  isOver(): boolean;
}

export class ChannelReader {
  readonly signal: SignalHandle;
  readonly #choice: ChannelChoice;
  readonly #calls: EventLogCalls;
  readonly #readEvent: ReadEvent;
  readonly #position: ChannelPosition;
  readonly #watch: ChannelWatch;
  readonly #backoff = new Backoff();
  readonly #size = new BatchSize();
  readonly #dropped = new DroppedEvents();
  /** Position of the last run, until the position is known. */
  readonly #stored: string | undefined;
  #isPlaced = false;
  /** The channel did not exist at the first attempt, so all of its records are new. */
  #wasMissing = false;
  #subscription: Subscription | undefined;
  #wasOpen = false;
  #retryAtMs = 0;
  /** There may be events although the signal is not set. */
  #isPending = true;
  /** Newest record when the subscription was replaced to show that nothing matches. */
  #replacedAt: bigint | undefined;
  /** The last subscription was given up because of the next event. */
  #isSuspect = false;
  #read = 0;
  #resubscribed = 0;
  #invalidPositions = 0;
  #problem: ReturnType<typeof problemOf> = {};

  /** `stored` is the position of the last run, if there is one. Throws Win32Error. */
  constructor(choice: ChannelChoice, stored: string | undefined, calls: EventLogCalls, readEvent: ReadEvent) {
    this.#choice = choice;
    this.#stored = stored;
    this.#calls = calls;
    this.#readEvent = readEvent;
    this.#position = new ChannelPosition(choice, calls);
    this.#watch = new ChannelWatch(choice.xpath !== ALL_EVENTS);
    this.signal = calls.createSignal();
  }

  /**
   * Adds a share of the events to the batch, and the position behind them. Returns whether there may be more. Opens the
   * subscription when that is due, and checks it from time to time.
   */
  read(batch: LogBatch, nowMs: number, share: Share): boolean {
    try {
      if (!this.#subscription && !this.#open(batch, nowMs)) return false;
      this.#check(nowMs);
      return this.#readShare(batch, nowMs, share);
    } catch (error) {
      this.#fail(error, nowMs);
      return false;
    }
  }

  state(): EventChannel {
    const { lag, skipped } = this.#position.numbers;
    return {
      channel: this.#choice.channel,
      read: this.#read,
      lag,
      skipped,
      dropped: this.#dropped.toObject(),
      resubscribed: this.#resubscribed,
      invalidPositions: this.#invalidPositions,
      ...this.#problem,
    };
  }

  close(): void {
    this.#unsubscribe();
    this.#position.close();
    this.#calls.closeSignal(this.signal);
  }

  #open(batch: LogBatch, nowMs: number): boolean {
    if (nowMs < this.#retryAtMs) return false;
    if (!this.#isPlaced) this.#place(batch);
    this.#subscribe(nowMs);
    this.#watch.opened(nowMs);
    if (this.#wasOpen) this.#resubscribed++;
    this.#wasOpen = true;
    this.#problem = this.#invalidPositions > 0 && this.#read === 0 ? { problem: INVALID_POSITION } : {};
    return true;
  }

  #place(batch: LogBatch): void {
    const found = this.#stored === undefined ? undefined : this.#position.restore(this.#stored);
    if (found !== 'restored') {
      if (this.#wasMissing) this.#position.reportOldest(batch);
      else this.#position.startAtNewest(batch);
      if (found === 'invalid') this.#invalidPositions++;
    }
    this.#isPlaced = true;
  }

  #subscribe(nowMs: number): void {
    this.#unsubscribe();
    this.#subscription = new Subscription(this.#choice, this.signal, this.#calls, this.#position, nowMs);
    this.#isPending = true;
  }

  #unsubscribe(): void {
    const subscription = this.#subscription;
    this.#subscription = undefined;
    subscription?.close();
  }

  /** The subscription is opened again after a while, behind the last record that was read. */
  #fail(error: unknown, nowMs: number): void {
    const ranMs = this.#subscription ? nowMs - this.#subscription.openedAtMs : 0;
    this.#unsubscribe();
    // A signal that stays set would wake the worker all the time.
    this.#calls.reset(this.signal);
    this.#replacedAt = undefined;
    this.#dropped.forgetOversized();
    if (!this.#isPlaced && codeOf(error) === ERROR_EVT_CHANNEL_NOT_FOUND) this.#wasMissing = true;
    this.#retryAtMs = nowMs + this.#backoff.next(ranMs);
    this.#problem = problemOf(error);
  }

  /** Throws when the subscription must be opened again. */
  #check(nowMs: number): void {
    if (this.#subscription!.events.length > 0 || !this.#watch.isDue(nowMs)) return;
    const { numbers } = this.#position;
    numbers.update(this.#calls.range(this.#choice.channel));
    const action = this.#watch.check(nowMs, numbers.lag, !this.#isPending);
    if (action === 'read') this.#isPending = true;
    if (action !== 'replace') return;
    this.#subscribe(nowMs);
    this.#replacedAt = numbers.newest;
  }

  #readShare(batch: LogBatch, nowMs: number, share: Share): boolean {
    if (this.#subscription!.events.length === 0) {
      if (!this.#isPending && !this.#calls.isSet(this.signal)) return false;
      // Before reading: an event that arrives meanwhile sets it again.
      this.#calls.reset(this.signal);
      this.#isPending = true;
      this.#next(share.limit, nowMs);
      if (!this.#isPending) this.#drained(batch);
    }
    this.#takeEvents(batch, nowMs, share);
    return this.#isPending;
  }

  #next(limit: number, nowMs: number): void {
    const requested = Math.min(limit, this.#size.value);
    try {
      this.#subscription!.next(requested);
    } catch (error) {
      if (codeOf(error) !== RPC_S_INVALID_BOUND) throw error;
      // The service moves on although the call fails, so these events come again only from a new subscription.
      if (this.#size.shrink(requested)) this.#subscribe(nowMs);
      else this.#leaveOutOversized(nowMs);
      return;
    }
    const { length } = this.#subscription!.events;
    this.#isPending = length > 0;
    if (!this.#isPending) return;
    this.#size.received(length);
    this.#watch.received();
    // The subscription before has not returned these events.
    if (this.#replacedAt !== undefined) this.#resubscribed++;
    this.#replacedAt = undefined;
  }

  /** Behind a single event that is too large the service has moved on to the next one. */
  #leaveOutOversized(nowMs: number): void {
    const { numbers } = this.#position;
    numbers.update(this.#calls.range(this.#choice.channel));
    if (this.#dropped.addOversized(numbers.newest) <= Math.max(1, numbers.lag)) return;
    // More often than there are records: it has not moved on, and refuses the same event again.
    this.#dropped.settleOversized(1);
    this.#position.moveTo((numbers.last ?? 0n) + 1n);
    this.#subscribe(nowMs);
  }

  #takeEvents(batch: LogBatch, nowMs: number, share: Share): void {
    const subscription = this.#subscription!;
    let taken = 0;
    try {
      for (const event of subscription.events) {
        if (taken === share.limit || (taken > 0 && share.isOver())) break;
        this.#take(event, batch, nowMs);
        subscription.shift();
        taken++;
      }
    } finally {
      if (taken > 0) this.#dropped.settleOversized(this.#position.advance(batch, this.#dropped.oversized));
    }
  }

  #take(event: EventLogHandle, batch: LogBatch, nowMs: number): void {
    const record = this.#recordOf(event, nowMs);
    this.#position.take(event);
    this.#read++;
    if (typeof record === 'string') this.#dropped.add(record);
    else batch.eventRecords.push(record);
    if (this.#problem.problem === INVALID_POSITION) this.#problem = {};
  }

  #recordOf(event: EventLogHandle, nowMs: number): EventRecord | string {
    try {
      const record = this.#readEvent(event, nowMs);
      this.#isSuspect = false;
      return record;
    } catch (error) {
      // The service restarts, unless the same event fails again on the next subscription.
      this.#isSuspect = isConnectionLost(error) && !this.#isSuspect;
      if (this.#isSuspect) throw error;
      return UNREADABLE;
    }
  }

  /** All events up to now were read. */
  #drained(batch: LogBatch): void {
    // With oversized events behind the bookmark, they are left out.
    const newest = this.#dropped.settleOversized(this.#dropped.oversized) ?? this.#replacedAt;
    this.#replacedAt = undefined;
    if (newest === undefined) return;
    this.#position.moveTo(newest);
    this.#position.reportAt(batch, newest);
  }
}
