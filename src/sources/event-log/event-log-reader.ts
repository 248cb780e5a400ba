// Reads the chosen channels of the Event Log in turn, a share of each.
import type { Activity } from '../activity.ts';
import type { EventChannel, EventRecord } from '../host.ts';

import type { ChannelChoice, LogBatch, LogPositions, LogReader, SignalHandle } from '../logs/contracts.ts';
import { MAX_LOG_RECORDS } from '../records/logs.ts';
import { type EventLogCalls, type EventLogHandle, TextTooLarge } from './calls.ts';
import { ChannelReader } from './channel-reader.ts';
import { positionKey, unescaped } from './position.ts';
import { PublisherMessages } from './publisher-messages.ts';

/** UTF-16 units of messages in one batch: it is copied to another thread. */
const MAX_BATCH_CHARACTERS = 1024 * 1024;
/** The provider is the first element of the system properties. */
const HEAD_CHARACTERS = 2048;
const PROVIDER = /<Provider\s[^<>]*?\bName\s*=\s*(?:'([^']*)'|"([^"]*)")/;
const TOO_LARGE = 'text too large';

export interface EventLogOptions {
  readonly channels: readonly ChannelChoice[];
  /** LCID of messages, e.g. 1033. */
  readonly locale: number;
  /** Positions of the last run, also of other readers. */
  readonly positions: LogPositions;
  readonly activity: Activity;
  /** The record of an event in XML with the message by its publisher, or why there is none. */
  readonly recordOf: (xml: string, message: string | undefined) => EventRecord | string;
  /** Milliseconds of the clock that `read` is called with. */
  readonly now: () => number;
  readonly calls: EventLogCalls;
}

export class EventLogReader implements LogReader {
  readonly #options: EventLogOptions;
  readonly #publishers: PublisherMessages;
  readonly #channels: readonly ChannelReader[];
  /** Index of the channel that is read first in the next turn. */
  #first = 0;

  /** Throws Win32Error. */
  constructor(options: EventLogOptions) {
    const { calls, channels, locale, positions } = options;
    this.#options = options;
    this.#publishers = new PublisherMessages(calls, locale);
    const readEvent = (event: EventLogHandle, nowMs: number) => this.#recordOf(event, nowMs);
    this.#channels = channels.map(
      (choice) => new ChannelReader(choice, positions[positionKey(choice.channel)], calls, readEvent),
    );
  }

  signals(): readonly SignalHandle[] {
    return this.#channels.map(({ signal }) => signal);
  }

  read(batch: LogBatch, nowMs: number, untilMs: number): boolean {
    const { activity, now } = this.#options;
    const size = new BatchCharacters(batch);
    const isOver = () => now() >= untilMs || size.isFull();
    let active = [...this.#channels.slice(this.#first), ...this.#channels.slice(0, this.#first)];
    while (active.length > 0) {
      const more: ChannelReader[] = [];
      for (const channel of active) {
        const limit = MAX_LOG_RECORDS - batch.eventRecords.length;
        if (limit <= 0 || size.isFull()) return true;
        const isRead = activity.during('reading the Event Log', () => channel.read(batch, nowMs, { limit, isOver }));
        if (isRead) more.push(channel);
        // Also when the time was over before: each turn reads something.
        this.#first = (this.#channels.indexOf(channel) + 1) % this.#channels.length;
        if (now() >= untilMs) return true;
      }
      active = more;
    }
    return false;
  }

  state(): { readonly eventChannels: readonly EventChannel[] } {
    return { eventChannels: this.#channels.map((channel) => channel.state()) };
  }

  close(): void {
    for (const channel of this.#channels) channel.close();
    this.#publishers.close();
  }

  #recordOf(event: EventLogHandle, nowMs: number): EventRecord | string {
    const { calls, recordOf } = this.#options;
    let xml: string;
    try {
      xml = calls.eventXml(event);
    } catch (error) {
      if (error instanceof TextTooLarge) return TOO_LARGE;
      throw error;
    }
    const [, single, double] = PROVIDER.exec(xml.slice(0, HEAD_CHARACTERS)) ?? [];
    const provider = single ?? double;
    const message = provider ? this.#publishers.message(unescaped(provider), event, nowMs) : undefined;
    return recordOf(xml, message);
  }
}

/** Counts the characters of the messages in a batch as they are added. */
class BatchCharacters {
  readonly #records: readonly EventRecord[];
  #counted = 0;
  #characters = 0;

  constructor(batch: LogBatch) {
    this.#records = batch.eventRecords;
  }

  isFull(): boolean {
    while (this.#counted < this.#records.length) this.#characters += this.#records[this.#counted++]!.message.length;
    return this.#characters >= MAX_BATCH_CHARACTERS;
  }
}
