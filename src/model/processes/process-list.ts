// The last process list.
import type { ProcessTable } from '../../sources/host.ts';
import { ProcessIndex } from './process-index.ts';

export class ProcessList {
  /** Undefined before the first list. */
  index: ProcessIndex | undefined;
  /** When the list was read, milliseconds since 1970; 0 before the first. */
  readAtMs = 0;
  /** The same on the monotonic clock. */
  readAtMonoMs = 0;

  set(table: ProcessTable, readAtMs: number, readAtMonoMs: number): void {
    this.index = new ProcessIndex(table);
    this.readAtMs = readAtMs;
    this.readAtMonoMs = readAtMonoMs;
  }

  /** Number of the job that a process is in, 0 for none; undefined if unknown. */
  jobIdOf(pid: number): number | undefined {
    const row = this.index?.row(pid);
    return row === undefined ? undefined : this.index?.table.jobId?.[row];
  }
}
