// The readers of the logs worker, for what its start selects.
import { monotonicMs } from '../../base/monotonic.ts';
import type { Activity } from '../activity.ts';
import { createEventLogReader } from '../event-log/create-event-log-reader.ts';
import { diskAccess } from '../log-files/file-access.ts';
import { FileReader } from '../log-files/file-reader.ts';
import { resolveEncoding } from '../log-files/system-encoding.ts';
import type { FileTarget, LogReader, LogsWorkerStart } from './contracts.ts';

export interface LogReaders {
  readonly all: readonly LogReader[];
  /** Replaces the files that are followed. */
  setFiles(files: readonly FileTarget[]): void;
}

export function createReaders(start: LogsWorkerStart, activity: Activity): LogReaders {
  const { files, parser, filesEncoding, positions } = start;
  const fileReader = new FileReader({
    files,
    parser,
    encoding: resolveEncoding(filesEncoding),
    positions,
    access: diskAccess(activity),
    clock: { monoMs: monotonicMs, wallMs: Date.now },
  });
  return {
    all: [...eventLogReaders(start, activity), fileReader],
    setFiles: (targets) => fileReader.setFiles(targets),
  };
}

/** None where no channel is read: wevtapi is not loaded then. */
function eventLogReaders(start: LogsWorkerStart, activity: Activity): readonly LogReader[] {
  const { channels, eventLocale: locale, positions } = start;
  return channels.length === 0 ? [] : [createEventLogReader({ channels, locale, positions, activity })];
}
