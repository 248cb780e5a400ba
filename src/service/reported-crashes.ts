// Crash reports that the Event Log has not been told of yet.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crashReportNames } from '../base/crash-report.ts';
import { reasonOf } from '../base/errors.ts';

/** Holds the name of the newest report that was told. */
const MARK_FILE = 'told.txt';
const MAX_REASON_CHARACTERS = 1000;

/** One text for each new report of the folder, newest first, or why the folder cannot be used. */
export function crashesToTell(folder: string): string[] {
  try {
    const told = readMark(folder);
    const fresh = crashReportNames(folder).filter((name) => name > told);
    if (fresh.length > 0) writeFileSync(join(folder, MARK_FILE), fresh[0]!);
    return fresh.map((name) => describe(join(folder, name)));
  } catch (error) {
    return [`The crash reports in ${folder} cannot be used: ${reasonOf(error)}`];
  }
}

function readMark(folder: string): string {
  try {
    return readFileSync(join(folder, MARK_FILE), 'utf8').trim();
  } catch {
    return '';
  }
}

function describe(file: string): string {
  try {
    const { at, reason } = JSON.parse(readFileSync(file, 'utf8')) as { at: string; reason: string };
    return `The agent ended at ${at}: ${String(reason).slice(0, MAX_REASON_CHARACTERS)}\nThe report is ${file}`;
  } catch (error) {
    return `The agent ended; its report ${file} cannot be read: ${reasonOf(error)}`;
  }
}
