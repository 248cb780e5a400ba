// Options of the commands that select log messages and patterns.
import { type Command, Option } from 'commander';
import { LOG_LEVELS, type LogPatternFilter, MAX_MESSAGES } from '../src/api/client.ts';
import { AgentError } from '../src/base/errors.ts';
import { checkNames } from './names.ts';

export interface LogOptions {
  level?: LogLevel[];
  minLevel?: LogLevel;
  source?: string[];
  node?: true;
  grep?: string[];
}

type LogLevel = (typeof LOG_LEVELS)[number];

export function addLogOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--level <levels>', `only these levels, separated by commas: ${LOG_LEVELS.join(', ')}`).argParser(
        levels,
      ),
    )
    .addOption(
      new Option('--min-level <level>', 'only this level and more severe ones; unknown is the least severe').choices(
        LOG_LEVELS,
      ),
    )
    .option('--source <name>', 'only this source, e.g. EventLog, with * and ?; can be repeated', collect)
    .option('--node', 'only what belongs to no container; with names of containers, in addition to them')
    .option(
      '--grep <text>',
      'only messages with this text, with * and ?, in any letter case; can be repeated',
      collect,
    );
}

/** What the options and the names of containers select. Throws USAGE for an empty or invalid name. */
export function logFilter(names: readonly string[], options: LogOptions): Partial<LogPatternFilter> {
  const { level, minLevel, source, node, grep } = options;
  checkNames([...names, ...(source ?? []), ...(grep ?? [])]);
  return withoutUndefined({
    container: names.length > 0 ? [...names] : undefined,
    level,
    minLevel,
    source,
    node,
    text: grep,
  });
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

export function withoutUndefined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}

/** An option that can be repeated. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** Messages or patterns of an option. Throws USAGE. */
export function messageCount(option: string, count: string): number {
  if (/^[1-9]\d{0,4}$/.test(count) && Number(count) <= MAX_MESSAGES) return Number(count);
  throw new AgentError('USAGE', { reason: `${option}: ${count} is not a whole number from 1 to ${MAX_MESSAGES}` });
}

function levels(text: string, before: readonly LogLevel[] = []): LogLevel[] {
  const named = text.split(',').map((name) => name.trim().toLowerCase());
  const unknown = named.find((name) => !LOG_LEVELS.includes(name as LogLevel));
  if (unknown !== undefined)
    throw new AgentError('USAGE', {
      reason: `--level: ${unknown || 'nothing'} is not one of ${LOG_LEVELS.join(', ')}`,
    });
  return [...before, ...(named as LogLevel[])];
}
