// Decides from the lag of a channel whether its subscription still works.
import { SilentSubscription } from './channel-problem.ts';

/** How often the newest record of the channel is compared with the last one that was read. */
const WATCH_MS = 5_000;
/** How often a subscription whose query has matched nothing is replaced, to show that nothing matches. */
const REFRESH_MS = 60_000;

export class ChannelWatch {
  /** The query leaves out records, which then count as lag. */
  readonly #isFiltered: boolean;
  #watchAtMs = 0;
  #refreshAtMs = 0;
  /** Records were missing at the last check, and reading them without a signal was tried. */
  #isSilent = false;

  constructor(isFiltered: boolean) {
    this.#isFiltered = isFiltered;
  }

  /** A subscription was opened: the next check is due at once. */
  opened(nowMs: number): void {
    this.#watchAtMs = nowMs;
    this.#refreshAtMs = nowMs + REFRESH_MS;
    this.#isSilent = false;
  }

  /** The subscription has returned events. */
  received(): void {
    this.#isSilent = false;
  }

  isDue(nowMs: number): boolean {
    if (nowMs < this.#watchAtMs) return false;
    this.#watchAtMs = nowMs + WATCH_MS;
    return true;
  }

  /**
   * `isDrained`: the subscription has returned all that it had. The answer `read` is for a signal that may have been
   * missed, and `replace` for a query that may have matched nothing. Throws SilentSubscription.
   */
  check(nowMs: number, lag: number, isDrained: boolean): 'nothing' | 'read' | 'replace' {
    if (lag === 0) this.#isSilent = false;
    if (lag === 0 || !isDrained) return 'nothing';
    if (this.#isFiltered) return this.#isRefreshDue(nowMs) ? 'replace' : 'read';
    if (this.#isSilent) throw new SilentSubscription(lag);
    this.#isSilent = true;
    return 'read';
  }

  #isRefreshDue(nowMs: number): boolean {
    if (nowMs < this.#refreshAtMs) return false;
    this.#refreshAtMs = nowMs + REFRESH_MS;
    return true;
  }
}
