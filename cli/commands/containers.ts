// `coroot-agent containers`: the containers of the host and their usage.
import type { Command } from 'commander';
import type { ContainerView } from '../../src/api/resources/containers.ts';
import { matcher } from '../../src/base/wildcard.ts';
import { addClientOptions, addWideOption, clientFor, type Io, type WideCommandOptions } from '../client-options.ts';
import { formatBytes, formatDuration, formatExitCode, formatSeconds } from '../format.ts';
import { checkNames, missingNames, requireNames } from '../names.ts';
import { type Column, printJson, printSelected } from '../output.ts';

export function addContainersCommand(program: Command, io: Io): void {
  const command = program
    .command('containers')
    .description('list the containers of the host: Windows services and Docker containers')
    .argument('[name...]', 'names or ids, with * and ?');
  addWideOption(addClientOptions(command)).action(async (names: string[], options: WideCommandOptions) => {
    checkNames(names);
    const answer = await clientFor(options, io).containers();
    const matches = matcher(names);
    const known = answer.containers.flatMap(({ name, id }) => [name, id]);
    const missing = missingNames(names, known);
    const containers = answer.containers.filter(({ name, id }) => matches(name) || matches(id));
    if (options.output === 'json') printJson(io.out, containers);
    else printSelected(io.out, [...columns, ...(options.wide ? wideColumns : [])], containers, missing);
    requireNames('container', missing);
  });
}

const columns: readonly Column<ContainerView>[] = [
  { title: 'CONTAINER', value: ({ id }) => id },
  { title: 'STATE', value: stateText },
  { title: 'PID', value: ({ pid }) => (pid === 0 ? '' : String(pid)), align: 'right' },
  { title: 'PROCS', value: ({ pids }) => String(pids.length), align: 'right' },
  {
    title: 'UP',
    value: ({ uptimeSeconds }) => (uptimeSeconds === 0 ? '' : formatDuration(uptimeSeconds)),
    align: 'right',
  },
  { title: 'RESTARTS', value: restartsText, align: 'right' },
  { title: 'CPU', value: ({ cpuSeconds }) => formatSeconds(cpuSeconds), align: 'right' },
  { title: 'MEMORY', value: ({ rssBytes }) => formatBytes(rssBytes), align: 'right' },
  { title: 'CONNS', value: ({ activeConnections }) => String(activeConnections), align: 'right' },
  { title: 'LISTENS', value: ({ listeners }) => listeners.map(({ address }) => address).join(' ') },
];

/** The state; that of a failed container has the exit code. */
function stateText({ state, lastExit }: ContainerView): string {
  return state === 'failed' || state === 'restarting' ? `${state} (exit code ${formatExitCode(lastExit.code)})` : state;
}

function limitsText({ limits: { memoryBytes, cpuCores, hasUnnamedJob } }: ContainerView): string {
  if (hasUnnamedJob) return 'unknown (unnamed job object)';
  const parts = [
    memoryBytes > 0 ? formatBytes(memoryBytes) : '',
    cpuCores > 0 ? `${Number(cpuCores.toFixed(2))} cores` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function restartsText({ restarts, restartsByCause: { crash } }: ContainerView): string {
  return crash === 0 ? String(restarts) : `${restarts} (${crash} crashed)`;
}

/** Restarts by Docker's restart policy. */
function policyRestarts({ id, restartCount }: ContainerView['docker']): string {
  return id === '' ? '' : String(restartCount);
}

/** `process` or `hyperv`, with the age of its statistics. */
function dockerText({ docker: { isolation, statsAgeSeconds } }: ContainerView): string {
  if (isolation === '') return '';
  return statsAgeSeconds === 0 ? isolation : `${isolation}, statistics ${formatDuration(statsAgeSeconds)} old`;
}

const wideColumns: Column<ContainerView>[] = [
  {
    title: 'LAST EXIT',
    value: ({ lastExit: { atMs, code, meaning } }) => (atMs === 0 ? '' : `${formatExitCode(code)}, ${meaning}`),
  },
  { title: 'LIMITS', value: limitsText },
  { title: 'ERRORS', value: ({ logMessages: { critical, error } }) => String(critical + error), align: 'right' },
  { title: 'WARNINGS', value: ({ logMessages }) => String(logMessages.warning), align: 'right' },
  { title: 'THREADS', value: ({ threads }) => String(threads), align: 'right' },
  { title: 'HANDLES', value: ({ handles }) => String(handles), align: 'right' },
  { title: 'HARD FAULTS', value: ({ pageFaults }) => String(pageFaults.hard), align: 'right' },
  { title: 'READ', value: ({ io }) => formatBytes(io.readBytes), align: 'right' },
  { title: 'WRITTEN', value: ({ io }) => formatBytes(io.writtenBytes), align: 'right' },
  { title: 'I/O SOURCE', value: ({ io }) => io.source },
  { title: 'ISOLATION', value: dockerText },
  { title: 'NETWORKS', value: ({ docker }) => docker.networks.map(({ name }) => name).join(' ') },
  { title: 'POLICY RESTARTS', value: ({ docker }) => policyRestarts(docker), align: 'right' },
  { title: 'IMAGE', value: ({ image, imagePath }) => image || imagePath },
];
