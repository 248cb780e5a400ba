// The established connections of the last look at the TCP tables, and what was found out about each.

import type { RowKnowledge } from './connection-books.ts';
import { type TupleHash, TupleSet } from './tuple-set.ts';

const OUTBOUND = 1;
const INBOUND = 2;
/** Counted because it showed up, and no event had told it. */
const INFERRED = 4;

class Look {
  readonly set = new TupleSet();
  flags = new Uint8Array(256);
  pids = new Uint32Array(256);

  clear(): void {
    this.set.clear();
  }

  add(hash: TupleHash, pid: number, flags: number): void {
    const number = this.set.add(hash);
    if (number >= this.flags.length) {
      const [before, pidsBefore] = [this.flags, this.pids];
      this.flags = new Uint8Array(before.length * 2);
      this.pids = new Uint32Array(before.length * 2);
      this.flags.set(before);
      this.pids.set(pidsBefore);
    }
    this.flags[number] = flags;
    this.pids[number] = pid;
  }

  flagsOf(hash: TupleHash): number {
    const number = this.set.find(hash);
    return number < 0 ? -1 : this.flags[number]!;
  }
}

export class EstablishedRows implements RowKnowledge {
  #last = new Look();
  #next = new Look();
  #inferred = 0;
  #nextInferred = 0;
  /** Looks so far. */
  looks = 0;

  begin(): void {
    this.#next.clear();
    this.#nextInferred = 0;
  }

  /** What the look before knew of a connection, for the functions below; negative when it did not have it. */
  recall(hash: TupleHash): number {
    return this.#last.flagsOf(hash);
  }

  add(hash: TupleHash, pid: number, direction: 'outbound' | 'inbound', inferred: boolean): void {
    if (inferred) this.#nextInferred++;
    this.#next.add(hash, pid, (direction === 'outbound' ? OUTBOUND : INBOUND) | (inferred ? INFERRED : 0));
  }

  /** The look is over: it is the last one now. */
  end(): void {
    const { looks } = this;
    this.looks = looks + 1;
    [this.#last, this.#next] = [this.#next, this.#last];
    this.#inferred = this.#nextInferred;
  }

  isInferred(hash: TupleHash): boolean {
    return this.#inferred > 0 && wasInferred(this.#last.flagsOf(hash));
  }

  directionOf(hash: TupleHash): 'outbound' | 'inbound' | undefined {
    return directionIn(this.#last.flagsOf(hash));
  }

  pidOf(hash: TupleHash): number {
    const number = this.#last.set.find(hash);
    return number < 0 ? 0 : this.#last.pids[number]!;
  }
}

/** Whether a connection that was recalled had been counted because it showed up. */
export function wasInferred(recalled: number): boolean {
  return recalled >= 0 && (recalled & INFERRED) !== 0;
}

/** Direction of a connection that was recalled. */
export function directionIn(recalled: number): 'outbound' | 'inbound' | undefined {
  if (recalled < 0) return undefined;
  return (recalled & OUTBOUND) !== 0 ? 'outbound' : 'inbound';
}
