// What the processes of a container have used: counters that only grow, whatever processes come and go.
import type { ProcessEventRecord, ProcessTable } from '../../sources/host.ts';
import { sameBirth } from '../processes/birth.ts';
import type { ListTimes } from '../processes/list-times.ts';
import type { ProcessIndex } from '../processes/process-index.ts';

/** Requests that reached a disk, or, where the system tells no such, all of files, network and pipes. */
type IoSource = 'disk' | 'all requests';

/** Counts of one process at the last look. */
interface Baseline {
  readonly createdAtMs: number;
  /** The look that showed it last. */
  look: number;
  /** Its end was told, and all that it used is counted. */
  ended: boolean;
  cpuMs: number;
  /** 0 where the list of processes lacks them. */
  cycles: number;
  ioSource: IoSource;
  reads: number;
  writes: number;
  readBytes: number;
  writtenBytes: number;
  pageFaults: number;
  hardFaults: number;
}

/** Adds up the growth of each (pid, creation time); a total never goes back. */
export class Usage {
  rssBytes = 0;
  /** Whether the system told private working sets; the whole working set counts shared pages for every process. */
  rssSource: 'private working set' | 'working set' = 'private working set';
  /** Threads and open handles of all processes at the last look. */
  threads = 0;
  handles = 0;
  /** Which requests are counted. */
  ioSource: IoSource = 'all requests';
  reads = 0;
  writes = 0;
  readBytes = 0;
  writtenBytes = 0;
  /** Page faults that waited for a disk, and all others; undefined where the list of processes lacks them. */
  faults: { hard: number; soft: number } | undefined;
  /** In the system's own steps, so that sums stay exact. */
  #cpuMs = 0;
  #look = 0;
  #baselines = new Map<number, Baseline>();
  /** Those that the last look showed no more: their ends may be told late. */
  #gone = new Map<number, Baseline>();

  get cpuSeconds(): number {
    return this.#cpuMs / 1000;
  }

