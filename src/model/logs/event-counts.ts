// Events by channel, provider, id and level, for containers and the node together.
import type { EventRecord } from '../../sources/host.ts';

/** Provider and id of events beyond the limit. */
const OTHER = '~other';
/** Combinations that are counted separately. */
const MAX_COMBINATIONS = 1000;
/** Combinations of channel and level beyond that; forwarded events may be of any channel. */
const MAX_OTHERS = 100;

/** A separate object for each combination, so that its label set can be stored with it. */
export interface EventCount {
  readonly channel: string;
  readonly provider: string;
  readonly eventId: string;
  readonly level: EventRecord['level'];
  readonly count: number;
}

type MutableCount = { -readonly [K in keyof EventCount]: EventCount[K] };

export class EventCounts {
  readonly #counts = new Map<string, MutableCount>();
  readonly #others = new Map<string, MutableCount>();

  add({ channel, provider, eventId, level }: EventRecord): void {
    const id = String(eventId);
    // Windows does not distinguish letter case in these names, and has some providers in several spellings.
    const key = `${channel}\0${provider}\0${id}\0${level}`.toLowerCase();
    const known = this.#counts.get(key);
    if (known) known.count++;
    else if (this.#counts.size < MAX_COMBINATIONS)
      this.#counts.set(key, { channel, provider, eventId: id, level, count: 1 });
    else this.#addOther(channel, level);
  }

  /** In the order in which they were first counted; the numbers only grow. */
  *all(): Iterable<EventCount> {
    yield* this.#counts.values();
    yield* this.#others.values();
  }

  #addOther(channel: string, level: EventRecord['level']): void {
    const key = `${channel.toLowerCase()}\0${level}`;
    const isKnown = this.#others.has(key) || this.#others.size < MAX_OTHERS;
    const [name, ownKey] = isKnown ? [channel, key] : [OTHER, `\0${level}`];
    const known = this.#others.get(ownKey);
    if (known) known.count++;
    else this.#others.set(ownKey, { channel: name, provider: OTHER, eventId: OTHER, level, count: 1 });
  }
}
