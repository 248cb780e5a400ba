// `coroot-agent dns-requests`: DNS requests of containers, by domain, type and status.
import type { Command } from 'commander';
import type { ContainerDnsView, DnsRequestsView } from '../../src/api/resources/dns-requests.ts';
import { addClientOptions, type ClientCommandOptions, clientFor, type Io, rowLimit } from '../client-options.ts';
import { formatTime } from '../format.ts';
import { type Column, printJson, printTable } from '../output.ts';

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

export function addDnsRequestsCommand(program: Command, io: Io): void {
  const command = program
    .command('dns-requests')
    .alias('dns')
    .description('list the DNS requests of the containers, by domain, type and status')
    .argument('[container...]', 'names or ids of containers, with * and ?')
    .option('--failed', 'only requests that failed, and containers with failed or unanswered ones')
    .option('--limit <rows>', 'maximum number of rows', '10000');
  addClientOptions(command).action(
    async (names: string[], options: ClientCommandOptions & { limit: string; failed?: boolean }) => {
      const limit = rowLimit(options.limit);
      const filter = { container: names, failed: options.failed ?? false, limit };
      const answer = await clientFor(options, io).dnsRequests(filter);
      if (options.output === 'json') printJson(io.out, answer.containers);
      else printContainers(io, answer.containers);
      if (answer.truncated) process.stderr.write(`Only the first ${limit} rows are shown; use --limit to show more.\n`);
    },
  );
}

function printContainers({ out }: Io, containers: readonly ContainerDnsView[]): void {
  printTable(
    out,
    columns,
    containers.flatMap(({ containerId, requests }) => requests.map((each) => ({ containerId, ...each }))),
  );
  if (containers.length === 0) return;
  out('\n');
  printTable(out, containerColumns, containers);
}
