// The recent messages of one container, oldest first.
import { type RecentMessage, sizeOfMessage } from './recent-message.ts';

/** Removed messages at the start of the array, from which it is copied. */
const MAX_REMOVED = 64;

export class MessageQueue {
  #messages: (RecentMessage | undefined)[] = [];
  #first = 0;
  #bytes = 0;

  get size(): number {
    return this.#messages.length - this.#first;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Number of the oldest message. The queue must not be empty. */
  get oldestSeq(): number {
    return this.#messages[this.#first]!.seq;
  }

  /** Returns the estimated bytes of the message. */
  push(message: RecentMessage): number {
    const bytes = sizeOfMessage(message);
    this.#messages.push(message);
    this.#bytes += bytes;
    return bytes;
  }

  /** Returns the estimated bytes of the message. The queue must not be empty. */
  removeOldest(): number {
    const bytes = sizeOfMessage(this.#messages[this.#first]!);
    this.#messages[this.#first++] = undefined;
    this.#bytes -= bytes;
    if (this.#first > MAX_REMOVED && this.#first > this.#messages.length / 2) {
      this.#messages = this.#messages.slice(this.#first);
      this.#first = 0;
    }
    return bytes;
  }

  /** Adds the messages with a greater number than `seq` to `found`. */
  collectAfter(seq: number, found: RecentMessage[]): void {
    let from = this.#messages.length;
    while (from > this.#first && this.#messages[from - 1]!.seq > seq) from--;
    for (; from < this.#messages.length; from++) found.push(this.#messages[from]!);
  }
}
