// `coroot-agent listeners`: the TCP listeners of services, containers, Windows and shared processes.
import type { Command } from 'commander';
import type { ListenerView } from '../../src/api/resources/listeners.ts';
import { endpointMatcher, matcher } from '../../src/base/wildcard.ts';
import { addClientOptions, type ClientCommandOptions, clientFor, type Io } from '../client-options.ts';
import { type Column, printJson, printTable } from '../output.ts';

const columns: Column<ListenerView>[] = [
  { title: 'CONTAINER', value: ({ containerId }) => containerId },
  { title: 'SERVICE', value: ({ service }) => service },
  { title: 'ADDRESS', value: ({ address }) => address },
  { title: 'PID', value: ({ pid }) => (pid === 0 ? '' : String(pid)), align: 'right' },
  { title: 'DETECTED BY', value: ({ detectedBy }) => detectedBy },
  { title: 'DETAIL', value: ({ proxy, detail }) => [proxy, detail].filter(Boolean).join(' ') },
];

export function addListenersCommand(program: Command, io: Io): void {
  const command = program
    .command('listeners')
    .description(
      'list the addresses that services and containers listen on, and those of Windows and of shared processes',
    )
    .argument('[name...]', 'containers by name or id, services, or addresses, with * and ?');
  addClientOptions(command).action(async (names: string[], options: ClientCommandOptions) => {
    const { listeners } = await clientFor(options, io).listeners();
    const matches = matcher(names);
    const matchesAddress = endpointMatcher(names);
    const rows = listeners.filter(
      ({ containerId, service, address }) =>
        [containerId, containerId.slice(containerId.lastIndexOf('/') + 1), service].some(matches) ||
        matchesAddress(address),
    );
    if (options.output === 'json') printJson(io.out, rows);
    else printTable(io.out, columns, rows);
  });
}
