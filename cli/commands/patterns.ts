// `coroot-agent patterns`: the patterns of log messages with their counts.
import { type Command, Option } from 'commander';
import type { LogPatternView } from '../../src/api/resources/log-patterns.ts';
import { printable } from '../../src/base/printable.ts';
import { addClientOptions, addWideOption, clientFor, type Io, type WideCommandOptions } from '../client-options.ts';
import { formatTime } from '../format.ts';
import { addLogOptions, type LogOptions, logFilter, messageCount } from '../log-options.ts';
import { missingContainers, requireNames } from '../names.ts';
import { type Column, printJson, printLine, printSelected } from '../output.ts';

interface Options extends WideCommandOptions, LogOptions {
  new?: boolean;
  sort: 'count' | 'last';
  limit: string;
}

/** Width where the output is no terminal. */
const DEFAULT_WIDTH = 120;
const MIN_SAMPLE_WIDTH = 20;
/** Spaces after a column. */
const PADDING = 2;

const columns: Column<LogPatternView>[] = [
  { title: 'COUNT', value: ({ count }) => String(count), align: 'right' },
  { title: 'LEVEL', value: ({ level, isNew }) => (isNew ? `${level} (new)` : level) },
  { title: 'LAST', value: ({ lastAtMs }) => formatTime(lastAtMs) },
  { title: 'CONTAINER', value: ({ containerName }) => containerName || '(node)' },
];
const wideColumns: Column<LogPatternView>[] = [
  { title: 'FIRST', value: ({ firstAtMs }) => formatTime(firstAtMs) },
  { title: 'SOURCE', value: ({ source }) => source },
  { title: 'HASH', value: ({ hash }) => hash },
  { title: 'SAMPLE', value: ({ sample }) => firstLine(sample) },
];

export function addPatternsCommand(program: Command, io: Io): void {
  const command = program
    .command('patterns')
    .description('list the patterns of log messages of critical, error and warning level, with their counts')
    .argument('[container...]', 'names or ids of containers, with * and ?')
    .option('--new', 'only patterns that came within the last hour, after an hour without them')
    .addOption(
      new Option('--sort <order>', 'the patterns with the most or with the newest messages first')
        .choices(['count', 'last'])
        .default('count'),
    )
    .option('--limit <rows>', 'maximum number of rows', '1000');
  addLogOptions(command);
  addWideOption(addClientOptions(command), 'first time, source, hash, whole first line').action(
    async (names: string[], options: Options) => {
      const limit = messageCount('--limit', options.limit);
      const filter = { ...logFilter(names, options), new: options.new ?? false, sort: options.sort, limit };
      const client = clientFor(options, io);
      const { patterns, truncated } = await client.logPatterns(filter);
      const missing = await missingContainers(client, names, patterns);
      if (options.output === 'json') printJson(io.out, patterns);
      else
        printSelected(
          io.out,
          options.wide ? [...columns, ...wideColumns] : fittingColumns(patterns),
          patterns,
          missing,
        );
      if (truncated) printLine(io.err, `Only the first ${limit} rows are shown; use --limit to show more.`);
      requireNames('container', missing);
    },
  );
}

/** The columns with a sample that is cut to the width of the terminal. */
function fittingColumns(patterns: readonly LogPatternView[]): Column<LogPatternView>[] {
  const used = columns.reduce((sum, { title, value }) => {
    return sum + Math.max(title.length, ...patterns.map((each) => printable(value(each)).length)) + PADDING;
  }, PADDING);
  const width = Math.max(MIN_SAMPLE_WIDTH, (process.stdout.columns ?? DEFAULT_WIDTH) - used);
  return [...columns, { title: 'SAMPLE', value: ({ sample }) => shortened(firstLine(sample), width) }];
}

function firstLine(text: string): string {
  return text.trim().split(/\r?\n/, 1)[0]!;
}

function shortened(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}\u2026`;
}
