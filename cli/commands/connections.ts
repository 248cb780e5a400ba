// `coroot-agent connections`: outbound connections of containers, by destination.
import type { Command } from 'commander';
import type { ConnectionView } from '../../src/api/resources/connections.ts';
import {
  addClientOptions,
  addWideOption,
  clientFor,
  type Io,
  rowLimit,
  type WideCommandOptions,
} from '../client-options.ts';
import { formatBytes, formatTime } from '../format.ts';
import { checkNames, missingContainers, requireNames } from '../names.ts';
import { type Column, printJson, printLine, printSelected } from '../output.ts';

const columns: Column<ConnectionView>[] = [
  { title: 'CONTAINER', value: ({ containerId }) => containerId },
  { title: 'DESTINATION', value: ({ destination }) => destination },
  { title: 'ACTUAL', value: ({ actualDestination }) => actualDestination },
  { title: 'ACTIVE', value: ({ active }) => String(active), align: 'right' },
  // `~`: at least one connect was inferred from the TCP tables.
  {
    title: 'CONNECTS',
    value: (each) => `${each.successfulConnects}${each.inferredConnects > 0 ? '~' : ''}`,
    align: 'right',
  },
  { title: 'FAILED', value: ({ failedConnects }) => String(failedConnects), align: 'right' },
];

const wideColumns: Column<ConnectionView>[] = [
  ...columns,
  { title: 'NAME', value: ({ destinationName }) => destinationName },
  {
    title: 'CONNECT TIME',
    value: ({ meanConnectSeconds: s }) => (s === 0 ? '' : `${(s * 1000).toFixed(1)} ms`),
    align: 'right',
  },
  { title: 'RTT', value: ({ rttSeconds: s }) => (s === 0 ? '' : `${(s * 1000).toFixed(1)} ms`), align: 'right' },
  { title: 'SENT', value: ({ sentBytes }) => formatBytes(sentBytes), align: 'right' },
  { title: 'RECEIVED', value: ({ receivedBytes }) => formatBytes(receivedBytes), align: 'right' },
  { title: 'RETRANS', value: ({ retransmits }) => String(retransmits), align: 'right' },
  { title: 'LAST FAILURE', value: ({ lastFailure }) => lastFailure },
];

const failedColumns: Column<ConnectionView>[] = [
  { title: 'CONTAINER', value: ({ containerId }) => containerId },
  { title: 'DESTINATION', value: ({ destination }) => destination },
  { title: 'NAME', value: ({ destinationName }) => destinationName },
  { title: 'FAILED', value: ({ failedConnects }) => String(failedConnects), align: 'right' },
  {
    title: 'REASONS',
    value: ({ failures }) =>
      Object.entries(failures)
        .map(([reason, count]) => `${reason} ${count}`)
        .join(', '),
  },
  { title: 'LAST', value: ({ lastFailureAtMs }) => formatTime(lastFailureAtMs) },
];

export function addConnectionsCommand(program: Command, io: Io): void {
  const command = program
    .command('connections')
    .description('list the outbound connections of the containers, by destination')
    .argument('[container...]', 'names or ids of containers, with * and ?')
    .option('--failed', 'only destinations with failed connects, and why they failed')
    .option('--limit <rows>', 'maximum number of rows', '10000');
  addWideOption(addClientOptions(command), 'names, times, bytes, retransmits, the last failure').action(
    async (names: string[], options: WideCommandOptions & { limit: string; failed?: boolean }) => {
      checkNames(names);
      const limit = rowLimit(options.limit);
      const filter = { container: names, failed: options.failed ?? false, limit };
      const client = clientFor(options, io);
      const answer = await client.connections(filter);
      const missing = await missingContainers(client, names, answer.connections);
      const shown = options.failed ? failedColumns : options.wide ? wideColumns : columns;
      if (options.output === 'json') printJson(io.out, answer.connections);
      else printSelected(io.out, shown, answer.connections, missing);
      if (answer.truncated)
        printLine(
          io.err,
          `Only the first ${answer.connections.length} destinations are shown; use --limit to show more.`,
        );
      requireNames('container', missing);
    },
  );
}
