// The readers of the logs worker, for what its start selects.
import type { Activity } from '../activity.ts';
import { createEventLogReader } from '../event-log/create-event-log-reader.ts';
import type { FileTarget, LogReader, LogsWorkerStart } from './contracts.ts';

export interface LogReaders {
  readonly all: readonly LogReader[];
  /** Replaces the files that are followed. */
  setFiles(files: readonly FileTarget[]): void;
}

export function createReaders(start: LogsWorkerStart, activity: Activity): LogReaders {
  return { all: eventLogReaders(start, activity), setFiles: () => {} };
}

/** None where no channel is read: wevtapi is not loaded then. */
function eventLogReaders(start: LogsWorkerStart, activity: Activity): readonly LogReader[] {
  const { channels, eventLocale: locale, positions } = start;
  return channels.length === 0 ? [] : [createEventLogReader({ channels, locale, positions, activity })];
}
