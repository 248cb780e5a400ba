// Usage of a container's processes: counters that never decrease when processes start and exit.

import { isWrap, wrapGrowth } from '../../base/growing-counter.ts';
import type { ProcessEventRecord, ProcessTable } from '../../sources/host.ts';
import { sameBirth } from '../processes/birth.ts';
import { type ListTimes, ranBetweenLists } from '../processes/list-times.ts';
import type { ProcessIndex } from '../processes/process-index.ts';
import { columnsOf, copyIo, type IoColumns, raiseIo } from './io-counts.ts';

/** Requests that reached a disk; where Windows does not report those, all requests of files, network and pipes. */
type IoSource = 'disk' | 'all requests';

/** Lists that may lack a process that is listed again later. */
const MAX_UNLISTED = 20;

/** Counts of one process in the last list: the highest ones so far. */
interface Baseline {
  readonly createdAtMs: number;
  /** Number of the last list that had it. */
  listNumber: number;
  /** Its stop event was counted, so its usage is complete. */
  exited: boolean;
  cpuMs: number;
  /** 0 if the process list lacks them. */
  cycles: number;
  ioSource: IoSource;
  reads: number;
  writes: number;
  readBytes: number;
  writtenBytes: number;
  pageFaults: number;
  hardFaults: number;
}

/** Adds up the growth of each (pid, creation time); totals never decrease. */
export class Usage {
  rssBytes = 0;
  /** Which working set is summed: the whole one counts shared pages once for each process. */
  rssSource: 'private working set' | 'working set' = 'private working set';
  /** Threads and open handles of all processes in the last list. */
  threads = 0;
  handles = 0;
  /** Which requests are counted. */
  ioSource: IoSource = 'all requests';
  reads = 0;
  writes = 0;
  readBytes = 0;
  writtenBytes = 0;
  /** Page faults that waited for a disk, and all others; undefined if the process list lacks them. */
  faults: { hard: number; soft: number } | undefined;
  /** In milliseconds as Windows reports them, so that sums stay exact. */
  #cpuMs = 0;
  #listNumber = 0;
  #baselines = new Map<number, Baseline>();
  /**
   * Baselines of processes that the last lists no longer had: their stop events may be late, or a list lacked them for
   * once.
   */
  #gone = new Map<number, Baseline>();

  get cpuSeconds(): number {
    return this.#cpuMs / 1000;
  }

