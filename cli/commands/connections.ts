// `coroot-agent connections`: who is connected to whom.
import type { Command } from 'commander';
import type { ConnectionView } from '../../src/api/schemas.ts';
import { AgentError } from '../../src/base/errors.ts';
import { addClientOptions, type ClientCommandOptions, clientFor, type Io } from '../client-options.ts';
import { type Column, printJson, printTable } from '../output.ts';
import { matcher } from '../wildcard.ts';

const columns: Column<ConnectionView>[] = [
  { title: 'CONTAINER', value: ({ containerId }) => containerId },
  { title: 'DESTINATION', value: ({ destination }) => destination },
  { title: 'ACTUAL', value: ({ actualDestination }) => actualDestination },
  { title: 'ACTIVE', value: ({ active }) => String(active), align: 'right' },
];

/** As docs/api.md says. */
const MAX_CONNECTION_ROWS = 200_000;

export function addConnectionsCommand(program: Command, io: Io): void {
  const command = program
    .command('connections')
    .description('list the outbound connections of the containers, by destination')
    .argument('[container...]', 'names or ids of containers, with * and ?')
    .option('--limit <rows>', 'rows to ask for', '10000');
  addClientOptions(command).action(async (names: string[], options: ClientCommandOptions & { limit: string }) => {
    if (!/^[1-9]\d{0,5}$/.test(options.limit) || Number(options.limit) > MAX_CONNECTION_ROWS)
      throw new AgentError('USAGE', { reason: `--limit: ${options.limit} is not a whole number from 1 to ${MAX_CONNECTION_ROWS}` });
    const answer = await clientFor(options, io).connections({ limit: Number(options.limit) });
    const matches = matcher(names);
    const connections = answer.connections.filter(({ containerId, containerName }) => matches(containerName) || matches(containerId));
    if (options.output === 'json') printJson(io.out, connections);
    else printTable(io.out, columns, connections);
    if (answer.truncated)
      process.stderr.write(`Only the first ${answer.connections.length} destinations are shown; ask for more with --limit.\n`);
  });
}
