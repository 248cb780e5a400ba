// I/O counts of processes, from the columns of a process list.
import type { ProcessTable } from '../../sources/host.ts';

export interface IoCounts {
  reads: number;
  writes: number;
  readBytes: number;
  writtenBytes: number;
}

export interface IoColumns {
  readonly reads: Float64Array;
  readonly writes: Float64Array;
  readonly readBytes: Float64Array;
  readonly writtenBytes: Float64Array;
}

/** Requests that reached a disk, else all requests. */
export function columnsOf(table: ProcessTable): IoColumns {
  const { diskReads, diskWrites, diskReadBytes, diskWrittenBytes } = table;
  if (!diskReads || !diskWrites || !diskReadBytes || !diskWrittenBytes) return table;
  return { reads: diskReads, writes: diskWrites, readBytes: diskReadBytes, writtenBytes: diskWrittenBytes };
}

export function copyIo(base: IoCounts, io: IoColumns, row: number): void {
  base.reads = io.reads[row]!;
  base.writes = io.writes[row]!;
  base.readBytes = io.readBytes[row]!;
  base.writtenBytes = io.writtenBytes[row]!;
}

/** A list may lack the counts of a process for once: what was counted before stays the baseline. */
export function raiseIo(base: IoCounts, io: IoColumns, row: number): void {
  base.reads = Math.max(base.reads, io.reads[row]!);
  base.writes = Math.max(base.writes, io.writes[row]!);
  base.readBytes = Math.max(base.readBytes, io.readBytes[row]!);
  base.writtenBytes = Math.max(base.writtenBytes, io.writtenBytes[row]!);
}
