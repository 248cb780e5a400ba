// `coroot-agent listeners`: the TCP listeners of services, containers, Windows and shared processes.
import type { Command } from 'commander';
import type { AgentClient } from '../../src/api/client.ts';
import type { ListenerView } from '../../src/api/resources/listeners.ts';
import { endpointMatcher, matcher } from '../../src/base/wildcard.ts';
import { addClientOptions, type ClientCommandOptions, clientFor, type Io } from '../client-options.ts';
import { checkNames, missingNames, requireNames } from '../names.ts';
import { type Column, printJson, printSelected } from '../output.ts';

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
    checkNames(names);
    const client = clientFor(options, io);
    const { listeners } = await client.listeners();
    const matches = matcher(names);
    const matchesAddress = endpointMatcher(names);
    const rows = listeners.filter(
      ({ containerId, service, address }) =>
        [containerId, containerId.slice(containerId.lastIndexOf('/') + 1), service].some(matches) ||
        matchesAddress(address),
    );
    const missing = await missingOwners(client, names, listeners);
    if (options.output === 'json') printJson(io.out, rows);
    else printSelected(io.out, columns, rows, missing);
    requireNames('container, service or listener', missing);
  });
}

/** The names that are no address, container or service; one that does not listen is not missing. */
async function missingOwners(
  client: AgentClient,
  names: readonly string[],
  listeners: readonly ListenerView[],
): Promise<string[]> {
  const listening = listeners.flatMap(({ containerId, service, address }) => [containerId, service, address]);
  if (missingNames(names, listening).length === 0) return [];
  const [{ containers }, { services }] = await Promise.all([client.containers(), client.services()]);
  const owners = [...containers.flatMap(({ id, name }) => [id, name]), ...services.map(({ name }) => name)];
  return missingNames(names, [...listening, ...owners]);
}
