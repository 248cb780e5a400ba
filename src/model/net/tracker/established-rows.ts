// Keeps the established and closing connections of the last scan of the TCP tables, with direction, process and origin.
import { grow } from '../../../base/grow.ts';
import type { Direction } from './flow-states.ts';
import { type TupleHash, TupleSet } from './tuple-set.ts';

const OUTBOUND = 1;
const INBOUND = 2;
/** Counted because it was in a table and no event had reported it. */
const INFERRED = 4;
/** No event has reported it, and its owner is not known yet. */
const UNDECIDED = 8;

/**
 * How a connection was found: counted from the tables, not decided yet, or reported by an event (or older than the
 * agent).
 */
export type Finding = 'inferred' | 'undecided' | 'reported';

/** What the last scan of the TCP tables knows about a connection. */
export interface PreviousScan {
  /** Whether the connection of this process was counted from the tables. */
  isInferred(hash: TupleHash, pid: number): boolean;
  /** Undefined if the scan had no such connection or no direction for it. */
  directionOf(hash: TupleHash): Direction | undefined;
  /** 0 if unknown. */
  pidOf(hash: TupleHash): number;
  /** Time of the last scan, 0 before the first. */
  readonly scannedAtMs: number;
}

/** The connections of one scan. */
class ScannedRows {
  readonly #tuples = new TupleSet();
  #flags = new Uint8Array(256);
  #pids = new Uint32Array(256);

  clear(): void {
    this.#tuples.clear();
  }

  add(hash: TupleHash, pid: number, flags: number): void {
    const number = this.#tuples.add(hash);
    if (number >= this.#flags.length) {
      this.#flags = grow(this.#flags, new Uint8Array(this.#flags.length * 2));
      this.#pids = grow(this.#pids, new Uint32Array(this.#pids.length * 2));
    }
    this.#flags[number] = flags;
    this.#pids[number] = pid;
  }

  /** -1 if there is no such connection. */
  flagsOf(hash: TupleHash): number {
    const number = this.#tuples.find(hash);
    return number < 0 ? -1 : this.#flags[number]!;
  }

  /**
   * As `flagsOf`, but -1 for a connection of another process. A pid of 0 matches any: a closing connection loses its
   * process.
   */
  flagsOfProcess(hash: TupleHash, pid: number): number {
    const number = this.#tuples.find(hash);
    if (number < 0) return -1;
    const before = this.#pids[number]!;
    return before === pid || pid === 0 || before === 0 ? this.#flags[number]! : -1;
  }

  pidOf(hash: TupleHash): number {
    const number = this.#tuples.find(hash);
    return number < 0 ? 0 : this.#pids[number]!;
  }
}

export class EstablishedRows implements PreviousScan {
  #last = new ScannedRows();
  #current = new ScannedRows();
  #lastInferred = 0;
  #currentInferred = 0;
  /** Scans so far. */
  scans = 0;
  /** Milliseconds since 1970. */
  scannedAtMs = 0;

  /** Begins a scan. */
  begin(): void {
    this.#current.clear();
    this.#currentInferred = 0;
  }

  /**
   * Flags of a connection in the last scan, for the functions below; negative if it had no such connection of this
   * process.
   */
  recall(hash: TupleHash, pid: number): number {
    return this.#last.flagsOfProcess(hash, pid);
  }

  /** Adds an established connection to the current scan; `direction` is undefined while unknown. */
  add(hash: TupleHash, pid: number, direction: Direction | undefined, finding: Finding): void {
    let flags = 0;
    if (direction) flags |= direction === 'outbound' ? OUTBOUND : INBOUND;
    if (finding === 'undecided') flags |= UNDECIDED;
    else if (finding === 'inferred') {
      flags |= INFERRED;
      this.#currentInferred++;
    }
    this.#current.add(hash, pid, flags);
  }

  /**
   * Adds a closing connection to the current scan as the last scan had it; without effect if that one did not have it.
   */
  keep(hash: TupleHash, pid: number): void {
    const recalled = this.recall(hash, pid);
    if (recalled < 0) return;
    if (wasInferred(recalled)) this.#currentInferred++;
    this.#current.add(hash, pid || this.#last.pidOf(hash), recalled);
  }

  /** Ends a scan: the current scan becomes the last one. */
  end(atMs: number): void {
    this.scannedAtMs = atMs;
    this.scans++;
    [this.#last, this.#current] = [this.#current, this.#last];
    this.#lastInferred = this.#currentInferred;
  }

  isInferred(hash: TupleHash, pid: number): boolean {
    return this.#lastInferred > 0 && wasInferred(this.recall(hash, pid));
  }

  directionOf(hash: TupleHash): Direction | undefined {
    return directionIn(this.#last.flagsOf(hash));
  }

  pidOf(hash: TupleHash): number {
    return this.#last.pidOf(hash);
  }
}

export function wasInferred(recalled: number): boolean {
  return recalled >= 0 && (recalled & INFERRED) !== 0;
}

export function isUndecided(recalled: number): boolean {
  return recalled >= 0 && (recalled & UNDECIDED) !== 0;
}

export function directionIn(recalled: number): Direction | undefined {
  if (recalled < 0 || (recalled & (OUTBOUND | INBOUND)) === 0) return undefined;
  return (recalled & OUTBOUND) !== 0 ? 'outbound' : 'inbound';
}
