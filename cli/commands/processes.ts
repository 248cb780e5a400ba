// `coroot-agent processes`: every process with the containers that it belongs to.
import type { Command } from 'commander';
import type { AgentClient } from '../../src/api/client.ts';
import type { ProcessView } from '../../src/api/resources/processes.ts';
import { matcher } from '../../src/base/wildcard.ts';
import { addClientOptions, addWideOption, clientFor, type Io, type WideCommandOptions } from '../client-options.ts';
import { formatBytes, formatDuration, formatSeconds } from '../format.ts';
import { checkNames, missingNames, requireNames } from '../names.ts';
import { type Column, printJson, printLine, printSelected } from '../output.ts';

export function addProcessesCommand(program: Command, io: Io): void {
  const command = program
    .command('processes')
    .description('list all processes, with the containers that they belong to')
    .argument('[name...]', 'names of processes, names or ids of containers, or pids, with * and ?');
  addWideOption(addClientOptions(command)).action(async (names: string[], options: WideCommandOptions) => {
    checkNames(names);
    const client = clientFor(options, io);
    const matches = matcher(names);
    const answer = await client.processes();
    // The control plane selects by names of containers too, which the list does not have.
    const selected = names.length === 0 ? answer : await client.processes({ container: names });
    const inContainer = new Set(selected.processes.map(({ pid }) => pid));
    const wanted = (each: ProcessView) => processNames(each).some(matches) || inContainer.has(each.pid);
    const processes = answer.processes.filter(wanted);
    const missing = await missingProcesses(client, names, answer.processes);
    if (options.output === 'json') printJson(io.out, processes);
    else printSelected(io.out, [...columns, ...(options.wide ? wideColumns : [])], processes, missing);
    if (answer.stale) printLine(io.err, 'The last poll of the processes failed: this list is from the previous one.');
    requireNames('process or container', missing);
  });
}

/** What finds a process: its name with and without `.exe`, and its id. */
function processNames({ name, pid }: ProcessView): string[] {
  return [name, name.replace(/\.exe$/i, ''), String(pid)];
}

/** The names that are no process or container; a container without processes is not missing. */
async function missingProcesses(
  client: AgentClient,
  names: readonly string[],
  processes: readonly ProcessView[],
): Promise<string[]> {
  const known = processes.flatMap((each) => [...processNames(each), ...each.containerIds]);
  if (missingNames(names, known).length === 0) return [];
  const { containers } = await client.containers();
  return missingNames(names, [...known, ...containers.flatMap(({ id, name }) => [id, name])]);
}

const columns: readonly Column<ProcessView>[] = [
  { title: 'PID', value: ({ pid }) => String(pid), align: 'right' },
  { title: 'PARENT', value: ({ parentPid }) => String(parentPid), align: 'right' },
  { title: 'PROCESS', value: ({ name }) => name },
  { title: 'CONTAINER', value: ({ containerIds }) => containerIds.join(' ') },
  {
    title: 'UP',
    value: ({ uptimeSeconds }) => (uptimeSeconds === 0 ? '' : formatDuration(uptimeSeconds)),
    align: 'right',
  },
  { title: 'CPU', value: ({ cpuSeconds }) => formatSeconds(cpuSeconds), align: 'right' },
  {
    title: 'PRIVATE',
    value: ({ privateWorkingSetBytes: bytes }) => (bytes === 0 ? '' : formatBytes(bytes)),
    align: 'right',
  },
  { title: 'WORKING SET', value: ({ workingSetBytes }) => formatBytes(workingSetBytes), align: 'right' },
  { title: 'THREADS', value: ({ threads }) => String(threads), align: 'right' },
  { title: 'HANDLES', value: ({ handles }) => String(handles), align: 'right' },
];

const wideColumns: Column<ProcessView>[] = [{ title: 'IMAGE', value: ({ imagePath }) => imagePath }];
