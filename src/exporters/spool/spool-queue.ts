// One queue of the spool.
import type { Payload } from '../payload.ts';
import type { PayloadQueue, QueuedPayload, QueueLimits, QueueSize } from './payload-queue.ts';
import type { QueueContent } from './queue-content.ts';
import type { QueueTotals } from './spool-totals.ts';

/** What the spool does for its queues. */
export interface QueueOperations {
  append(content: QueueContent, payload: Payload): Promise<void>;
  first(content: QueueContent, limits: QueueLimits): Promise<readonly QueuedPayload[]>;
  remove(content: QueueContent, seqs: readonly number[]): Promise<void>;
  setAside(content: QueueContent, seq: number, reason: string): Promise<void>;
}

/** Payloads that the last call of `first` returned are not deleted to make room for others. */
export class SpoolQueue implements PayloadQueue {
  readonly content: QueueContent;
  readonly #operations: QueueOperations;

  constructor(content: QueueContent, operations: QueueOperations) {
    this.content = content;
    this.#operations = operations;
  }

  get name(): string {
    return this.content.name;
  }

  append(payload: Payload): Promise<void> {
    return this.#operations.append(this.content, payload);
  }

  first(limits: QueueLimits): Promise<readonly QueuedPayload[]> {
    return this.#operations.first(this.content, limits);
  }

  remove(seqs: readonly number[]): Promise<void> {
    return this.#operations.remove(this.content, seqs);
  }

  setAside(queued: QueuedPayload, reason: string): Promise<void> {
    return this.#operations.setAside(this.content, queued.seq, reason);
  }

  changed(signal: AbortSignal): Promise<void> {
    return this.content.changed(signal);
  }

  size(): QueueSize {
    return this.content.size();
  }

  totals(): QueueTotals {
    return this.content.tally.totals();
  }
}
