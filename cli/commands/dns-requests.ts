// `coroot-agent dns-requests`: DNS requests of containers, by domain, type and status.
import type { Command } from 'commander';
import type { ContainerDnsView, DnsRequestsView } from '../../src/api/resources/dns-requests.ts';
import {
  addClientOptions,
  addWideOption,
  clientFor,
  type Io,
  rowLimit,
  type WideCommandOptions,
} from '../client-options.ts';
import { formatSeconds, formatTime } from '../format.ts';
import { checkNames, missingContainers, requireNames } from '../names.ts';
import { type Column, type Out, printJson, printLine, printTable } from '../output.ts';

interface Row extends DnsRequestsView {
  containerId: string;
}

const columns: Column<Row>[] = [
  { title: 'CONTAINER', value: ({ containerId }) => containerId },
  { title: 'DOMAIN', value: ({ domain }) => domain },
  { title: 'TYPE', value: ({ type }) => type },
  { title: 'STATUS', value: ({ status }) => status },
  { title: 'COUNT', value: ({ count }) => String(count), align: 'right' },
];

const containerColumns: Column<ContainerDnsView>[] = [
  { title: 'CONTAINER', value: ({ containerId }) => containerId },
  { title: 'UNANSWERED', value: ({ unanswered }) => String(unanswered), align: 'right' },
  { title: 'TIMED', value: ({ timedRequests }) => String(timedRequests), align: 'right' },
  {
    title: 'MEAN',
    value: ({ timedRequests, meanDurationSeconds: s }) => (timedRequests === 0 ? '' : `${(s * 1000).toFixed(1)} ms`),
    align: 'right',
  },
  {
    title: 'LAST FAILURE',
    value: ({ lastFailure: { domain, type, status } }) => [domain, type, status].filter(Boolean).join(' '),
  },
  { title: 'AT', value: ({ lastFailure: { atMs } }) => formatTime(atMs) },
];

const wideContainerColumns: Column<ContainerDnsView>[] = [
  ...containerColumns,
  // Windows error codes are decimal numbers.
  { title: 'CODE', value: ({ lastFailure: { atMs, code } }) => (atMs === 0 ? '' : String(code)), align: 'right' },
  { title: 'TOTAL', value: ({ durationSeconds }) => formatSeconds(durationSeconds), align: 'right' },
  { title: 'NAME', value: ({ containerName }) => containerName },
];

export function addDnsRequestsCommand(program: Command, io: Io): void {
  const command = program
    .command('dns-requests')
    .alias('dns')
    .description('list the DNS requests of the containers, by domain, type and status')
    .argument('[container...]', 'names or ids of containers, with * and ?')
    .option('--failed', 'only requests that failed, and containers with failed or unanswered ones')
    .option('--limit <rows>', 'maximum number of rows', '10000');
  addWideOption(addClientOptions(command), 'codes, total time, names').action(
    async (names: string[], options: WideCommandOptions & { limit: string; failed?: boolean }) => {
      checkNames(names);
      const limit = rowLimit(options.limit);
      const filter = { container: names, failed: options.failed ?? false, limit };
      const client = clientFor(options, io);
      const answer = await client.dnsRequests(filter);
      const missing = await missingContainers(client, names, answer.containers);
      if (options.output === 'json') printJson(io.out, answer.containers);
      else if (answer.containers.length > 0 || missing.length === 0)
        printContainers(io.out, answer.containers, options.wide ? wideContainerColumns : containerColumns);
      if (answer.truncated) printLine(io.err, `Only the first ${limit} rows are shown; use --limit to show more.`);
      requireNames('container', missing);
    },
  );
}

function printContainers(
  out: Out,
  containers: readonly ContainerDnsView[],
  shown: readonly Column<ContainerDnsView>[],
): void {
  printTable(
    out,
    columns,
    containers.flatMap(({ containerId, requests }) => requests.map((each) => ({ containerId, ...each }))),
  );
  if (containers.length === 0) return;
  printLine(out, '');
  printTable(out, shown, containers);
}
