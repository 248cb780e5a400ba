// Crashes and hangs that were reported with their process, so that later reports without one can be joined.
import type { EventRecord, EventSubject } from '../../sources/host.ts';
import type { Now } from '../clock.ts';

const MAX_FAULTS = 256;
/** Windows Error Reporting may report a crash long after it: it waits for the network or a user. */
const RETENTION_MS = 60 * 60 * 1000;
/** The events of one crash have times that differ by less. */
const SAME_CRASH_MS = 10_000;

export interface Fault {
  readonly subject: EventSubject;
  readonly atMs: number;
  /** When it was read, on the monotonic clock. */
  readonly monoMs: number;
  /** Container id, or empty for the node; undefined while the process is unknown. */
  containerId: string | undefined;
}

export class RecentFaults {
  readonly #now: Now;
  /** Oldest first. */
  #faults: Fault[] = [];
  /** The fault of a record that is routed again. */
  readonly #byRecord = new WeakMap<EventRecord, Fault>();

  constructor(now: Now) {
    this.#now = now;
  }

  /** The fault of an event that has the process; the same one each time. */
  faultOf(record: EventRecord, subject: EventSubject): Fault {
    const known = this.#byRecord.get(record);
    if (known) return known;
    const fault: Fault = { subject, atMs: record.atMs, monoMs: this.#now.monoMs, containerId: undefined };
    this.#byRecord.set(record, fault);
    this.#faults.push(fault);
    if (this.#faults.length > MAX_FAULTS) this.#faults.shift();
    return fault;
  }

  /** The last fault with that report id, letter case ignored. */
  byReport(reportId: string): Fault | undefined {
    const wanted = reportId.toLowerCase();
    return this.#faults.findLast(({ subject }) => subject.reportId?.toLowerCase() === wanted);
  }

  /** Faults of that program at about that time, milliseconds since 1970. */
  near(program: string, atMs: number): readonly Fault[] {
    const wanted = program.toLowerCase();
    return this.#faults.filter(
      (fault) => fault.subject.program?.toLowerCase() === wanted && Math.abs(fault.atMs - atMs) <= SAME_CRASH_MS,
    );
  }

  expire(): void {
    const { monoMs } = this.#now;
    if (this.#faults.length > 0 && monoMs - this.#faults[0]!.monoMs > RETENTION_MS)
      this.#faults = this.#faults.filter((fault) => monoMs - fault.monoMs <= RETENTION_MS);
  }
}
