// `coroot-agent status`: the state of the agent, its host and its sources.
import type { Command } from 'commander';
import type { DeliveryView } from '../../src/api/resources/deliveries.ts';
import type { SourceStatus, StatusAnswer } from '../../src/api/resources/status.ts';
import { addClientOptions, type ClientCommandOptions, clientFor, type Io } from '../client-options.ts';
import { formatDuration, formatTime } from '../format.ts';
import { type Column, printFacts, printJson, printLine, printTable } from '../output.ts';

const sourceColumns: Column<SourceStatus>[] = [
  { title: 'SOURCE', value: ({ kind }) => kind },
  { title: 'STATE', value: ({ available }) => (available ? 'ok' : 'unavailable') },
  { title: 'READINGS', value: ({ readings }) => String(readings), align: 'right' },
  { title: 'FAILED', value: ({ failures }) => String(failures), align: 'right' },
  { title: 'LAST READ', value: ({ lastReadSeconds: s }) => `${(s * 1000).toFixed(1)} ms`, align: 'right' },
  { title: 'PROBLEMS', value: ({ problems }) => problems.join('; ') },
];

const deliveryColumns: Column<DeliveryView>[] = [
  { title: 'DELIVERY', value: ({ destination }) => destination },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'QUEUED', value: ({ queuedItems }) => String(queuedItems), align: 'right' },
  { title: 'OLDEST', value: ({ oldestAgeSeconds }) => formatDuration(oldestAgeSeconds), align: 'right' },
  { title: 'DELIVERED', value: ({ deliveredItems }) => String(deliveredItems), align: 'right' },
  { title: 'DROPPED', value: ({ droppedItems }) => sumText(droppedItems), align: 'right' },
  {
    title: 'LAST SUCCESS',
    value: ({ lastSuccessAtMs }) => (lastSuccessAtMs > 0 ? formatTime(lastSuccessAtMs) : 'never'),
  },
  { title: 'ENDPOINT', value: ({ endpoint }) => endpoint },
];

type Missing = StatusAnswer['missing'][number];

const missingColumns: Column<Missing>[] = [
  { title: 'MISSING', value: ({ part }) => part },
  { title: 'REQUIRED RIGHT', value: ({ requiredRight }) => requiredRight || 'no right helps' },
  { title: 'CONSEQUENCE', value: ({ consequence }) => consequence },
];

export function addStatusCommand(program: Command, io: Io): void {
  const command = program.command('status').description('show the agent, its host and what it can and cannot read');
  addClientOptions(command).action(async (options: ClientCommandOptions) => {
    const answer = await clientFor(options, io).status();
    if (options.output === 'json') {
      printJson(io.out, answer);
      return;
    }
    printFacts(io.out, summary(answer));
    if (answer.agent.listenProblem !== '') printLine(io.out, `Port in use: ${answer.agent.listenProblem}`);
    printTable(io.out, sourceColumns, answer.sources);
    printDeliveries(io, answer);
    if (answer.missing.length > 0) {
      printLine(io.out, '');
      printTable(io.out, missingColumns, answer.missing);
    }
    for (const { setting, pattern } of answer.unmatchedPatterns)
      printLine(io.out, `Setting ${setting}: the pattern ${pattern} matches nothing on this host.`);
    for (const { part, reason, sinceMs, nextAttemptAtMs } of answer.retrying)
      printLine(
        io.out,
        `${part} does not work since ${formatTime(sinceMs)}, next attempt at ${formatTime(nextAttemptAtMs)}: ${reason}`,
      );
    const failing = answer.collectors.filter(({ failures }) => failures > 0);
    for (const { name, failures, lastError } of failing)
      printLine(io.out, `Collector ${name} failed ${failures} times: ${lastError}`);
  });
}

function printDeliveries(io: Io, { deliveries, spool, outputs }: StatusAnswer): void {
  if (deliveries.length > 0) {
    printLine(io.out, '');
    printTable(io.out, deliveryColumns, deliveries);
  }
  for (const { destination, problem, nextAttemptAtMs } of deliveries) {
    if (problem === '') continue;
    const next = nextAttemptAtMs > 0 ? ` The next attempt is at ${formatTime(nextAttemptAtMs)}.` : '';
    printLine(io.out, `Delivery of ${destination}: ${problem}${next}`);
  }
  for (const { destination, changes } of deliveries)
    if (Object.keys(changes).length > 0)
      printLine(io.out, `Delivery of ${destination}: changes that keep records within limits: ${sumText(changes)}`);
  if (spool.problem !== '') printLine(io.out, `Spool ${spool.folder}: ${spool.problem}`);
  const failing = outputs.filter(({ problem }) => problem !== '');
  for (const { name, problem } of failing) printLine(io.out, `Output ${name}: ${problem}`);
}

/** The sum with its parts, e.g. `7 (too_old 5, spool_full 2)`. */
function sumText(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  const sum = parts.reduce((total, [, count]) => total + count, 0);
  return parts.length === 0 ? '0' : `${sum} (${parts.map(([reason, count]) => `${reason} ${count}`).join(', ')})`;
}

function summary({
  agent,
  host,
  passes,
  connectDetection,
  events,
  containers,
  services,
  connections,
}: StatusAnswer): [string, string][] {
  const hostText = `${host.hostname || 'unknown'}, ${host.kernelVersion || 'unknown system'}`;
  const lastPass = `at ${formatTime(passes.lastAtMs)} in ${(passes.lastDurationSeconds * 1000).toFixed(1)} ms`;
  const rows: [string, string][] = [
    ['Agent', `${agent.version}, process ${agent.pid}, Node ${agent.nodeVersion}, http://${agent.listen}`],
    ['Host', `${hostText}, up ${formatDuration(host.uptimeSeconds)}`],
    ['Source', sourceText(host)],
    ['Rights', host.elevated ? 'elevated' : 'not elevated: some parts may be missing, see the problems below'],
    ['Found', `${containers} containers in ${services} services, ${connections} outbound connections`],
    [
      'Connects',
      connectDetection.source === 'events' ? 'by events' : `inferred from TCP tables: ${connectDetection.reason}`,
    ],
    ['Events', eventsText(events)],
    ['Passes', `${passes.count}, every ${passes.intervalSeconds} s, the last ${lastPass} with ${passes.series} series`],
  ];
  if (host.standIns.length > 0)
    rows.push(['Stand-ins', host.standIns.map(({ part, replacement }) => `${part}: ${replacement}`).join('; ')]);
  if (host.problem) rows.push(['Problem', host.problem]);
  return rows;
}

function eventsText({
  state,
  reason,
  events,
  eventsLost,
  buffersLost,
  realTimeBuffersLost,
  dropped,
}: StatusAnswer['events']): string {
  const buffers = buffersLost + realTimeBuffersLost;
  const droppedCount = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  const reasonText = reason ? ` (${reason})` : '';
  if (state === 'off') return 'off';
  const losses = `lost ${eventsLost} events and ${buffers} buffers; dropped ${droppedCount}`;
  return `${state}${reasonText}, ${events} events; ${losses}`;
}

function sourceText(host: StatusAnswer['host']): string {
  if (host.kind !== 'tape') return `this machine (${host.platform})`;
  const { file, ended } = host.detail;
  return `tape ${file}, recorded on ${host.platform}${ended ? ', at its end' : ''}`;
}
