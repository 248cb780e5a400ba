// Crash reports of the agent, for a bundle.
import { join } from 'node:path';
import { crashReportNames } from '../base/crash-report.ts';
import { reasonOf } from '../base/errors.ts';
import { readSmallFile } from '../base/small-file.ts';

/** Reports of a folder, newest first; none without read access. `messages` includes log messages. */
export function crashReports(folder: string, messages: boolean): object[] {
  return namesIn(folder).map((name) => readReport(join(folder, name), messages));
}

/** Only administrators and the service may read the folder; other accounts get a bundle without reports. */
function namesIn(folder: string): string[] {
  try {
    return crashReportNames(folder);
  } catch {
    return [];
  }
}

function readReport(file: string, withMessages: boolean): object {
  try {
    const { messages, ...report } = JSON.parse(readSmallFile(file)) as Record<string, unknown>;
    return withMessages ? { ...report, messages } : report;
  } catch (error) {
    return { unreadable: reasonOf(error) };
  }
}
