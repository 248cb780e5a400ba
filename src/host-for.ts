// Creates the host that the settings select: this machine or a tape.
import type { Logger } from './base/log.ts';
import type { SelfMetrics } from './base/self-metrics.ts';
import { terminateProcess } from './base/terminate.ts';
import { AGENT_VERSION } from './base/version.ts';
import { catalogue } from './collectors/catalogue.ts';
import { type Config, effectiveSettings } from './settings/index.ts';
import { CloudSource } from './sources/cloud/cloud-source.ts';
import { parseFirmware } from './sources/cloud/firmware.ts';
import type { Host } from './sources/host.ts';
import { LiveHost, type Source } from './sources/live-host.ts';
import { readSmbiosTables } from './sources/read-smbios.ts';
import { TapeHost } from './sources/tape/replay.ts';
import { createWindowsSources } from './sources/windows-sources.ts';

/** Options that depend on the purpose of the host. */
export interface HostUse {
  /**
   * Name of the event session. Programs on one host need different names, because a start ends a session of the same
   * name.
   */
  readonly sessionName: string;
  /** Push the undecoded events as well. */
  readonly rawEvents?: boolean;
  /** The receiver uses a table of TCP events only during the push, so that its memory is reused. */
  readonly lendEvents?: boolean;
  /** Reads logs as well; undefined where they are not read. */
  readonly logs?: Source | undefined;
  /** Leave the times of a tape as they were recorded, whatever the setting is. */
  readonly keepTapeTime?: boolean;
}

export const AGENT_SESSION = 'CorootAgentNet';
export const RECORDING_SESSION = 'CorootAgentRecording';

export function hostFor(config: Config, use: HostUse, selfMetrics: SelfMetrics, logger: Logger): Host {
  if (config.host.kind === 'tape')
    return new TapeHost({
      file: config.host.file,
      speed: config.speed,
      loop: config.loop,
      time: use.keepTapeTime ? 'recorded' : config.tapeTime,
    });
  const sources = createWindowsSources({
    agentVersion: AGENT_VERSION,
    intervalMs: config.scrapeIntervalMs,
    settings: effectiveSettings(config),
    ...(config.disableEtw ? {} : { sessionName: use.sessionName }),
    connectionStatistics: !config.disableConnectionStatistics,
    gpus: !config.disableGpuMonitoring,
    ...(config.disableDocker ? {} : { docker: { host: config.dockerHost, variables: process.env } }),
    rawEvents: use.rawEvents ?? false,
    lendEvents: use.lendEvents ?? false,
    onFatal: (error, worker) =>
      terminateProcess(`uncaught error in the ${worker} worker: ${error.stack ?? error.message}`),
    onSkipped: (rounds) => {
      selfMetrics.increment(catalogue.selfRoundsSkipped, {}, rounds);
      logger.warn(`${rounds} rounds were skipped: the host or this process is too slow`);
    },
  });
  const cloud = new CloudSource({ readFirmware: () => parseFirmware(readSmbiosTables()) });
  // A declared provider needs no metadata service, which may not even be there.
  const all = [...sources, ...(config.provider ? [] : [cloud]), ...(use.logs ? [use.logs] : [])];
  return new LiveHost({ kind: 'windows', sources: all });
}
