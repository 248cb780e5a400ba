// Divides the ring among the providers: each has a guaranteed part, and all compete for the remainder.
import { GO_TO_START, NARROW, SLOT } from './ring.ts';

/**
 * Accounts the bytes of each provider in the ring and decides whether an event is admitted: it is when the room left
 * afterwards still covers what the other providers have not used of their guaranteed parts.
 *
 * Only the writer uses this object. It learns what the reader released by walking the slots between the last walk and
 * the reader's position; they are intact, because only the writer overwrites them. So the reader does no work for the
 * quotas, and the writer walks only while the ring is so full that the guaranteed parts matter.
 */
export class RingQuota {
  readonly #view: DataView<SharedArrayBuffer>;
  readonly #capacity: number;
  readonly #guaranteed: readonly number[];
  readonly #guaranteedTotal: number;
  readonly #used: number[];
  /** Slots before this position are not in `#used`. */
  #accounted: number;

  /** `shares` are the guaranteed parts of the ring by provider index; `position` is where the empty ring starts. */
  constructor(bytes: Uint8Array<SharedArrayBuffer>, shares: readonly number[], position: number) {
    this.#view = new DataView(bytes.buffer);
    this.#capacity = bytes.length;
    this.#guaranteed = shares.map((share) => Math.floor(share * bytes.length));
    this.#guaranteedTotal = this.#guaranteed.reduce((sum, part) => sum + part, 0);
    this.#used = shares.map(() => 0);
    this.#accounted = position;
  }

  /** The reader has emptied the ring up to this position. */
  clear(position: number): void {
    this.#accounted = position;
    for (let index = 0; index < this.#used.length; index++) this.#used[index] = 0;
  }

  /** Whether `bytes` more may be written for the provider. `head`, `tail` and `base` are the positions of the ring. */
  admits(provider: number, bytes: number, head: number, tail: number, base: number): boolean {
    if (this.#capacity - ((head - this.#accounted) >>> 0) - bytes >= this.#guaranteedTotal) return true;
    this.#release(tail, base);
    let room = this.#capacity - ((head - tail) >>> 0) - bytes;
    for (let other = 0; other < this.#used.length; other++) {
      const unused = this.#guaranteed[other]! - this.#used[other]!;
      if (other !== provider && unused > 0) room -= unused;
    }
    return room >= 0;
  }

  /** Counts bytes that were written for the provider. */
  charge(provider: number, bytes: number): void {
    this.#used[provider]! += bytes;
  }

  /**
   * Subtracts the slots that the reader has passed; what was skipped at the end of the ring belongs to the slot after
   * it.
   */
  #release(tail: number, base: number): void {
    let position = this.#accounted;
    let skipped = 0;
    while (position !== tail) {
      const at = (position - base) & (this.#capacity - 1);
      const length = this.#view.getUint32(at, true);
      if (length === GO_TO_START) {
        skipped = this.#capacity - at;
        position = (position + skipped) | 0;
        continue;
      }
      this.#used[this.#view.getUint8(at + SLOT.provider) & ~NARROW]! -= length + skipped;
      skipped = 0;
      position = (position + length) | 0;
    }
    this.#accounted = tail;
  }
}