  /** Takes in the rows of the container's tree. `previous` is the list before this one, undefined for the first. */
  update(table: ProcessTable, rows: readonly number[], previous: ProcessIndex | undefined): void {
    this.#look++;
    this.#gone = new Map();
    this.ioSource = table.diskReads ? 'disk' : 'all requests';
    const io = columnsOf(table);
    if (table.pageFaults) this.faults ??= { hard: 0, soft: 0 };
    let privateBytes = 0;
    let workingSetBytes = 0;
    this.threads = 0;
    this.handles = 0;
    for (const row of rows) {
      const base = this.#baseline(table, row, previous);
      // A list that was read before the end and comes after it tells nothing new.
      if (!base.ended) this.#grow(base, table, io, row);
      privateBytes += table.privateWorkingSetBytes[row]!;
      workingSetBytes += table.workingSetBytes[row]!;
      this.threads += table.threads[row]!;
      this.handles += table.handles[row]!;
    }
    if (this.#baselines.size > rows.length) this.#forgetUnseen();
    this.rssSource = privateBytes > 0 ? 'private working set' : 'working set';
    this.rssBytes = privateBytes > 0 ? privateBytes : workingSetBytes;
  }

  /**
   * Adds what an ended process has used and no list has shown. Of one that is unknown here everything counts, if it lived between
   * two lists; if a list was read while it lived, it was not in this container then.
   */
  addExited(stop: ProcessEventRecord, lists: ListTimes): void {
    let base = baseOf(this.#baselines, stop) ?? baseOf(this.#gone, stop);
    if (!base) {
      if (!livedUnseen(stop, lists)) return;
      base = newBaseline(stop.createdAtMs, 'all requests');
      // Its pid may be somebody else's by now.
      (this.#baselines.has(stop.pid) ? this.#gone : this.#baselines).set(stop.pid, base);
    }
    if (base.ended) return;
    base.ended = true;
    this.#cpuMs += cpuGrowth(base, stop);
    // Windows tells of an ended process all of its requests, or so their names say (ReadTransferKiloBytes, as ReadTransferCount of
    // IO_COUNTERS); nothing tells how many of them reached a disk, so that they cannot go into a count of those.
    if (this.#look > 0 && this.ioSource === 'all requests' && base.ioSource === 'all requests') {
      this.reads += growth(base.reads, stop.reads);
      this.writes += growth(base.writes, stop.writes);
      this.readBytes += growth(base.readBytes, stop.readBytes);
      this.writtenBytes += growth(base.writtenBytes, stop.writtenBytes);
    }
    if (this.faults) this.faults.hard += growth(base.hardFaults, stop.hardFaults);
  }

  /** Nothing runs any more; totals stay. */
  clear(): void {
    this.#gone = this.#baselines;
    this.#baselines = new Map();
    this.rssBytes = 0;
    this.threads = 0;
    this.handles = 0;
  }

  #grow(base: Baseline, table: ProcessTable, io: IoColumns, row: number): void {
    const cpuMs = table.userMs[row]! + table.kernelMs[row]!;
    this.#cpuMs += Math.max(0, cpuMs - base.cpuMs);
    base.cpuMs = cpuMs;
    base.cycles = table.cycles?.[row] ?? 0;
    // Counts of another kind say nothing of the growth since the last look.
    if (base.ioSource === this.ioSource) {
      this.reads += growth(base.reads, io.reads[row]);
      this.writes += growth(base.writes, io.writes[row]);
      this.readBytes += growth(base.readBytes, io.readBytes[row]);
      this.writtenBytes += growth(base.writtenBytes, io.writtenBytes[row]);
    }
    base.ioSource = this.ioSource;
    takeIo(base, io, row);
    if (this.faults)
      addFaults(
        this.faults,
        base,
        table.pageFaults?.[row] ?? base.pageFaults,
        table.hardFaults?.[row] ?? base.hardFaults,
      );
  }

  /** Counts of the process at the last look: zeros for one that began since, its counts of now for one that is new to us only. */
  #baseline(table: ProcessTable, row: number, previous: ProcessIndex | undefined): Baseline {
    const pid = table.pid[row]!;
    const createdAtMs = table.createdAtMs[row]!;
    let base = this.#baselines.get(pid);
    if (!base || !sameBirth(base.createdAtMs, createdAtMs)) {
      if (base) this.#gone.set(pid, base);
      base = newBaseline(createdAtMs, this.ioSource);
      this.#baselines.set(pid, base);
      // Not by the clock, which may have been set.
      if (!previous || previous.has(pid, createdAtMs)) {
        base.cpuMs = table.userMs[row]! + table.kernelMs[row]!;
        takeIo(base, columnsOf(table), row);
        base.pageFaults = table.pageFaults?.[row] ?? 0;
        base.hardFaults = table.hardFaults?.[row] ?? 0;
      }
    }
    base.look = this.#look;
    return base;
  }

  #forgetUnseen(): void {
    for (const [pid, base] of this.#baselines) {
      if (base.look === this.#look) continue;
      this.#baselines.delete(pid);
      this.#gone.set(pid, base);
    }
  }
}

interface IoColumns {
  readonly reads: Float64Array;
  readonly writes: Float64Array;
  readonly readBytes: Float64Array;
  readonly writtenBytes: Float64Array;
}

/** Requests that reached a disk, else all requests. */
function columnsOf(table: ProcessTable): IoColumns {
  const { diskReads, diskWrites, diskReadBytes, diskWrittenBytes } = table;
  if (!diskReads || !diskWrites || !diskReadBytes || !diskWrittenBytes) return table;
  return { reads: diskReads, writes: diskWrites, readBytes: diskReadBytes, writtenBytes: diskWrittenBytes };
}

function takeIo(base: Baseline, io: IoColumns, row: number): void {
  base.reads = io.reads[row]!;
  base.writes = io.writes[row]!;
  base.readBytes = io.readBytes[row]!;
  base.writtenBytes = io.writtenBytes[row]!;
}

/** The system's counts have 32 bits: one that is lower than before has wrapped. */
function addFaults(sum: { hard: number; soft: number }, base: Baseline, pageFaults: number, hardFaults: number): void {
  const all = (pageFaults - base.pageFaults) >>> 0;
  const hard = (hardFaults - base.hardFaults) >>> 0;
  sum.hard += hard;
  sum.soft += Math.max(0, all - hard);
  base.pageFaults = pageFaults;
  base.hardFaults = hardFaults;
}

function baseOf(bases: ReadonlyMap<number, Baseline>, { pid, createdAtMs }: ProcessEventRecord): Baseline | undefined {
  const base = bases.get(pid);
  return base && sameBirth(base.createdAtMs, createdAtMs) ? base : undefined;
}

/** Whether the process began after the last list, or after the one before and ended before the last: its end may be told that late. */
function livedUnseen({ createdAtMs, atMs }: ProcessEventRecord, { lastMs, beforeMs }: ListTimes): boolean {
  if (lastMs !== 0 && createdAtMs > lastMs) return true;
  return beforeMs !== 0 && createdAtMs > beforeMs && atMs < lastMs;
}

/**
 * Processor time since the last look. The end tells cycles, lists tell time that was counted tick by tick: over a long life the two
 * drift apart, so that only cycles are taken from cycles.
 */
function cpuGrowth(base: Baseline, { cpuMs = 0, cycles = 0 }: ProcessEventRecord): number {
  if (base.cycles > 0 && cycles > 0) return cpuMs * Math.max(0, 1 - base.cycles / cycles);
  return growth(base.cpuMs, cpuMs);
}

/** Ends tell requests and faults in 32 bits, bytes in whole KiB: less than before is nothing new. */
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
  return { createdAtMs, look: 0, ended: false, ioSource, ...counts };
}
