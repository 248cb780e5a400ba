// Builders and readers for tests of usage.

import type { Usage } from '../../src/model/containers/usage.ts';
import { ProcessIndex } from '../../src/model/processes/process-index.ts';
import { type ProcessRow, processTable } from './observations.ts';

export const listOf = (...rows: ProcessRow[]): ProcessIndex => new ProcessIndex(processTable(rows));

/** Passes the tables to `usage` one by one, with all rows in the container. The times only document the test. */
export function applyLists(usage: Usage, ...scans: [atMs: number, rows: ProcessRow[]][]): number[] {
  let previous: ProcessIndex | undefined;
  return scans.map(([, rows]) => {
    usage.update(
      processTable(rows),
      rows.map((_, row) => row),
      previous,
    );
    previous = new ProcessIndex(processTable(rows));
    return usage.cpuSeconds;
  });
}

export const io = (reads: number, writes: number, readBytes: number, writtenBytes: number) => ({
  reads,
  writes,
  readBytes,
  writtenBytes,
});
export const disk = (diskReads: number, diskWrites: number, diskReadBytes: number, diskWrittenBytes: number) => {
  return { diskReads, diskWrites, diskReadBytes, diskWrittenBytes };
};
export const ioOf = (usage: Usage) => [usage.ioSource, usage.reads, usage.writes, usage.readBytes, usage.writtenBytes];
