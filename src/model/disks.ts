// I/O of the node's volumes, as counters that never decrease.
import type { DiskCounters, DiskRecord } from '../sources/host.ts';
import { GrowingCounter } from './growing-counter.ts';

/** One volume; times in milliseconds. */
export class Disk {
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
  #last: DiskCounters | undefined;

  constructor(record: DiskRecord) {
    this.device = record.device;
    this.record = record;
  }

  /** Whether its driver reports counters. */
  get counted(): boolean {
    return this.record.counters !== undefined;
  }

  update(record: DiskRecord): void {
    this.record = record;
    const now = record.counters;
    if (!now) return;
    const before = this.#last;
    // Bytes are 64 bits wide and never wrap: below the last value means a new disk or a restarted driver.
    const restarted =
      before !== undefined && (now.readBytes < before.readBytes || now.writtenBytes < before.writtenBytes);
    this.reads.add32(now.reads, restarted);
    this.writes.add32(now.writes, restarted);
    this.readBytes.add(now.readBytes, restarted);
    this.writtenBytes.add(now.writtenBytes, restarted);
    this.readMs.add(now.readMs, restarted);
    this.writeMs.add(now.writeMs, restarted);
    if (before && !restarted) this.busyMs += busy(before, now);
    this.#last = now;
  }
}

/** Elapsed time that was not idle, the basis of the utilisation. */
function busy(before: DiskCounters, now: DiskCounters): number {
  const elapsed = now.queryMs - before.queryMs;
  const idle = now.idleMs - before.idleMs;
  return elapsed > 0 && idle >= 0 ? Math.max(0, elapsed - idle) : 0;
}

/** The volumes by device name. */
export class Disks {
  #byDevice = new Map<string, Disk>();

  /** A volume that is not listed is removed; if it comes back it starts from zero. */
  update(records: readonly DiskRecord[]): void {
    const next = new Map<string, Disk>();
    for (const record of records) {
      const disk = this.#byDevice.get(record.device) ?? new Disk(record);
      disk.update(record);
      next.set(record.device, disk);
    }
    this.#byDevice = next;
  }

  all(): Disk[] {
    return [...this.#byDevice.values()];
  }
}
