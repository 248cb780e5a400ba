// I/O of the node's volumes, as counters that never decrease.

import { CountedSources, CounterGroup, type Marks, type SourceCounts } from '../base/counter-group.ts';
import { GrowingCounter } from '../base/growing-counter.ts';
import type { DiskCounters, DiskRecord } from '../sources/host.ts';

/** Devices that are not listed any more and keep their totals, e.g. letters of removed disks. */
const MAX_ABSENT = 256;
/** Clocks that measure the same interval differ by less; otherwise the clock of the counters was set. */
const SAME_INTERVAL_MS = 1000;

/** One device, i.e. a letter or a mount folder, with the volume that it stands for now; times in milliseconds. */
export class Disk implements SourceCounts {
  readonly device: string;
  readonly reads = new GrowingCounter();
  readonly writes = new GrowingCounter();
  readonly readBytes = new GrowingCounter();
  readonly writtenBytes = new GrowingCounter();
  readonly readMs = new GrowingCounter();
  readonly writeMs = new GrowingCounter();
  /** Time with at least one request under way. */
  busyMs = 0;
  record: DiskRecord;
  readonly #group = new CounterGroup([
    { counter: this.reads, bits: 32 },
    { counter: this.writes, bits: 32 },
    { counter: this.readBytes, bits: 64 },
    { counter: this.writtenBytes, bits: 64 },
    { counter: this.readMs, bits: 64 },
    { counter: this.writeMs, bits: 64 },
  ]);
  /** The last counters of this volume, and when they were read on the monotonic clock. */
  #last: { readonly counters: DiskCounters; readonly monoMs: number | undefined } | undefined;

  constructor(record: DiskRecord) {
    this.device = record.device;
    this.record = record;
  }

  /** Whether its driver reports counters. */
  get counted(): boolean {
    return this.record.counters !== undefined;
  }

  get marks(): Marks {
    return this.#group.marks;
  }

  /** Another volume has the letter or folder now. */
  replaceSource(marks: Marks | undefined): void {
    this.#group.replaceSource(marks);
    this.#last = undefined;
  }

  update(record: DiskRecord, monoMs: number | undefined): void {
    this.record = record;
    const now = record.counters;
    if (!now) return;
    const { reads, writes, readBytes, writtenBytes, readMs, writeMs } = now;
    const restarted = this.#group.add([reads, writes, readBytes, writtenBytes, readMs, writeMs]);
    const before = this.#last;
    if (before && !restarted) {
      const elapsed = monoMs === undefined || before.monoMs === undefined ? 0 : monoMs - before.monoMs;
      this.busyMs += busy(before.counters, now, elapsed);
    }
    this.#last = { counters: now, monoMs };
  }
}

/**
 * Elapsed time that was not idle, the basis of the utilisation. The counters carry the system time, which is more exact
 * than the time of the reading but may have been set; `elapsedMs` by the monotonic clock decides, 0 if unknown.
 */
function busy(before: DiskCounters, now: DiskCounters, elapsedMs: number): number {
  const byCounters = now.queryMs - before.queryMs;
  const wasSet = elapsedMs > 0 && Math.abs(byCounters - elapsedMs) > SAME_INTERVAL_MS;
  const elapsed = wasSet ? elapsedMs : byCounters;
  const idle = now.idleMs - before.idleMs;
  return elapsed > 0 && idle >= 0 ? Math.max(0, elapsed - idle) : 0;
}

/** The disks by device name. */
export class Disks {
  /** Also those that are not listed any more: a disk that comes back continues its totals. */
  readonly #byDevice = new Map<string, Disk>();
  /** Volumes by name: a letter may pass to another volume and back. */
  readonly #volumes = new CountedSources();
  #listed: Disk[] = [];

  /** Applies the volumes of one reading, at `monoMs` on the monotonic clock. */
  update(records: readonly DiskRecord[], monoMs?: number): void {
    this.#listed = records.map((record) => {
      const disk = this.#byDevice.get(record.device) ?? new Disk(record);
      // Without a name the volume is unknown, which does not make it another one.
      if (record.counters && record.volume !== '') this.#volumes.assign(record.volume.toLowerCase(), disk);
      disk.update(record, monoMs);
      // Devices that are listed move to the end: the first ones have been absent longest.
      this.#byDevice.delete(record.device);
      this.#byDevice.set(record.device, disk);
      return disk;
    });
    this.#volumes.endReading();
    for (const device of this.#byDevice.keys()) {
      if (this.#byDevice.size <= records.length + MAX_ABSENT) break;
      this.#byDevice.delete(device);
    }
  }

  /** The disks of the last reading. */
  all(): Disk[] {
    return [...this.#listed];
  }
}