  /** Applies the rows of the container's tree. `previous` is the list before this one, undefined for the first. */
  update(table: ProcessTable, rows: readonly number[], previous: ProcessIndex | undefined): void {
    this.#listNumber++;
    this.#removeGone();
    this.ioSource = table.diskReads ? 'disk' : 'all requests';
    const io = columnsOf(table);
    if (table.pageFaults) this.faults ??= { hard: 0, soft: 0 };
    let privateBytes = 0;
    let workingSetBytes = 0;
    this.threads = 0;
    this.handles = 0;
    for (const row of rows) {
      const base = this.#baseline(table, row, previous);
      // A list may be read before the exit and arrive after the stop event.
      if (!base.exited) this.#grow(base, table, io, row);
      privateBytes += table.privateWorkingSetBytes[row]!;
      workingSetBytes += table.workingSetBytes[row]!;
      this.threads += table.threads[row]!;
      this.handles += table.handles[row]!;
    }
    if (this.#baselines.size > rows.length) this.#moveUnlisted();
    this.rssSource = privateBytes > 0 ? 'private working set' : 'working set';
    this.rssBytes = privateBytes > 0 ? privateBytes : workingSetBytes;
  }

  /**
   * Adds what an exited process used since the last list. Without a baseline all of it counts if the process ran
   * between two lists; if a list was read while it ran, it did not belong to this container.
   */
  addExited(stop: ProcessEventRecord, lists: ListTimes): void {
    let base = baseOf(this.#baselines, stop) ?? this.#goneInLastList(stop);
    if (!base) {
      if (!ranBetweenLists(stop, lists)) return;
      base = newBaseline(stop.createdAtMs, 'all requests');
      // The pid may have been reused.
      (this.#baselines.has(stop.pid) ? this.#gone : this.#baselines).set(stop.pid, base);
    }
    if (base.exited) return;
    base.exited = true;
    this.#cpuMs += cpuGrowth(base, stop);
    // The stop event counts requests of every kind, so they are not added to counts of disk requests: docs/adr/0014.
    if (this.#listNumber > 0 && this.ioSource === 'all requests' && base.ioSource === 'all requests') {
      this.reads += growth(base.reads, stop.reads);
      this.writes += growth(base.writes, stop.writes);
      this.readBytes += growth(base.readBytes, stop.readBytes);
      this.writtenBytes += growth(base.writtenBytes, stop.writtenBytes);
    }
    if (this.faults) this.faults.hard += growth32(base.hardFaults, stop.hardFaults ?? 0);
  }

  /** The container has no process any more; totals stay. */
  clear(): void {
    this.#gone = this.#baselines;
    this.#baselines = new Map();
    this.rssBytes = 0;
    this.threads = 0;
    this.handles = 0;
  }

  #grow(base: Baseline, table: ProcessTable, io: IoColumns, row: number): void {
    const cpuMs = table.userMs[row]! + table.kernelMs[row]!;
    this.#cpuMs += growth(base.cpuMs, cpuMs);
    base.cpuMs = Math.max(base.cpuMs, cpuMs);
    base.cycles = Math.max(base.cycles, table.cycles?.[row] ?? 0);
    // Growth is only known between counts of the same kind.
    if (base.ioSource === this.ioSource) {
      this.reads += growth(base.reads, io.reads[row]);
      this.writes += growth(base.writes, io.writes[row]);
      this.readBytes += growth(base.readBytes, io.readBytes[row]);
      this.writtenBytes += growth(base.writtenBytes, io.writtenBytes[row]);
      raiseIo(base, io, row);
    } else copyIo(base, io, row);
    base.ioSource = this.ioSource;
    if (this.faults)
      addFaults(
        this.faults,
        base,
        table.pageFaults?.[row] ?? base.pageFaults,
        table.hardFaults?.[row] ?? base.hardFaults,
      );
  }

  /**
   * Counts of the process in the last list: zeros if it started since, its current counts if it is only new in this
   * container.
   */
  #baseline(table: ProcessTable, row: number, previous: ProcessIndex | undefined): Baseline {
    const pid = table.pid[row]!;
    const createdAtMs = table.createdAtMs[row]!;
    let base = this.#baselines.get(pid);
    if (!base || !sameBirth(base.createdAtMs, createdAtMs)) {
      const returned = baseOf(this.#gone, { pid, createdAtMs });
      if (base) this.#gone.set(pid, base);
      base =
        returned && previous && !previous.has(pid, createdAtMs) ? returned : newBaseline(createdAtMs, this.ioSource);
      this.#baselines.set(pid, base);
      // Decided by the list, because the clock may have been set.
      if (!previous || previous.has(pid, createdAtMs)) {
        base.cpuMs = table.userMs[row]! + table.kernelMs[row]!;
        copyIo(base, columnsOf(table), row);
        base.pageFaults = table.pageFaults?.[row] ?? 0;
        base.hardFaults = table.hardFaults?.[row] ?? 0;
      }
    }
    base.listNumber = this.#listNumber;
    return base;
  }

  #goneInLastList(stop: ProcessEventRecord): Baseline | undefined {
    const base = baseOf(this.#gone, stop);
    return base && (base.exited || this.#listNumber - base.listNumber <= 1) ? base : undefined;
  }

  /** Stop events are at most one list late. Without one, the process may be listed again. */
  #removeGone(): void {
    for (const [pid, { listNumber, exited }] of this.#gone) {
      const lists = this.#listNumber - listNumber;
      if (lists > (exited ? 1 : MAX_UNLISTED)) this.#gone.delete(pid);
    }
  }

  #moveUnlisted(): void {
    for (const [pid, base] of this.#baselines) {
      if (base.listNumber === this.#listNumber) continue;
      this.#baselines.delete(pid);
      this.#gone.set(pid, base);
    }
  }
}

function addFaults(sum: { hard: number; soft: number }, base: Baseline, pageFaults: number, hardFaults: number): void {
  const all = growth32(base.pageFaults, pageFaults);
  const hard = growth32(base.hardFaults, hardFaults);
  // Every hard fault is a page fault: this list lacks the page faults, and the next one has both.
  if (hard > all) return;
  sum.hard += hard;
  sum.soft += all - hard;
  if (all > 0) base.pageFaults = pageFaults;
  if (hard > 0) base.hardFaults = hardFaults;
}

/** Fault counts have 32 bits and wrap; no other lower value counts, and neither does 0, which is a missing count. */
function growth32(before: number, now: number): number {
  return now > 0 && isWrap(before, now) ? wrapGrowth(before, now) : growth(before, now);
}

function baseOf(
  bases: ReadonlyMap<number, Baseline>,
  { pid, createdAtMs }: Pick<ProcessEventRecord, 'pid' | 'createdAtMs'>,
): Baseline | undefined {
  const base = bases.get(pid);
  return base && sameBirth(base.createdAtMs, createdAtMs) ? base : undefined;
}

/**
 * Processor time since the last list. A stop event has cycles, a list has time in clock ticks. Over a long time the two
 * drift apart, so cycles are subtracted from cycles.
 */
function cpuGrowth(base: Baseline, { cpuMs = 0, cycles = 0 }: ProcessEventRecord): number {
  if (base.cycles > 0 && cycles > 0) return cpuMs * Math.max(0, 1 - base.cycles / cycles);
  return growth(base.cpuMs, cpuMs);
}

/**
 * The counts of a process never decrease. A lower value adds nothing: a list may lack them for once, and a stop event
 * has 32-bit counts and whole KiB.
 */
function growth(before: number, now = before): number {
  return Math.max(0, now - before);
}

function newBaseline(createdAtMs: number, ioSource: IoSource): Baseline {
  const counts = {
    cpuMs: 0,
    cycles: 0,
    reads: 0,
    writes: 0,
    readBytes: 0,
    writtenBytes: 0,
    pageFaults: 0,
    hardFaults: 0,
  };
  return { createdAtMs, listNumber: 0, exited: false, ioSource, ...counts };
}
