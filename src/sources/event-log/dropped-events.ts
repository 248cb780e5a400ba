// Counts events of a channel that are not reported, among them those that EvtNext cannot return.

/** Reasons. */
export const UNREADABLE = 'refused by the Event Log service';
const OVERSIZED = 'larger than EvtNext returns';

export class DroppedEvents {
  readonly #counts = new Map<string, number>();
  /** Calls in a row that failed for a single event, and the newest record at the last of them. */
  #oversized = 0;
  #newest: bigint | undefined;

  /** Counts by reason. */
  toObject(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  add(reason: string, events = 1): void {
    if (events > 0) this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + events);
  }

  /** Events that are left out, and not counted before it is known how many they were. */
  get oversized(): number {
    return this.#oversized;
  }

  /** A single event was too large; returns how many calls in a row have failed so. */
  addOversized(newest: bigint | undefined): number {
    this.#newest = newest;
    return ++this.#oversized;
  }

  /** The oversized events were so many. Returns the newest record at the last of them. */
  settleOversized(events: number): bigint | undefined {
    const newest = this.#newest;
    this.add(OVERSIZED, events);
    this.forgetOversized();
    return newest;
  }

  /** They will be met again. */
  forgetOversized(): void {
    this.#oversized = 0;
    this.#newest = undefined;
  }
}
