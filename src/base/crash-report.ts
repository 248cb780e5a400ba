// Crash reports: what ended the agent, where, when and in which version, one small JSON file each, without values of settings.
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, threadName } from 'node:worker_threads';
import { maskCredentials } from './mask-secrets.ts';
import { RecentMessages } from './recent-messages.ts';

/** Reports kept; the oldest ones go. */
export const MAX_CRASH_REPORTS = 10;
const MAX_REASON_CHARACTERS = 16_000;

/** What is known before anything goes wrong; can be handed to a worker. */
export interface CrashSite {
  /** Made when it is not there, but not the folder around it: that one has rights of its own. */
  readonly folder: string;
  /** `service` or `foreground`. */
  readonly mode: string;
  readonly agentVersion: string;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  /** Texts that no report may hold, each with what stands there instead. */
  readonly hidden: readonly (readonly [text: string, instead: string])[];
  /** Memory of `RecentMessages`. */
  readonly messages: SharedArrayBuffer;
  /** One word, 0 until a thread begins a report: a disk that hangs must not keep a second thread from ending the process. */
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

/** From now on this thread's `die` writes reports there. */
export function prepareCrashReports(site: CrashSite | undefined): void {
  current = site;
}

/** Where this thread's reports go, for workers. */
export function crashSite(): CrashSite | undefined {
  return current;
}

/** Writes one report and removes the oldest beyond the limit. Returns its path, or why there is none; never throws. */
export function writeCrashReport(reason: string): { file: string } | { none: string } {
  if (!current) return { none: '' };
  const site = current;
  if (Atomics.exchange(new Int32Array(site.begun), 0, 1) !== 0) return { none: 'another thread writes one' };
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
    maskCredentials(site.hidden.reduce((cleaned, [hidden, instead]) => cleaned.replaceAll(hidden, instead), text));
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

/** File names of the reports in a folder, newest first; none where there is no such folder. Throws Node's error where it may not be read. */
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
