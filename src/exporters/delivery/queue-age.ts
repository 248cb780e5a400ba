// The age of the oldest sample in a queue, which goes on by the monotonic clock when the wall clock is set.
import type { DeliveryClock } from './clock.ts';

export class QueueAge {
  readonly #clock: Pick<DeliveryClock, 'monoMs' | 'wallMs'>;
  #oldest: { readonly sampleMs: number; readonly sinceMono: number } | undefined;

  constructor(clock: Pick<DeliveryClock, 'monoMs' | 'wallMs'>) {
    this.#clock = clock;
  }

  /** Milliseconds; 0 for an empty queue. Called whenever the queue changes, so that each sample is seen early. */
  update(oldestSampleMs: number | undefined): number {
    if (oldestSampleMs === undefined) {
      this.#oldest = undefined;
      return 0;
    }
    const monoMs = this.#clock.monoMs();
    if (this.#oldest?.sampleMs !== oldestSampleMs) {
      const age = Math.max(0, this.#clock.wallMs() - oldestSampleMs);
      this.#oldest = { sampleMs: oldestSampleMs, sinceMono: monoMs - age };
    }
    return monoMs - this.#oldest.sinceMono;
  }
}
