// Creates the source of logs of this machine from the settings.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from './base/log.ts';
import { terminateProcess } from './base/terminate.ts';
import { parserSettings } from './model-options.ts';
import type { Config } from './settings/index.ts';
import { within } from './sources/live-host.ts';
import type { FileTarget, LogReceiver } from './sources/logs/contracts.ts';
import { createLogSource, type LogSource } from './sources/logs/log-source.ts';

const POSITIONS_FILE = 'log-positions';
const POSITIONS_TIMEOUT_MS = 500;

/** A recording takes everything at once, and leaves the positions of the agent alone. */
const RECORDING: LogReceiver = { ready: () => Promise.resolve(), stored: () => Promise.resolve() };

/** Undefined where logs are not read. Without a receiver it is the source of a recording. */
export function logSourceFor(config: Config, logger: Logger, receiver?: LogReceiver): LogSource | undefined {
  if (config.disableLogParsing || config.host.kind !== 'windows') return undefined;
  return createLogSource({
    channels: config.eventLogChannels,
    eventLocale: config.eventLogLocale,
    files: config.logFiles.map(fileTarget),
    filesEncoding: config.logFilesEncoding,
    parser: parserSettings(config),
    positionsFile: receiver && positionsFile(config.walDir),
    receiver: receiver ?? RECORDING,
    onDamagedPositions: (problem) => logger.warn(problem),
    onFatal: (error) => terminateProcess(`uncaught error in the logs worker: ${error.stack ?? error.message}`),
  });
}

/** The source label is the part of the pattern behind the last folder. */
function fileTarget({ service, pattern }: Config['logFiles'][number]): FileTarget {
  return {
    owner: service === undefined ? {} : { service },
    source: pattern.slice(Math.max(pattern.lastIndexOf('/'), pattern.lastIndexOf('\\')) + 1),
    format: 'text',
    pattern,
    fromStart: false,
  };
}

/** A folder that cannot be created shows as a problem of the source when positions are stored. */
function positionsFile(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {}
  return join(folder, POSITIONS_FILE);
}

/** Call it when the outputs have stopped. What cannot be stored in time is read again after the next start. */
export async function storeLastPositions(source: Pick<LogSource, 'storePositions'> | undefined): Promise<void> {
  if (source) await within(source.storePositions(), POSITIONS_TIMEOUT_MS);
}
