// The position in a channel: a bookmark of the Event Log, its text for the next run, and the numbers of the records.
import type { ChannelChoice, LogBatch } from '../logs/contracts.ts';
import { type EventLogCalls, type EventLogHandle, isConnectionLost } from './calls.ts';
import { bookmarkAt, formatPosition, parsePosition, positionKey, recordIdOf } from './position.ts';
import { RecordNumbers } from './record-numbers.ts';

/** The query that matches every event. */
export const ALL_EVENTS = '*';

export class ChannelPosition {
  readonly numbers: RecordNumbers;
  readonly #choice: ChannelChoice;
  readonly #calls: EventLogCalls;
  #bookmark: EventLogHandle | undefined;
  /** Records behind the last text of the bookmark. */
  #taken = 0;

  constructor(choice: ChannelChoice, calls: EventLogCalls) {
    this.#choice = choice;
    this.#calls = calls;
    this.numbers = new RecordNumbers(choice.xpath === ALL_EVENTS);
  }

  /** Stands at the last record that was read; undefined to start at the oldest record. */
  get bookmark(): EventLogHandle | undefined {
    return this.#bookmark;
  }

  /**
   * Continues from the position of the last run. Returns `other` for one of another query, and `invalid` for one that
   * cannot be used.
   */
  restore(stored: string): 'restored' | 'other' | 'invalid' {
    const position = parsePosition(stored, this.#choice.channel);
    if (position === undefined) return 'invalid';
    if (position.xpath !== this.#choice.xpath) return 'other';
    if (position.bookmark !== '') {
      try {
        this.#replace(this.#calls.createBookmark(position.bookmark));
      } catch (error) {
        if (isConnectionLost(error)) throw error;
        return 'invalid';
      }
    }
    this.numbers.start(recordIdOf(position.bookmark));
    return 'restored';
  }

  /** Starts behind the newest record, and reports that position: a crash soon afterwards loses nothing. */
  startAtNewest(batch: LogBatch): void {
    const newest = this.#calls.newestBookmark(this.#choice.channel);
    this.#replace(newest);
    const xml = newest === undefined ? '' : this.#calls.bookmarkXml(newest);
    this.numbers.start(recordIdOf(xml));
    this.#report(batch, xml);
  }

  /** Reads all records that are there. */
  startAtOldest(): void {
    if (this.#bookmark !== undefined) this.numbers.startAtOldest();
    this.#replace(undefined);
  }

  /** Counts a record as read. The record must not be used before: it is read again when this fails. */
  take(event: EventLogHandle): void {
    this.#bookmark ??= this.#calls.createBookmark();
    this.#calls.updateBookmark(this.#bookmark, event);
    this.#taken++;
  }

  /** Reports the position behind the records that were taken. Returns how many of the oversized ones there were. */
  advance(batch: LogBatch, oversized: number): number {
    if (this.#bookmark === undefined || this.#taken === 0) return oversized;
    const xml = this.#calls.bookmarkXml(this.#bookmark);
    const counted = this.numbers.advance(recordIdOf(xml), this.#taken, oversized);
    this.#taken = 0;
    this.#report(batch, xml);
    return counted;
  }

  /** Leaves out all records up to this one. */
  moveTo(recordId: bigint): void {
    this.#replace(this.#calls.createBookmark(bookmarkAt(this.#choice.channel, recordId)));
    this.numbers.moveTo(recordId);
    this.#taken = 0;
  }

  /** The position for the next run, where no bookmark of a record is there. */
  reportAt(batch: LogBatch, recordId: bigint): void {
    this.#report(batch, bookmarkAt(this.#choice.channel, recordId));
  }

  /** The position that stands for no record. */
  reportOldest(batch: LogBatch): void {
    this.#report(batch, '');
  }

  close(): void {
    this.#replace(undefined);
  }

  #replace(bookmark: EventLogHandle | undefined): void {
    if (this.#bookmark !== undefined) this.#calls.close(this.#bookmark);
    this.#bookmark = bookmark;
  }

  #report(batch: LogBatch, bookmark: string): void {
    const { channel, xpath } = this.#choice;
    batch.positions[positionKey(channel)] = formatPosition({ xpath, bookmark });
  }
}
