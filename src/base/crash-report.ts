// Crash reports: reason, thread, time and version of a crash, one small JSON file each, without configured values.
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, threadName } from 'node:worker_threads';
import { maskCredentials } from './mask-secrets.ts';
import { RecentMessages } from './recent-messages.ts';

/** Number of reports that are kept; older ones are removed. */
export const MAX_CRASH_REPORTS = 10;
const MAX_REASON_CHARACTERS = 16_000;

/** Facts that a report needs, collected before a crash; can be passed to a worker. */
export interface CrashSite {
  /** Created if missing. Its parent folder is not created, because that one needs its own access list. */
  readonly folder: string;
  /** `service` or `foreground`. */
  readonly mode: string;
  readonly agentVersion: string;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  /** Texts that a report must not contain, each with its replacement. */
  readonly hidden: readonly (readonly [text: string, replacement: string])[];
  /** Memory of `RecentMessages`. */
  readonly messages: SharedArrayBuffer;
  /**
   * An Int32, 0 until a thread starts a report: a hanging disk must not stop a second thread from ending the process.
   */
  readonly begun: SharedArrayBuffer;
}

export interface CrashReport {
  schema: 1;
  /** ISO 8601, UTC. */
  at: string;
  reason: string;
  /** `main` or the name of the worker that ended the process. */
  thread: string;
  mode: string;
  agentVersion: string;
  node: string;
  platform: string;
  pid: number;
  uptimeSeconds: number;
  rssBytes: number;
  /** The agent's own last messages, oldest first. */
  messages: string[];
}

let current: CrashSite | undefined;

/** Sets where `terminateProcess` of this thread writes its reports; undefined disables them. */
export function prepareCrashReports(site: CrashSite | undefined): void {
  current = site;
}

/** The crash site of this thread, to be passed to workers. */
export function crashSite(): CrashSite | undefined {
  return current;
}

/**
 * Writes a report and removes the oldest ones beyond the limit. Returns its path, or the reason for none; never throws.
 */
export function writeCrashReport(reason: string): { file: string } | { none: string } {
  if (!current) return { none: '' };
  const site = current;
  if (Atomics.exchange(new Int32Array(site.begun), 0, 1) !== 0) return { none: 'another thread is writing one' };
  try {
    const report = describe(site, reason, Date.now());
    makeFolder(site.folder);
    removeOldest(site.folder);
    const file = join(site.folder, `crash-${report.at.replaceAll(':', '-')}-${report.pid}.json`);
    const handle = openSync(file, 'wx');
    writeSync(handle, `${JSON.stringify(report, null, 2)}\n`);
    closeSync(handle);
    return { file };
  } catch (error) {
    return { none: error instanceof Error ? error.message : String(error) };
  }
}

function describe(site: CrashSite, reason: string, nowMs: number): CrashReport {
  const clean = (text: string): string =>
    maskCredentials(
      site.hidden.reduce((cleaned, [hidden, replacement]) => cleaned.replaceAll(hidden, replacement), text),
    );
  return {
    schema: 1,
    at: new Date(nowMs).toISOString(),
    reason: clean(reason.slice(0, MAX_REASON_CHARACTERS)),
    thread: isMainThread ? 'main' : threadName || 'worker',
    mode: site.mode,
    agentVersion: site.agentVersion,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    pid: process.pid,
    uptimeSeconds: Math.round((nowMs - site.startedAtMs) / 1000),
    rssBytes: process.memoryUsage.rss(),
    messages: new RecentMessages(site.messages).list().map(clean),
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function removeOldest(folder: string): void {
  for (const name of crashReportNames(folder).slice(MAX_CRASH_REPORTS - 1)) rmSync(join(folder, name), { force: true });
}

/**
 * File names of the reports in a folder, newest first; none if the folder does not exist. Throws Node's error if it is
 * unreadable.
 */
export function crashReportNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^crash-\d{4}-\d\d-\d\dT[\d.-]+Z-\d+\.json$/.test(name))
      .sort()
      .reverse();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
