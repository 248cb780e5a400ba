// Where crash reports of a run go, and what they must not hold.
import { existsSync } from 'node:fs';
import { win32 } from 'node:path';
import type { CrashSite } from './base/crash-report.ts';
import type { RecentMessages } from './base/recent-messages.ts';
import { AGENT_VERSION } from './base/version.ts';
import { CRASH_FOLDER } from './service/data-folder.ts';
import { type Config, dataFolder, hiddenTexts } from './settings/index.ts';

/** Undefined where there is no data folder: it is made with rights of its own, and not on the way to a death. */
export function crashSiteFor(
  config: Config,
  mode: 'foreground' | 'service',
  messages: RecentMessages,
  env: Readonly<Record<string, string | undefined>>,
): CrashSite | undefined {
  const folder = dataFolder(env);
  if (process.platform !== 'win32' || !existsSync(folder)) return undefined;
  return {
    folder: win32.join(folder, CRASH_FOLDER),
    mode,
    agentVersion: AGENT_VERSION,
    startedAtMs: Date.now(),
    hidden: hiddenTexts(config),
    messages: messages.shared,
    begun: new SharedArrayBuffer(4),
  };
}
