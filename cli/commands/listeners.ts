// `coroot-agent listeners`: who listens where.
import type { Command } from 'commander';
import { addClientOptions, type ClientCommandOptions, clientFor, type Io } from '../client-options.ts';
import { type Column, printJson, printTable } from '../output.ts';
import { matcher } from '../wildcard.ts';

interface Row {
  containerId: string;
  address: string;
  proxy: string;
}

const columns: Column<Row>[] = [
  { title: 'CONTAINER', value: ({ containerId }) => containerId },
  { title: 'ADDRESS', value: ({ address }) => address },
  { title: 'PROXY', value: ({ proxy }) => proxy },
];

export function addListenersCommand(program: Command, io: Io): void {
  const command = program
    .command('listeners')
    .description('list the addresses that the containers listen on')
    .argument('[name...]', 'containers by name or id, or addresses, with * and ?');
  addClientOptions(command).action(async (names: string[], options: ClientCommandOptions) => {
    const { containers } = await clientFor(options, io).containers();
    const matches = matcher(names);
    const rows = containers.flatMap(({ id, name, listeners }) =>
      listeners
        .filter(({ address }) => matches(name) || matches(id) || matches(address))
        .map(({ address, proxy }): Row => ({ containerId: id, address, proxy })),
    );
    if (options.output === 'json') printJson(io.out, rows);
    else printTable(io.out, columns, rows);
  });
}
