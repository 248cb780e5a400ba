// The payloads of one queue without their bodies, and what became of the others.
import type { Payload } from '../payload.ts';
import { HEADER_BYTES, type PayloadNumbers } from './payload-file.ts';
import type { QueueSize } from './payload-queue.ts';
import { addOne, type DropReason, plusOne, Tally } from './spool-totals.ts';

/** A payload in the queue, in a file or in memory. */
export interface Entry {
  /** Changes once for a payload that was appended before the folder could be read. */
  seq: number;
  readonly count: number;
  readonly oldestMs: number;
  /** Of the file, with the header. */
  readonly bytes: number;
  /** Defined until it is written to disk. */
  payload: Payload | undefined;
  /** A write failed and may have left a file under the temporary or the final name. */
  mayHaveFile: boolean;
  /** Failed attempts to read the file. */
  readFailures: number;
}

export function newEntry({ seq, count, oldestMs }: PayloadNumbers, bytes: number, payload?: Payload): Entry {
  return { seq, count, oldestMs, bytes, payload, mayHaveFile: false, readFailures: 0 };
}

export const bodyBytes = (entry: Entry): number => entry.bytes - HEADER_BYTES;

export class QueueContent {
  readonly name: string;
  readonly tally = new Tally();
  #entries: Entry[] = [];
  #items = 0;
  #bytes = 0;
  /** What the last call of `first` returned, by the numbers that it returned; never deleted to make room. */
  readonly #lent = new Map<number, Entry>();
  readonly #lentEntries = new Set<Entry>();
  #changed = false;
  readonly #waiting = new Set<() => void>();

  constructor(name: string) {
    this.name = name;
  }

  at(position: number): Entry | undefined {
    return this.#entries[position];
  }

  append(entry: Entry): void {
    this.tally.appended = plusOne(this.tally.appended, entry.count);
    this.#entries.push(entry);
    this.#grow(entry);
    this.#wake();
  }

  /** Puts the payloads that were found on disk before those that were appended since the start. */
  recover(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    for (const entry of entries) this.#grow(entry);
    const items = entries.reduce((sum, { count }) => sum + count, 0);
    this.tally.recovered = { payloads: entries.length, items };
    this.#entries = [...entries, ...this.#entries];
    this.#wake();
  }

  countRemoved(entry: Entry): void {
    this.#extract(entry);
    this.tally.removed = plusOne(this.tally.removed, entry.count);
  }

  countSetAside(entry: Entry, reason: string): void {
    this.#extract(entry);
    addOne(this.tally.setAside, reason, entry.count);
  }

  countDropped(entry: Entry, reason: DropReason): void {
    this.#extract(entry);
    addOne(this.tally.dropped, reason, entry.count);
  }

  /** Counts a payload that never enters the queue. */
  countRefused(count: number, reason: DropReason): void {
    this.tally.appended = plusOne(this.tally.appended, count);
    addOne(this.tally.dropped, reason, count);
  }

  /** Begins a call of `first`: nothing is being sent any more, and changes count from here. */
  beginFirst(): void {
    this.#lent.clear();
    this.#lentEntries.clear();
    this.#changed = false;
  }

  lend(entry: Entry): void {
    this.#lent.set(entry.seq, entry);
    this.#lentEntries.add(entry);
  }

  isLent(entry: Entry): boolean {
    return this.#lentEntries.has(entry);
  }

  /** By the number that `first` returned; undefined when it is in the queue no more. */
  find(seq: number): Entry | undefined {
    return this.#lent.get(seq) ?? this.#entries.find((entry) => entry.seq === seq);
  }

  /** The oldest payload in a file that may be deleted to make room, except some. */
  oldestOnDisk(except: ReadonlySet<Entry>): Entry | undefined {
    return this.#entries.find((entry) => !entry.payload && !this.#lentEntries.has(entry) && !except.has(entry));
  }

  async changed(signal: AbortSignal): Promise<void> {
    if (this.#changed || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    signal.addEventListener('abort', wake);
    this.#waiting.add(wake);
    try {
      await promise;
    } finally {
      this.#waiting.delete(wake);
      signal.removeEventListener('abort', wake);
    }
  }

  size(): QueueSize {
    const oldestMs = this.#entries.reduce(
      (oldest, entry) => Math.min(oldest, entry.oldestMs),
      Number.POSITIVE_INFINITY,
    );
    return {
      payloads: this.#entries.length,
      items: this.#items,
      bytes: this.#bytes,
      oldestMs: this.#entries.length === 0 ? undefined : oldestMs,
    };
  }

  #grow(entry: Entry): void {
    this.#items += entry.count;
    this.#bytes += entry.bytes;
  }

  #extract(entry: Entry): void {
    // Mostly the first one.
    const position = this.#entries.indexOf(entry);
    if (position < 0) throw new Error(`payload ${entry.seq} is not in the queue ${this.name}`);
    this.#entries.splice(position, 1);
    this.#items -= entry.count;
    this.#bytes -= entry.bytes;
    this.#lentEntries.delete(entry);
    for (const [seq, lent] of this.#lent) if (lent === entry) this.#lent.delete(seq);
  }

  #wake(): void {
    this.#changed = true;
    for (const wake of this.#waiting) wake();
  }
}
