// What the processes of a container have used: counters that only grow, whatever processes come and go.
import type { ProcessTable } from '../../sources/host.ts';

/** Counts of one process at the last look. */
interface Baseline {
  createdAtMs: number;
  /** The look that showed it last. */
  look: number;
  cpuMs: number;
  reads: number;
  writes: number;
  readBytes: number;
  writtenBytes: number;
  pageFaults: number;
  hardFaults: number;
}

/** A process that has ended, with what it used in its whole life as far as that is known. */
export interface EndedProcess {
  readonly pid: number;
  /** With the pid it names the process: the same moment as in the process table. */
  readonly createdAtMs: number;
  readonly cpuMs?: number;
}

/** Adds up the growth of each (pid, creation time); a total never goes back. */
export class Usage {
  rssBytes = 0;
  /** Whether the system told private working sets; the whole working set counts shared pages for every process. */
  rssSource: 'private working set' | 'working set' = 'private working set';
  /** Threads and open handles of all processes at the last look. */
  threads = 0;
  handles = 0;
  /** Whether requests are those that reached a disk, or, where the system tells no such, all of files, network and pipes. */
  ioSource: 'disk' | 'all requests' = 'all requests';
  reads = 0;
  writes = 0;
  readBytes = 0;
  writtenBytes = 0;
  /** Page faults that waited for a disk, and all others; undefined where the list of processes lacks them. */
  faults: { hard: number; soft: number } | undefined;
  /** In the system's own steps, so that sums stay exact. */
  #cpuMs = 0;
  #look = 0;
  readonly #baselines = new Map<number, Baseline>();

  get cpuSeconds(): number {
    return this.#cpuMs / 1000;
  }

  /** Takes in the rows of the container's tree. `previousMs` is when the table before this one was read, 0 for the first. */
  update(table: ProcessTable, rows: readonly number[], previousMs: number): void {
    this.#look++;
    const ioSource = table.diskReads ? 'disk' : 'all requests';
    const io = columnsOf(table);
    // Counts of another kind say nothing of the growth since the last look.
    const sameIo = this.#look === 1 || ioSource === this.ioSource;
    this.ioSource = ioSource;
    if (table.pageFaults) this.faults ??= { hard: 0, soft: 0 };
    let privateBytes = 0;
    let workingSetBytes = 0;
    this.threads = 0;
    this.handles = 0;
    for (const row of rows) {
      const base = this.#baseline(table, row, previousMs);
      const cpuMs = table.userMs[row]! + table.kernelMs[row]!;
      this.#cpuMs += Math.max(0, cpuMs - base.cpuMs);
      base.cpuMs = cpuMs;
      if (sameIo) {
        this.reads += Math.max(0, io.reads[row]! - base.reads);
        this.writes += Math.max(0, io.writes[row]! - base.writes);
        this.readBytes += Math.max(0, io.readBytes[row]! - base.readBytes);
        this.writtenBytes += Math.max(0, io.writtenBytes[row]! - base.writtenBytes);
      }
      takeIo(base, io, row);
      if (this.faults) addFaults(this.faults, base, table.pageFaults?.[row] ?? base.pageFaults, table.hardFaults?.[row] ?? base.hardFaults);
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
   * Adds what an ended process has used and no table has shown. `lastTableMs` is when the last table was read: a process that
   * is older and was in no table of this container does not count.
   */
  addEnded({ pid, createdAtMs, cpuMs = 0 }: EndedProcess, lastTableMs: number): void {
    let base = this.#baselines.get(pid);
    if (base?.createdAtMs !== createdAtMs) {
      if (lastTableMs === 0 || createdAtMs <= lastTableMs) return;
      base = newBaseline(createdAtMs);
      this.#baselines.set(pid, base);
    }
    this.#cpuMs += Math.max(0, cpuMs - base.cpuMs);
    // It stays until the next table, which may have been read while the process still ran.
    base.cpuMs = Math.max(cpuMs, base.cpuMs);
    base.look = this.#look;
  }

  /** Nothing runs any more; totals stay. */
  clear(): void {
    this.#baselines.clear();
    this.rssBytes = 0;
    this.threads = 0;
    this.handles = 0;
  }

  /** Counts of the process at the last look: zeros for one that began since, its counts of now for one that is new to us only. */
  #baseline(table: ProcessTable, row: number, previousMs: number): Baseline {
    const pid = table.pid[row]!;
    const createdAtMs = table.createdAtMs[row]!;
    let base = this.#baselines.get(pid);
    if (base?.createdAtMs !== createdAtMs) {
      base = newBaseline(createdAtMs);
      this.#baselines.set(pid, base);
      if (previousMs === 0 || createdAtMs <= previousMs) {
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
    for (const [pid, { look }] of this.#baselines) if (look !== this.#look) this.#baselines.delete(pid);
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

function newBaseline(createdAtMs: number): Baseline {
  return { createdAtMs, look: 0, cpuMs: 0, reads: 0, writes: 0, readBytes: 0, writtenBytes: 0, pageFaults: 0, hardFaults: 0 };
}
