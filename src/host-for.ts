// The host that the settings name: this machine or a tape.
import type { Counters } from './base/counters.ts';
import type { Logger } from './base/log.ts';
import { die } from './base/sure-death.ts';
import { AGENT_VERSION } from './base/version.ts';
import { catalogue } from './collectors/catalogue.ts';
import { type Config, effectiveSettings } from './config.ts';
import type { Host } from './sources/host.ts';
import { TapeHost } from './sources/tape/replay.ts';
import { WindowsHost } from './sources/windows-host.ts';

export function hostFor(config: Config, counters: Counters, logger: Logger): Host {
  if (config.host.kind === 'tape') return new TapeHost({ file: config.host.file, speed: config.speed, loop: config.loop });
  return new WindowsHost({
    agentVersion: AGENT_VERSION,
    intervalMs: config.scrapeIntervalMs,
    settings: effectiveSettings(config),
    onFatal: (error) => die(`uncaught error in the windows worker: ${error.stack ?? error.message}`),
    onSkipped: (rounds) => {
      counters.add(catalogue.selfRoundsSkipped.name, {}, rounds);
      logger.warn(`${rounds} rounds of readings were left out: the host or this process is too slow`);
    },
  });
}
