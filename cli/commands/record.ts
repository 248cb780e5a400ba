// `coroot-agent record`: records the observations of the host to a tape.
import type { Command } from 'commander';
import { parseDurationMs } from '../../src/base/duration.ts';
import { AgentError } from '../../src/base/errors.ts';
import { createLogger } from '../../src/base/log.ts';
import { terminateOnUncaught } from '../../src/base/terminate.ts';
import { exitAfterOutput } from '../../src/exit.ts';
import { terminateIfHanging } from '../../src/exit-after-stop.ts';
import { recordHost } from '../../src/recording.ts';
import type { Io } from '../client-options.ts';
import { formatDuration } from '../format.ts';
import { printLine } from '../output.ts';
import { addSettingsOptions, configFromOptions } from '../settings-options.ts';

interface RecordOptions {
  for: string;
  overwrite: boolean;
  redact: boolean;
  rawEvents: boolean;
}

export function addRecordCommand(program: Command, io: Io): void {
  const command = program
    .command('record')
    .description('record the observations of this host to a tape, for `run --host tape:FILE`')
    .argument('<file>', 'the tape to write')
    .option('--for <duration>', 'how long', '1m')
    .option('--overwrite', 'replace the file if it exists', false)
    .option(
      '--redact',
      'keep only listed words, numbers and names of Windows in texts; stand-ins replace everything else',
      false,
    );
  command.option('--raw-events', 'also record the raw bytes of events; cannot be redacted', false);
  addSettingsOptions(command);
  command.action(async (file: string, options: RecordOptions) => {
    const config = configFromOptions(command, io.env);
    const durationMs = parseDurationMs(options.for);
    if (durationMs === undefined || durationMs <= 0)
      throw new AgentError('USAGE', { reason: `--for: ${options.for} is not a duration such as 1m` });
    if (options.redact && options.rawEvents)
      throw new AgentError('USAGE', { reason: '--raw-events cannot go with --redact' });
    const logger = await createLogger({
      level: config.logLevel,
      console: true,
      colour: process.stderr.isTTY && !io.env.NO_COLOR,
    });
    terminateOnUncaught();
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) process.on(signal, () => stop.abort());
    // The first round starts at once, the others follow at the interval.
    const rounds = Math.floor(durationMs / config.scrapeIntervalMs) + 1;
    printLine(io.out, `Recording ${rounds} rounds, ${formatDuration(durationMs / 1000)}, to ${file}; Ctrl-C stops it.`);
    const onRound = (done: number): void => printLine(io.out, `round ${done} of ${rounds}`);
    const result = await recordHost(
      config,
      {
        file,
        overwrite: options.overwrite,
        redact: options.redact,
        rawEvents: options.rawEvents,
        rounds,
        signal: stop.signal,
        onRound,
      },
      logger,
    );
    printLine(io.out, `${result.observations} observations written to ${file}.`);
    for (const [reason, count] of Object.entries(result.dropped))
      printLine(io.out, `${count} observations dropped: ${reason}.`);
    terminateIfHanging(result.pending, 'the tape is complete, but a worker did not end in time', (text) =>
      logger.warn(text),
    );
    await exitAfterOutput(0);
  });
}
