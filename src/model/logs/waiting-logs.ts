// Events and messages of files that wait until a tick has found their container, within bounds.
import type { LogTime } from '../../logs/log-record.ts';
import type { EventRecord, FileMessages } from '../../sources/host.ts';

const MAX_MESSAGES = 10_000;
/** Characters of all texts together. */
const MAX_LENGTH = 4 * 1024 * 1024;

export interface WaitingEvent {
  readonly event: EventRecord;
  readonly observed: LogTime;
}

export interface WaitingBatch {
  readonly batch: FileMessages;
  readonly observed: LogTime;
}

export class WaitingLogs {
  #events: WaitingEvent[] = [];
  #batches: WaitingBatch[] = [];
  #messages = 0;
  #length = 0;

  get size(): number {
    return this.#messages;
  }

  /** Returns false if the event does not fit. */
  addEvent(event: EventRecord, observed: LogTime): boolean {
    if (!this.#fits(1, event.message.length)) return false;
    this.#events.push({ event, observed });
    return true;
  }

  /** Returns false if the batch does not fit. */
  addBatch(batch: FileMessages, observed: LogTime): boolean {
    const { counted, records } = batch;
    const samples = counted.reduce((sum, { sample = '' }) => sum + sample.length, 0);
    const texts = records.reduce((sum, { body, attributes }) => sum + body.length + lengthOf(attributes), samples);
    if (!this.#fits(Math.max(records.length, counted.length), texts)) return false;
    this.#batches.push({ batch, observed });
    return true;
  }

  /** Everything in the order of its arrival; nothing waits any more. */
  takeAll(): { readonly events: readonly WaitingEvent[]; readonly batches: readonly WaitingBatch[] } {
    const all = { events: this.#events, batches: this.#batches };
    this.#events = [];
    this.#batches = [];
    this.#messages = 0;
    this.#length = 0;
    return all;
  }

  #fits(messages: number, length: number): boolean {
    if (this.#messages + messages > MAX_MESSAGES || this.#length + length > MAX_LENGTH) return false;
    this.#messages += messages;
    this.#length += length;
    return true;
  }
}

function lengthOf(attributes: Readonly<Record<string, string>>): number {
  let length = 0;
  for (const name in attributes) length += name.length + attributes[name]!.length;
  return length;
}
