// Notices that the clock of this host was set back, which a receiver answers by refusing samples as out of order.
import type { Payload } from '../payload.ts';
import type { DeliveryClock } from './clock.ts';

/** The clocks drift apart by less between two payloads, unless one was set. */
const MAX_DRIFT_MS = 1000;

export class ClockSetBack {
  readonly #clock: Pick<DeliveryClock, 'monoMs' | 'wallMs'>;
  /** Time of the newest sample that was delivered, milliseconds since 1970. */
  #newest = Number.NEGATIVE_INFINITY;
  /** Wall clock minus monotonic clock when that sample was delivered. */
  #offset = 0;

  constructor(clock: Pick<DeliveryClock, 'monoMs' | 'wallMs'>) {
    this.#clock = clock;
  }

  delivered({ newestMs }: Payload): void {
    if (newestMs < this.#newest) return;
    this.#newest = newestMs;
    this.#offset = this.#currentOffset();
  }

  /** Explains why a payload was refused as out of order; empty if the clock was not set back. */
  explain({ newestMs }: Payload): string {
    const back = this.#offset - this.#currentOffset();
    if (newestMs > this.#newest || back <= MAX_DRIFT_MS) return '';
    const seconds = Math.round(back / 1000);
    const until = new Date(this.#newest).toISOString();
    return `the clock was set back by ${seconds} s; the receiver refuses samples until ${until}, which are dropped`;
  }

  #currentOffset(): number {
    const { wallMs, monoMs } = { wallMs: this.#clock.wallMs(), monoMs: this.#clock.monoMs() };
    return wallMs - monoMs;
  }
}
