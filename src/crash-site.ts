// The folder of crash reports, their header, and the texts that they must not contain.
import { existsSync } from 'node:fs';
import { win32 } from 'node:path';
import type { CrashSite } from './base/crash-report.ts';
import type { RecentMessages } from './base/recent-messages.ts';
import { AGENT_VERSION } from './base/version.ts';
import { CRASH_FOLDER } from './service/data-folder.ts';
import { type Config, dataFolder, hiddenTexts } from './settings/index.ts';

/** Undefined without a data folder: creating it sets access rights, which a crashing process must not do. */
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
