// `coroot-agent diagnose`: everything that support needs, in one file that may leave the host.
import { win32 } from 'node:path';
import type { Command } from 'commander';
import { parseDurationMs } from '../../src/base/duration.ts';
import { AgentError } from '../../src/base/errors.ts';
import { createLogger } from '../../src/base/log.ts';
import { terminateOnUncaught } from '../../src/base/terminate.ts';
import { type BundleOptions, writeBundle } from '../../src/diagnostics/bundle.ts';
import { NO_REDACTION, PARTS, REDACTION } from '../../src/diagnostics/contents.ts';
import { exitAfterOutput } from '../../src/exit.ts';
import { terminateIfHanging } from '../../src/exit-after-stop.ts';
import { dataFolder } from '../../src/settings/index.ts';
import { agentAddress, type Io, peerCheck, requestTimeout } from '../client-options.ts';
import { formatBytes } from '../format.ts';
import { type Column, printLine, printTable } from '../output.ts';
import { addSettingsOptions, configFromOptions } from '../settings-options.ts';

/** Limit of the recording, so that the bundle stays small. */
const MAX_RECORDING_MS = 10 * 60 * 1000;

interface Options {
  for: string;
  overwrite: boolean;
  redact: boolean;
  includeLog: boolean;
  dryRun: boolean;
  address?: string;
  timeout: string;
}

const columns: Column<{ file: string; holds: string }>[] = [
  { title: 'FILE', value: ({ file }) => file },
  { title: 'HOLDS', value: ({ holds }) => holds },
];

export function addDiagnoseCommand(program: Command, io: Io): void {
  const command = program
    .command('diagnose')
    .description('write answers of the agent, a recording and facts into one zip, with names and addresses redacted')
    .argument('[file]', 'the zip to write (default: coroot-diagnostics-TIME.zip)')
    .option('--for <duration>', 'how long to record the host; 0s for no recording', '30s')
    .option('--no-redact', 'keep names and addresses')
    .option('--include-log', 'include messages of the agent', false)
    .option('--dry-run', 'print what the bundle would contain', false)
    .option('--overwrite', 'replace the file if it exists', false)
    .option('--address <host:port>', 'address of the agent (default: the setting listen)')
    .option('--timeout <duration>', 'how long to wait for each answer of the agent', '10s');
  addSettingsOptions(command);
  command.action(async (named: string | undefined, options: Options) => {
    const config = configFromOptions(command, io.env);
    const durationMs = parseDurationMs(options.for);
    if (durationMs === undefined || durationMs < 0 || durationMs > MAX_RECORDING_MS)
      throw new AgentError('USAGE', { reason: `--for: ${options.for} is not a duration from 0s to 10m` });
    const address = agentAddress(options.address, () => config.listen);
    const timeoutMs = requestTimeout(options.timeout);
    const file = named ?? `coroot-diagnostics-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}.zip`;
    printLine(io.out, options.redact ? REDACTION : NO_REDACTION);
    printLine(io.out, '');
    if (options.dryRun) {
      const { log: _, ...parts } = PARTS;
      printTable(io.out, columns, [
        { file: 'manifest.json', holds: 'what is in the bundle, what was left out, and why' },
        ...Object.values(parts),
      ]);
      printLine(io.out, '');
      printLine(
        io.out,
        'Messages of the agent are in it only with --include-log: the last ones before a crash, in its report.',
      );
      printLine(
        io.out,
        `Nothing was read or written. The file would be ${file}; the agent would be queried at ${address}.`,
      );
      return;
    }
    terminateOnUncaught();
    // Imported on demand, because it loads all modules of the service.
    const { CRASH_FOLDER } = await import('../../src/service/data-folder.ts');
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) process.on(signal, () => stop.abort());
    const bundle: BundleOptions = {
      file,
      overwrite: options.overwrite,
      redact: options.redact,
      includeLog: options.includeLog,
      address,
      timeoutMs,
      verifyPeer: peerCheck(options.address),
      // The first round starts at once, the others follow at the interval.
      rounds: durationMs === 0 ? 0 : Math.floor(durationMs / config.scrapeIntervalMs) + 1,
      crashFolder: win32.join(dataFolder(io.env), CRASH_FOLDER),
      signal: stop.signal,
      onProgress: (text) => printLine(io.out, text),
    };
    const logger = await createLogger({
      level: config.logLevel,
      console: true,
      colour: process.stderr.isTTY && !io.env.NO_COLOR,
    });
    const { manifest, bytes, pending } = await writeBundle(config, bundle, logger);
    for (const { part, reason } of manifest.leftOut) printLine(io.out, `left out: ${part}: ${reason}`);
    printLine(
      io.out,
      `${manifest.files.length} files, ${formatBytes(bytes)} in ${file}. Review it before you send it.`,
    );
    terminateIfHanging(pending, 'the bundle is complete, but a worker did not end in time', (text) =>
      logger.warn(text),
    );
    await exitAfterOutput(0);
  });
}
