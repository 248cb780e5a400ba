// Finds crash reports that were not yet written to the Event Log.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crashReportNames } from '../base/crash-report.ts';
import { reasonOf } from '../base/errors.ts';
import { readSmallFile } from '../base/small-file.ts';

/** Contains the name of the newest report that was written to the Event Log. */
const MARK_FILE = 'reported.txt';
const MAX_REASON_CHARACTERS = 1000;

/** One text for each new report, newest first, or the reason why the folder cannot be read. Marks them as reported. */
export function unreportedCrashes(folder: string): string[] {
  try {
    const lastReported = readMark(folder);
    const unreported = crashReportNames(folder).filter((name) => name > lastReported);
    if (unreported.length > 0) writeFileSync(join(folder, MARK_FILE), unreported[0]!);
    return unreported.map((name) => describe(join(folder, name)));
  } catch (error) {
    return [`The crash reports in ${folder} cannot be read: ${reasonOf(error)}`];
  }
}

function readMark(folder: string): string {
  try {
    return readSmallFile(join(folder, MARK_FILE)).trim();
  } catch {
    return '';
  }
}

function describe(file: string): string {
  try {
    const { at, reason } = JSON.parse(readSmallFile(file)) as { at: string; reason: string };
    return `The agent crashed at ${at}: ${String(reason).slice(0, MAX_REASON_CHARACTERS)}\nThe report is ${file}`;
  } catch (error) {
    return `The agent crashed; its report ${file} cannot be read: ${reasonOf(error)}`;
  }
}
