// `coroot-agent services`: every Windows service and whether it is a container.
import type { Command } from 'commander';
import type { ServiceView } from '../../src/api/resources/services.ts';
import { matcher } from '../../src/base/wildcard.ts';
import { addClientOptions, type ClientCommandOptions, clientFor, type Io } from '../client-options.ts';
import { checkNames, missingNames, requireNames } from '../names.ts';
import { type Column, printJson, printLine, printSelected } from '../output.ts';
import { printServiceGroups } from '../service-groups.ts';

const columns: Column<ServiceView>[] = [
  { title: 'SERVICE', value: ({ name }) => name },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'START', value: ({ startType }) => startType },
  { title: 'PID', value: ({ pid }) => (pid === 0 ? '' : String(pid)), align: 'right' },
  { title: 'SHARED', value: ({ sharedWith }) => (sharedWith.length === 0 ? '' : `with ${sharedWith.length}`) },
  { title: 'CONTAINER', value: ({ containerId }) => containerId },
  { title: 'RULE', value: ({ rule }) => rule },
  { title: 'WHY', value: ({ explanation }) => explanation },
];

/** Columns of --explain: the inputs of the decision. */
const explained: Column<ServiceView>[] = [
  { title: 'TYPE', value: ({ serviceType }) => `0x${serviceType.toString(16)}` },
  { title: 'ACCOUNT', value: ({ account }) => account },
  { title: 'PATH', value: ({ binaryPath }) => binaryPath },
];

export function addServicesCommand(program: Command, io: Io): void {
  const command = program
    .command('services')
    .description('list all Windows services, and the rule by which each is or is not a container')
    .argument('[name...]', 'names, with * and ?')
    .option('--explain', 'also show the inputs of the decision: type bits, account, path', false)
    .option('--groups', 'show the processes that several services share, with the owners of their sockets', false);
  addClientOptions(command).action(
    async (names: string[], options: ClientCommandOptions & { explain: boolean; groups: boolean }) => {
      checkNames(names);
      if (options.groups) return printServiceGroups(names, options, io);
      const answer = await clientFor(options, io).services();
      const matches = matcher(names);
      const services = answer.services.filter(({ name }) => matches(name));
      const known = answer.services.map(({ name }) => name);
      const missing = missingNames(names, known);
      if (options.output === 'json') printJson(io.out, services);
      else printSelected(io.out, options.explain ? [...columns, ...explained] : columns, services, missing);
      if (answer.stale)
        printLine(io.err, 'The last poll of the service control manager failed: this list is from the previous one.');
      requireNames('service', missing);
    },
  );
}
