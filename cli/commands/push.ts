// `coroot-agent push`: sends one pass and prints what each endpoint answered.
import type { Command } from 'commander';
import { AgentError } from '../../src/base/errors.ts';
import { createLogger } from '../../src/base/log.ts';
import { terminateOnUncaught } from '../../src/base/terminate.ts';
import { exitAfterOutput } from '../../src/exit.ts';
import { terminateIfHanging } from '../../src/exit-after-stop.ts';
import type { PushResult } from '../../src/push.ts';
import type { Io } from '../client-options.ts';
import { type Column, printJson, printLine, printTable } from '../output.ts';
import { addSettingsOptions, configFromOptions } from '../settings-options.ts';

interface PushCommandOptions {
  once: boolean;
  dryRun: boolean;
  output: string;
}

const columns: Column<PushResult>[] = [
  { title: 'DESTINATION', value: ({ destination }) => destination },
  { title: 'SENT', value: sentText },
  { title: 'ANSWER', value: ({ outcome }) => (outcome ? answerText(outcome) : 'nothing was sent') },
  { title: 'TIME', value: ({ outcome }) => (outcome ? `${outcome.durationMs.toFixed(0)} ms` : ''), align: 'right' },
  { title: 'ENDPOINT', value: ({ endpoint }) => endpoint },
];

export function addPushCommand(program: Command, io: Io): void {
  const command = program
    .command('push')
    .description('send one pass to the endpoints of the settings, without the spool, and print what each answered')
    .option('--once', 'send one pass and exit; the only mode, named so that scripts stay readable', true)
    .option('--dry-run', 'collect and encode a pass, and print where it would be sent', false)
    .option('-o, --output <format>', 'table or json', 'table');
  addSettingsOptions(command);
  command.action(async ({ dryRun, output }: PushCommandOptions) => {
    if (output !== 'table' && output !== 'json')
      throw new AgentError('USAGE', { reason: `--output: ${output} is not table or json` });
    const config = configFromOptions(command, io.env);
    const logger = await createLogger({
      level: config.logLevel === 'info' ? 'warn' : config.logLevel,
      console: true,
      colour: process.stderr.isTTY && !io.env.NO_COLOR,
    });
    terminateOnUncaught();
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) process.on(signal, () => stop.abort());
    if (process.stderr.isTTY) printLine(io.err, 'Collecting one pass ...');
    const { pushOnce } = await import('../../src/push.ts');
    const { results, pending } = await pushOnce(config, logger, { dryRun, signal: stop.signal });
    if (output === 'json') printJson(io.out, results.map(jsonView));
    else printResults(io, results);
    terminateIfHanging(pending, 'the pass was sent, but a worker did not end in time', (text) => logger.warn(text));
    const failed = results.filter(({ outcome }) => outcome && outcome.kind !== 'success');
    if (failed.length > 0)
      throw new AgentError('DELIVERY_FAILED', {
        destinations: failed.map(({ destination }) => destination).join(', '),
      });
    await exitAfterOutput(0);
  });
}

function printResults(io: Io, results: readonly PushResult[]): void {
  printTable(io.out, columns, results);
  for (const { destination, outcome } of results)
    if (outcome && outcome.problem !== '') printLine(io.out, `${destination}: ${outcome.problem}`);
}

function sentText({ destination, items, bytes }: PushResult): string {
  return destination === 'metrics' ? `${items} samples, ${bytes} bytes` : `no records, ${bytes} bytes`;
}

function answerText({ kind, status }: NonNullable<PushResult['outcome']>): string {
  // Without a status: no answer, or a setting that cannot be used.
  if (status === 0) return kind === 'retryable' ? 'no answer' : 'not sent';
  return `${status}: ${kind === 'success' ? 'accepted' : kind}`;
}

function jsonView({ outcome, ...facts }: PushResult) {
  const answer = outcome && {
    result: outcome.kind,
    status: outcome.status,
    problem: outcome.problem,
    seconds: outcome.durationMs / 1000,
  };
  return { ...facts, answer: answer ?? null };
}
