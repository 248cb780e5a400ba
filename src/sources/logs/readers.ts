// The readers of the logs worker, for what its start selects.
import type { Activity } from '../activity.ts';
import type { FileTarget, LogReader, LogsWorkerStart } from './contracts.ts';

export interface LogReaders {
  readonly all: readonly LogReader[];
  /** Replaces the files that are followed. */
  setFiles(files: readonly FileTarget[]): void;
}

export function createReaders(_start: LogsWorkerStart, _activity: Activity): LogReaders {
  return { all: [], setFiles: () => {} };
}
