// All processes at one moment.
import { amounts, instants, optionalColumn, table, textsOf, u32s } from './columns.ts';
import { type Field, path, programName } from './field.ts';
import type { RecordOf } from './record.ts';

const columns = {
  pid: u32s,
  parentPid: u32s,
  sessionId: u32s,
  /** Milliseconds since 1970, 0 for the idle process. */
  createdAtMs: instants,
  userMs: amounts,
  kernelMs: amounts,
  workingSetBytes: amounts,
  /** 0 where Windows does not report it. */
  privateWorkingSetBytes: amounts,
  /** I/O requests of every kind: files, network, pipes. */
  reads: amounts,
  writes: amounts,
  readBytes: amounts,
  writtenBytes: amounts,
  threads: u32s,
  handles: u32s,
  /** Image names without a path, e.g. `svchost.exe`. */
  name: textsOf(programName),
  /** Full paths of the images, e.g. `C:\\Windows\\System32\\svchost.exe`; empty where there is none or no access. */
  imagePath: optionalColumn(textsOf(path)),
  /** Page faults of all kinds; 32 bits wide: it wraps. */
  pageFaults: optionalColumn(u32s),
  /** Page faults that waited for a disk; 32 bits wide: it wraps. */
  hardFaults: optionalColumn(u32s),
  /** Processor cycles of all threads since the process started; 0 or absent where Windows does not count them. */
  cycles: optionalColumn(amounts),
  /** Requests that reached a disk, and their bytes; all four are absent before Windows 10 1709. */
  diskReads: optionalColumn(amounts),
  diskWrites: optionalColumn(amounts),
  diskReadBytes: optionalColumn(amounts),
  diskWrittenBytes: optionalColumn(amounts),
  /** The kernel's number of the process's job, 0 for none; absent where the disk counters are. */
  jobId: optionalColumn(u32s),
};

/** One row a process, one array a column. */
export interface ProcessTable extends RecordOf<typeof columns> {
  /** Number of rows: the length of each column. */
  readonly count: number;
}
export const processTable: Field<ProcessTable> = table(columns);
