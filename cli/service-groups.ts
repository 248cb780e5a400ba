// `coroot-agent services --groups`: processes that several services share.
import type { GroupServiceView, GroupSocketsView, ServiceGroupView } from '../src/api/resources/service-groups.ts';
import { matcher } from '../src/base/wildcard.ts';
import { type ClientCommandOptions, clientFor, type Io } from './client-options.ts';
import { formatBytes, formatSeconds } from './format.ts';
import { missingNames, requireNames } from './names.ts';
import { type Column, printFacts, printJson, printLine, printTable } from './output.ts';

/** The row of sockets without a service has no rule. */
type Row = Pick<GroupServiceView, 'name' | 'containerId'> & GroupSocketsView & { rule: GroupServiceView['rule'] | '' };

const columns: Column<Row>[] = [
  { title: 'SERVICE', value: ({ name }) => name },
  { title: 'RULE', value: ({ rule }) => rule },
  { title: 'CONTAINER', value: ({ containerId }) => containerId },
  {
    title: 'CONNS',
    value: ({ connections }) => String(connections.reduce((sum, { active }) => sum + active, 0)),
    align: 'right',
  },
  { title: 'LISTENS', value: ({ listeners }) => listeners.join(' ') },
  { title: 'CONNECTS', value: ({ connections }) => connections.map(({ destination }) => destination).join(' ') },
];

/** Groups whose name, or the name of one of their services, matches. */
export async function printServiceGroups(
  names: readonly string[],
  options: ClientCommandOptions,
  io: Io,
): Promise<void> {
  const answer = await clientFor(options, io).serviceGroups();
  const matches = matcher(names);
  const groups = answer.groups.filter(({ group, services }) =>
    [group, ...services.map(({ name }) => name)].some(matches),
  );
  const known = answer.groups.flatMap(({ group, services }) => [group, ...services.map(({ name }) => name)]);
  const missing = missingNames(names, known);
  if (options.output === 'json') printJson(io.out, groups);
  else if (groups.length === 0 && missing.length === 0)
    printLine(io.out, 'No process is shared by several running services.');
  else for (const group of groups) printGroup(group, io);
  if (answer.stale)
    printLine(io.err, 'The last poll of the service control manager failed: these groups are from the previous one.');
  if (answer.groups.length > 0 && !answer.socketsByService)
    printLine(
      io.err,
      'Windows does not report which service a socket belongs to; `coroot-agent status` has the reason.',
    );
  requireNames('group or service in a shared process', missing);
}

function printGroup({ pid, group, process, services, unattributed }: ServiceGroupView, io: Io): void {
  const memory =
    process.privateWorkingSetBytes > 0
      ? `${formatBytes(process.privateWorkingSetBytes)} private`
      : `${formatBytes(process.workingSetBytes)} working set`;
  printFacts(io.out, [
    ['process', `${pid} ${process.image}${group ? ` -k ${group}` : ''}`],
    [
      'as a whole',
      `CPU ${formatSeconds(process.cpuSeconds)}, memory ${memory}, ${process.threads} threads, ` +
        `${process.handles} handles`,
    ],
  ]);
  const remainder: Row = { name: '(unattributed)', rule: '', containerId: '', ...unattributed };
  const rest = unattributed.listeners.length + unattributed.connections.length > 0 ? [remainder] : [];
  printTable(io.out, columns, [...services, ...rest]);
  printLine(io.out, '');
}
