// `coroot-agent logs`: the recent log messages, and new ones as they arrive.
import type { Command } from 'commander';
import type { AgentClient, LogFilter } from '../../src/api/client.ts';
import type { LogMessageView } from '../../src/api/resources/logs.ts';
import { parseDurationMs } from '../../src/base/duration.ts';
import { AgentError } from '../../src/base/errors.ts';
import { addClientOptions, addWideOption, clientFor, type Io, type WideCommandOptions } from '../client-options.ts';
import { followLog } from '../follow-log.ts';
import { printMessage } from '../log-lines.ts';
import { addLogOptions, collect, type LogOptions, logFilter, messageCount, withoutUndefined } from '../log-options.ts';
import { missingContainers, missingNames, requireNames } from '../names.ts';
import { type Out, printJson, printJsonLine, printLine } from '../output.ts';

interface Options extends WideCommandOptions, LogOptions {
  follow?: boolean;
  last?: string;
  since?: string;
  pattern?: string[];
  channel?: string[];
  provider?: string[];
  eventId?: number[];
}

/** Messages that are shown unless --last names another number. */
const DEFAULT_LAST = '1000';
const DEFAULT_LAST_FOLLOWING = '10';

export function addLogsCommand(program: Command, io: Io): void {
  const command = program
    .command('logs')
    .description('show the recent log messages of containers and of the node')
    .argument('[container...]', 'names or ids of containers, with * and ?')
    .option('-f, --follow', 'go on with new messages until Ctrl-C, also after a restart of the agent')
    .option('--last <count>', `the newest messages only (default: ${DEFAULT_LAST}, with -f ${DEFAULT_LAST_FOLLOWING})`)
    .option('--since <time>', 'only messages since then: a duration such as 10m, or a time such as 2026-11-28T04:00')
    .option('--pattern <hash>', 'only messages of this pattern, by its hash; can be repeated', collect)
    .option('--channel <name>', 'only events of this channel of the Event Log, with * and ?; can be repeated', collect)
    .option('--provider <name>', 'only events of this provider, with * and ?; can be repeated', collect)
    .option('--event-id <id>', 'only events with this id; can be repeated', eventIds);
  addLogOptions(command);
  addWideOption(
    addClientOptions(command),
    'source, or channel, provider and event id, and the hash of the pattern',
  ).action(async (names: string[], options: Options) => {
    const filter = messageFilter(names, options);
    const last = messageCount('--last', options.last ?? (options.follow ? DEFAULT_LAST_FOLLOWING : DEFAULT_LAST));
    const client = clientFor(options, io);
    if (options.follow) await follow(client, { ...filter, last }, names, options, io);
    else await list(client, { ...filter, limit: last }, names, options, io);
  });
}

async function list(
  client: AgentClient,
  filter: Partial<LogFilter>,
  names: readonly string[],
  options: Options,
  io: Io,
): Promise<void> {
  const { messages, truncated } = await client.logs(filter);
  const missing = await missingContainers(client, names, messages);
  if (options.output === 'json') printJson(io.out, messages);
  else if (messages.length > 0) for (const each of messages) printMessage(io.out, each, options.wide ?? false);
  else if (missing.length === 0) printLine(io.out, 'Nothing found.');
  if (truncated && options.last === undefined)
    printLine(io.err, `Only the last ${filter.limit} messages are shown; use --last to show more.`);
  requireNames('container', missing);
}

async function follow(
  client: AgentClient,
  filter: Partial<LogFilter> & { readonly last: number },
  names: readonly string[],
  options: Options,
  io: Io,
): Promise<void> {
  if (names.length > 0) {
    const { containers } = await client.containers();
    const known = containers.flatMap(({ id, name }) => [id, name]);
    requireNames('container', missingNames(names, known));
  }
  const stop = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const;
  const abort = (): void => stop.abort();
  for (const signal of signals) process.on(signal, abort);
  try {
    await followLog(client, {
      filter,
      signal: stop.signal,
      onMessage: (message) => printFollowed(io.out, message, options),
      onNote: (text) => printLine(io.err, text),
      ready: io.ready ?? (async () => {}),
    });
  } finally {
    for (const signal of signals) process.off(signal, abort);
  }
}

function printFollowed(out: Out, message: LogMessageView, options: Options): void {
  if (options.output === 'json') printJsonLine(out, message);
  else printMessage(out, message, options.wide ?? false);
}

/** Throws USAGE. */
function messageFilter(names: readonly string[], options: Options): Partial<LogFilter> {
  const { since, pattern, channel, provider, eventId } = options;
  const wrong = pattern?.find((hash) => !/^[0-9a-f]{32}$/i.test(hash));
  if (wrong !== undefined)
    throw new AgentError('USAGE', { reason: `--pattern: ${wrong} is not a hash, as \`patterns -w\` shows them` });
  checkGiven('--channel', channel);
  checkGiven('--provider', provider);
  return {
    ...logFilter(names, options),
    ...withoutUndefined({
      since: since === undefined ? undefined : sinceMs(since, Date.now()),
      pattern,
      channel,
      provider,
      eventId,
    }),
  };
}

function checkGiven(option: string, values: readonly string[] | undefined): void {
  if (values?.includes('')) throw new AgentError('USAGE', { reason: `${option}: a name must not be empty` });
}

/** Milliseconds since 1970 of a duration before now, or of a time. Throws USAGE. */
export function sinceMs(text: string, nowMs: number): number {
  const durationMs = parseDurationMs(text);
  if (durationMs !== undefined && durationMs >= 0) return Math.max(0, nowMs - durationMs);
  const timeMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (timeMs >= 0) return timeMs;
  throw new AgentError('USAGE', {
    reason: `--since: ${text} is not a duration such as 10m or a time such as 2026-11-28T04:00`,
  });
}

function eventIds(text: string, before: readonly number[] = []): number[] {
  if (/^\d{1,10}$/.test(text) && Number(text) <= 0xffff_ffff) return [...before, Number(text)];
  throw new AgentError('USAGE', { reason: `--event-id: ${text} is not a whole number from 0 to 4294967295` });
}
