// Takes payloads out of the queue once nothing of them is left to send, and counts them.
import type { PayloadQueue } from '../spool/payload-queue.ts';
import type { Finished } from './send-plan.ts';
import type { DeliveryCounts } from './totals.ts';

export class Settlement {
  readonly #queue: PayloadQueue;
  readonly #counts: DeliveryCounts;
  #pending: readonly Finished[] = [];

  constructor(queue: PayloadQueue, counts: DeliveryCounts) {
    this.#queue = queue;
    this.#counts = counts;
  }

  add(finished: readonly Finished[]): void {
    this.#pending = [...this.#pending, ...finished];
  }

  /** Rejects when the queue does; what it did not remove stays pending, and is neither sent nor counted twice. */
  async settle(): Promise<void> {
    for (const each of this.#pending.filter(({ setAside }) => setAside !== undefined)) {
      await this.#queue.setAside(each.queued, each.setAside!);
      this.#counts.settle(each);
      this.#pending = this.#pending.filter((other) => other !== each);
    }
    const removed = this.#pending;
    if (removed.length === 0) return;
    await this.#queue.remove(removed.map(({ queued }) => queued.seq));
    this.#pending = [];
    for (const each of removed) this.#counts.settle(each);
  }
}
