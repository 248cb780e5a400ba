// Crash reports of the agent, for a bundle.
import { join } from 'node:path';
import { crashReportNames } from '../base/crash-report.ts';
import { reasonOf } from '../base/errors.ts';
import { readSmallFile } from '../base/small-file.ts';

/** Reports of a folder, newest first; the messages of the agent in them only with `messages`. */
export function crashReports(folder: string, messages: boolean): object[] {
  return crashReportNames(folder).map((name) => readReport(join(folder, name), messages));
}

function readReport(file: string, withMessages: boolean): object {
  try {
    const { messages, ...report } = JSON.parse(readSmallFile(file)) as Record<string, unknown>;
    return withMessages ? { ...report, messages } : report;
  } catch (error) {
    return { unreadable: reasonOf(error) };
  }
}
