// The requests that a destination sends next, in order: merged payloads, and the parts of one that was refused.
import type { Payload, PayloadFormat, RejectionReason } from '../payload.ts';
import type { QueuedPayload } from '../spool/payload-queue.ts';
import type { Settled } from './totals.ts';

export const MAX_MERGED_PAYLOADS = 64;
/** Bytes of a request before compression. */
export const MAX_MERGED_BYTES = 8 * 1024 * 1024;
const MIN_MERGED_BYTES = 64 * 1024;
/** Divisions from 64 payloads down to one item take fewer requests; a receiver that still refuses accepts nothing. */
const MAX_TOO_LARGE = 32;

/** A payload of which nothing is left to send. */
export interface Finished extends Settled {
  readonly queued: QueuedPayload;
  /** Why it is kept for a person to look at; undefined if it is removed. */
  readonly setAside: RejectionReason | undefined;
}

/** A payload whose parts are sent one by one. */
interface Split {
  readonly queued: QueuedPayload;
  readonly parts: Part[];
  delivered: number;
  readonly dropped: Partial<Record<RejectionReason, number>>;
  setAside: RejectionReason | undefined;
}

interface Part {
  readonly payload: Payload;
  /** Whether it is the result of splitting a rejected payload, which is done once. */
  readonly isolated: boolean;
}

export class SendPlan {
  readonly #format: PayloadFormat;
  #split: Split | undefined;
  #sets: (readonly QueuedPayload[])[] = [];
  /** Less than the maximum once a receiver has refused a merged request as too large. */
  #mergedBytes = MAX_MERGED_BYTES;
  /** Requests that were too large since the last accepted one. */
  #tooLarge = 0;

  constructor(format: PayloadFormat) {
    this.#format = format;
  }

  isEmpty(): boolean {
    return this.#split === undefined && this.#sets.length === 0;
  }

  /** The payloads of the next request. */
  head(): readonly Payload[] {
    return this.#split ? [this.#split.parts[0]!.payload] : this.#sets[0]!.map(({ payload }) => payload);
  }

  /** Replaces the plan by the first payloads of the queue; parts of the first one that were not sent yet stay. */
  fill(taken: readonly QueuedPayload[]): void {
    if (this.#split?.queued.seq !== taken[0]?.seq) this.#split = undefined;
    this.#sets = this.#merge(this.#split ? taken.slice(1) : taken);
  }

  /** The head was accepted, except for some of its items. */
  accepted(rejectedItems: number): Finished[] {
    this.#tooLarge = 0;
    if (this.#split) {
      const { payload } = this.#split.parts.shift()!;
      const rejected = Math.min(rejectedItems, payload.count);
      this.#split.delivered += payload.count - rejected;
      if (rejected > 0) add(this.#split.dropped, 'invalid', rejected);
      return this.#finishedSplit();
    }
    let left = rejectedItems;
    return this.#sets.shift()!.map((queued) => {
      const rejected = Math.min(left, queued.payload.count);
      left -= rejected;
      const dropped = rejected > 0 ? { invalid: rejected } : {};
      return { queued, delivered: queued.payload.count - rejected, dropped, setAside: undefined };
    });
  }

  /** Whether the receiver calls requests of every size too large, so that dividing them further would lose them. */
  get isEverySizeRefused(): boolean {
    return this.#tooLarge >= MAX_TOO_LARGE;
  }

  /** The head is too large: halves of a merged request, parts of a payload; one that has no parts is dropped. */
  async tooLarge(): Promise<Finished[]> {
    this.#tooLarge++;
    const set = this.#sets[0];
    if (!this.#split && set!.length > 1) {
      const half = Math.ceil(set!.length / 2);
      this.#sets.splice(0, 1, set!.slice(0, half), set!.slice(half));
      this.#mergedBytes = Math.max(MIN_MERGED_BYTES, Math.floor(this.#plainBytes(set!) / 2));
      return [];
    }
    return await this.#divide('too_large', this.#split?.parts[0]?.isolated ?? false);
  }

  /** The head was rejected: single payloads of a merged request, then parts of a payload once; others are dropped. */
  async rejected(reason: RejectionReason): Promise<Finished[]> {
    const set = this.#sets[0];
    if (!this.#split && set!.length > 1) {
      this.#sets.splice(0, 1, ...set!.map((queued) => [queued]));
      return [];
    }
    if (this.#split?.parts[0]?.isolated) return this.#drop(reason);
    return await this.#divide(reason, true);
  }

  async #divide(reason: RejectionReason, isolated: boolean): Promise<Finished[]> {
    const whole = this.head()[0]!;
    const parts = await this.#partsOf(whole);
    if (parts.length < 2) return this.#drop(reason);
    const entries = parts.map((payload) => ({ payload, isolated }));
    if (this.#split) this.#split.parts.splice(0, 1, ...entries);
    else {
      const [queued] = this.#sets.shift()!;
      this.#split = { queued: queued!, parts: entries, delivered: 0, dropped: {}, setAside: undefined };
    }
    return [];
  }

  async #partsOf(payload: Payload): Promise<readonly Payload[]> {
    const parts = await this.#format.split(payload);
    // A part that is as large as the whole would be split without end.
    return parts.some(({ count }) => count >= payload.count) ? [] : parts;
  }

  #drop(reason: RejectionReason): Finished[] {
    const setAside = reason === 'invalid' || reason === 'too_large' ? reason : undefined;
    if (this.#split) {
      add(this.#split.dropped, reason, this.#split.parts.shift()!.payload.count);
      this.#split.setAside ??= setAside;
      return this.#finishedSplit();
    }
    const [queued] = this.#sets.shift()!;
    return [{ queued: queued!, delivered: 0, dropped: { [reason]: queued!.payload.count }, setAside }];
  }

  #finishedSplit(): Finished[] {
    const { queued, parts, delivered, dropped, setAside } = this.#split!;
    if (parts.length > 0) return [];
    this.#split = undefined;
    return [{ queued, delivered, dropped, setAside }];
  }

  /** Consecutive payloads of one kind and encoding, within the limits of a request. */
  #merge(taken: readonly QueuedPayload[]): QueuedPayload[][] {
    const sets: QueuedPayload[][] = [];
    let bytes = 0;
    for (const queued of taken) {
      const set = sets.at(-1);
      const plain = this.#format.plainBytes(queued.payload);
      const fits = set && set.length < MAX_MERGED_PAYLOADS && bytes + plain <= this.#mergedBytes;
      if (fits && isAlike(set[0]!.payload, queued.payload)) {
        set.push(queued);
        bytes += plain;
      } else {
        sets.push([queued]);
        bytes = plain;
      }
    }
    return sets;
  }

  #plainBytes(set: readonly QueuedPayload[]): number {
    return set.reduce((bytes, { payload }) => bytes + this.#format.plainBytes(payload), 0);
  }
}

function isAlike(one: Payload, other: Payload): boolean {
  return one.kind === other.kind && one.encoding === other.encoding;
}

function add(counts: Partial<Record<RejectionReason, number>>, reason: RejectionReason, items: number): void {
  counts[reason] = (counts[reason] ?? 0) + items;
}
