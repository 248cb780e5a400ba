// `coroot-agent processes`: every process with the containers that it belongs to.
import type { Command } from 'commander';
import type { ProcessView } from '../../src/api/resources/processes.ts';
import { matcher } from '../../src/base/wildcard.ts';
import { addClientOptions, addWideOption, clientFor, type Io, type WideCommandOptions } from '../client-options.ts';
import { formatBytes, formatDuration, formatSeconds } from '../format.ts';
import { type Column, printJson, printLine, printTable } from '../output.ts';

export function addProcessesCommand(program: Command, io: Io): void {
  const command = program
    .command('processes')
    .description('list all processes, with the containers that they belong to')
    .argument('[name...]', 'names of processes, names or ids of containers, or pids, with * and ?');
  addWideOption(addClientOptions(command)).action(async (names: string[], options: WideCommandOptions) => {
    const client = clientFor(options, io);
    const matches = matcher(names);
    const answer = await client.processes();
    // The control plane selects by names of containers too, which the list does not have.
    const selected = names.length === 0 ? answer : await client.processes({ container: names });
    const inContainer = new Set(selected.processes.map(({ pid }) => pid));
    const wanted = ({ name, pid }: ProcessView) => matches(name) || matches(String(pid)) || inContainer.has(pid);
    const processes = answer.processes.filter(wanted);
    if (options.output === 'json') printJson(io.out, processes);
    else printTable(io.out, [...columns, ...(options.wide ? wideColumns : [])], processes);
    if (answer.stale) printLine(io.err, 'The last poll of the processes failed: this list is from the previous one.');
  });
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
