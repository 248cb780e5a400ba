// The last messages of all containers, within bounds that they share fairly.
import { MessageQueue } from './message-queue.ts';
import type { RecentMessage } from './recent-message.ts';

export interface RecentMessageLimits {
  readonly messages: number;
  /** Estimated bytes of memory. */
  readonly bytes: number;
}

const DEFAULT_LIMITS: RecentMessageLimits = { messages: 2000, bytes: 4 * 1024 * 1024 };

/**
 * When a bound is reached, the oldest message of the container that uses the largest share of it is removed, so that a
 * container with many messages does not evict those of the others. Containers with equal shares lose the oldest message
 * of all.
 */
export class RecentMessages {
  readonly #limits: RecentMessageLimits;
  readonly #queues = new Map<string, MessageQueue>();
  readonly #listeners = new Set<(message: RecentMessage) => void>();
  #messages = 0;
  #bytes = 0;
  #lastSeq = 0;
  /** Messages that were removed because a bound was reached. */
  evicted = 0;

  constructor(limits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /** Number of messages that are kept. */
  get size(): number {
    return this.#messages;
  }

  /** Estimated bytes of the messages that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Number of the newest message, 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Numbers a message, keeps it, and passes it to the listeners. */
  add(message: Omit<RecentMessage, 'seq'>): void {
    const numbered: RecentMessage = { ...message, seq: ++this.#lastSeq };
    let queue = this.#queues.get(message.containerId);
    if (!queue) {
      queue = new MessageQueue();
      this.#queues.set(message.containerId, queue);
    }
    this.#messages++;
    this.#bytes += queue.push(numbered);
    while (this.#messages > this.#limits.messages || this.#bytes > this.#limits.bytes) this.#evict();
    for (const listener of this.#listeners) listener(numbered);
  }

  /** The newest messages that the filter accepts, at most `limit` of them, oldest first. */
  select(filter: (message: RecentMessage) => boolean, limit: number): RecentMessage[] {
    if (limit <= 0) return [];
    return this.after(0).filter(filter).slice(-limit);
  }

  /** The messages that are kept and have a greater number than `seq`, oldest first. */
  after(seq: number): RecentMessage[] {
    const found: RecentMessage[] = [];
    for (const queue of this.#queues.values()) queue.collectAfter(seq, found);
    return found.sort((a, b) => a.seq - b.seq);
  }

  /**
   * Calls `listener` with each new message, also with one that is larger than the bounds. It must not throw. Returns
   * what ends the calls.
   */
  subscribe(listener: (message: RecentMessage) => void): () => void {
    // A function of its own, so that one listener can subscribe twice.
    const own = (message: RecentMessage) => listener(message);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  #evict(): void {
    const { messages, bytes } = this.#limits;
    let largest: [containerId: string, queue: MessageQueue, share: number] | undefined;
    for (const [containerId, queue] of this.#queues) {
      const share = Math.max(queue.size / messages, queue.bytes / bytes);
      const isLarger =
        !largest || share > largest[2] || (share === largest[2] && queue.oldestSeq < largest[1].oldestSeq);
      if (isLarger) largest = [containerId, queue, share];
    }
    const [containerId, queue] = largest!;
    this.#bytes -= queue.removeOldest();
    this.#messages--;
    this.evicted++;
    if (queue.size === 0) this.#queues.delete(containerId);
  }
}
