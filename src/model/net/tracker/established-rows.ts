// The connections of the last look at the TCP tables that are established, or were and end, and what was found out about each.

import type { Direction, PreviousScan } from './connection-accounting.ts';
import { type TupleHash, TupleSet } from './tuple-set.ts';

const OUTBOUND = 1;
const INBOUND = 2;
/** Counted because it showed up, and no event had told it. */
const INFERRED = 4;
/** It showed up, no event had told it, and nobody knows yet whose it is. */
const UNDECIDED = 8;

class Scan {
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

  pidOf(hash: TupleHash): number {
    const number = this.set.find(hash);
    return number < 0 ? 0 : this.pids[number]!;
  }
}

export class EstablishedRows implements PreviousScan {
  #last = new Scan();
  #next = new Scan();
  #inferred = 0;
  #nextInferred = 0;
  /** Looks so far. */
  scans = 0;
  /** Milliseconds since 1970 of the last one. */
  scannedAtMs = 0;

  begin(): void {
    this.#next.clear();
    this.#nextInferred = 0;
  }

  /**
   * What the look before knew of a connection of this process, for the functions below; negative when it did not have it. A connection
   * that ends may be nobody's any more.
   */
  recall(hash: TupleHash, pid: number): number {
    const { set, pids, flags } = this.#last;
    const number = set.find(hash);
    if (number < 0) return -1;
    const before = pids[number]!;
    return before === pid || pid === 0 || before === 0 ? flags[number]! : -1;
  }

  /** `direction` is undefined while nobody knows. */
  add(
    hash: TupleHash,
    pid: number,
    direction: Direction | undefined,
    found: 'inferred' | 'undecided' | 'reported',
  ): void {
    if (found === 'inferred') this.#nextInferred++;
    const towards = direction === undefined ? 0 : direction === 'outbound' ? OUTBOUND : INBOUND;
    this.#next.add(hash, pid, towards | (found === 'inferred' ? INFERRED : found === 'undecided' ? UNDECIDED : 0));
  }

  /** A connection that ends is what it was, as long as the tables have it. */
  keep(hash: TupleHash, pid: number): void {
    const recalled = this.recall(hash, pid);
    if (recalled < 0) return;
    if (wasInferred(recalled)) this.#nextInferred++;
    this.#next.add(hash, pid || this.#last.pidOf(hash), recalled);
  }

  /** The look is over: it is the last one now. */
  end(atMs: number): void {
    this.scannedAtMs = atMs;
    const { scans } = this;
    this.scans = scans + 1;
    [this.#last, this.#next] = [this.#next, this.#last];
    this.#inferred = this.#nextInferred;
  }

  isInferred(hash: TupleHash, pid: number): boolean {
    return this.#inferred > 0 && wasInferred(this.recall(hash, pid));
  }

  directionOf(hash: TupleHash): Direction | undefined {
    return directionIn(this.#last.flagsOf(hash));
  }

  pidOf(hash: TupleHash): number {
    return this.#last.pidOf(hash);
  }
}

/** Whether a connection that was recalled had been counted because it showed up. */
export function wasInferred(recalled: number): boolean {
  return recalled >= 0 && (recalled & INFERRED) !== 0;
}

/** Whether a connection that was recalled had shown up untold, and waits for its owner. */
export function isUndecided(recalled: number): boolean {
  return recalled >= 0 && (recalled & UNDECIDED) !== 0;
}

/** Direction of a connection that was recalled. */
export function directionIn(recalled: number): Direction | undefined {
  if (recalled < 0 || (recalled & (OUTBOUND | INBOUND)) === 0) return undefined;
  return (recalled & OUTBOUND) !== 0 ? 'outbound' : 'inbound';
}
