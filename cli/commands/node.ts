// `coroot-agent node`: processors, memory, disks and network adapters of the machine.
import type { Command } from 'commander';
import type { DiskView, InterfaceView, NodeAnswer } from '../../src/api/resources/node.ts';
import { addClientOptions, type ClientCommandOptions, clientFor, type Io } from '../client-options.ts';
import { formatBytes, formatDuration, formatSeconds } from '../format.ts';
import { type Column, printFacts, printJson, printLine, printTable } from '../output.ts';

/** The text of a counter column, empty for a disk without counters. */
const ifCounted = (disk: DiskView, text: string): string => (disk.hasCounters ? text : '');

const diskColumns: Column<DiskView>[] = [
  { title: 'DISK', value: ({ device }) => device },
  { title: 'SIZE', value: ({ sizeBytes }) => (sizeBytes === 0 ? '' : formatBytes(sizeBytes)), align: 'right' },
  {
    title: 'FREE',
    value: ({ sizeBytes, freeBytes }) => (sizeBytes === 0 ? '' : formatBytes(freeBytes)),
    align: 'right',
  },
  { title: 'READS', value: (disk) => ifCounted(disk, String(disk.reads)), align: 'right' },
  { title: 'READ', value: (disk) => ifCounted(disk, formatBytes(disk.readBytes)), align: 'right' },
  { title: 'WRITES', value: (disk) => ifCounted(disk, String(disk.writes)), align: 'right' },
  { title: 'WRITTEN', value: (disk) => ifCounted(disk, formatBytes(disk.writtenBytes)), align: 'right' },
  {
    title: 'BUSY',
    value: (disk) => (disk.hasCounters ? formatSeconds(disk.busySeconds) : 'no counters'),
    align: 'right',
  },
];

/** The text of a traffic column, empty if the adapter does not count its frames itself. */
const ifOwnTraffic = (adapter: InterfaceView, text: string): string => (adapter.traffic === 'own' ? text : '');

const interfaceColumns: Column<InterfaceView>[] = [
  { title: 'ADAPTER', value: ({ name }) => name },
  { title: 'STATE', value: ({ up }) => (up ? 'up' : 'down') },
  { title: 'RECEIVED', value: (adapter) => ifOwnTraffic(adapter, formatBytes(adapter.receivedBytes)), align: 'right' },
  { title: 'SENT', value: (adapter) => ifOwnTraffic(adapter, formatBytes(adapter.transmittedBytes)), align: 'right' },
  {
    title: 'ERRORS',
    value: (adapter) => ifOwnTraffic(adapter, String(adapter.receivedErrors + adapter.transmittedErrors)),
    align: 'right',
  },
  {
    title: 'DROPS',
    value: (adapter) => ifOwnTraffic(adapter, String(adapter.receivedDrops + adapter.transmittedDrops)),
    align: 'right',
  },
  {
    title: 'TRAFFIC',
    value: ({ traffic }) =>
      traffic === 'lower-device' ? 'counted by the device below' : traffic === 'own' ? '' : 'unknown',
  },
  { title: 'ADDRESSES', value: ({ addresses }) => addresses.join(' ') },
];

export function addNodeCommand(program: Command, io: Io): void {
  const command = program
    .command('node')
    .description('show processors, memory, disks and network adapters of the machine');
  addClientOptions(command).action(async (options: ClientCommandOptions) => {
    const answer = await clientFor(options, io).node();
    if (options.output === 'json') {
      printJson(io.out, answer);
      return;
    }
    printFacts(io.out, summary(answer));
    printTable(io.out, diskColumns, answer.disks);
    printLine(io.out, '');
    printTable(io.out, interfaceColumns, answer.interfaces);
  });
}

function summary({ hostname, kernelVersion, uptimeSeconds, cloud, cpu, memory }: NodeAnswer): [string, string][] {
  const { userSeconds, systemSeconds, idleSeconds } = cpu;
  const seconds = { user: userSeconds, system: systemSeconds, idle: idleSeconds };
  const times = Object.entries(seconds).map(([mode, value]) => `${formatSeconds(value)} ${mode}`);
  const { totalBytes, availableBytes, freeBytes, cachedBytes, source } = memory;
  const parts = `${formatBytes(freeBytes)} free, ${formatBytes(cachedBytes)} cached (by ${source})`;
  return [
    ['Node', `${hostname}, ${kernelVersion}, up ${formatDuration(uptimeSeconds)}`],
    ...(cloud.provider === '' ? [] : ([['Cloud', cloudText(cloud)]] satisfies [string, string][])),
    ['Processors', cpu.logicalProcessors === 0 ? 'unknown' : [cpu.logicalProcessors, ...times].join(', ')],
    [
      'Memory',
      totalBytes === 0 ? 'unknown' : `${formatBytes(totalBytes)}, ${formatBytes(availableBytes)} available: ${parts}`,
    ],
  ];
}

/** e.g. `Azure, eastus2, zone 1, Standard_D4s_v5, on-demand, instance ff702a6b`. */
function cloudText(cloud: NodeAnswer['cloud']): string {
  const { provider, region, availabilityZone, instanceType, instanceLifeCycle, instanceId } = cloud;
  const zone = availabilityZone && `zone ${availabilityZone}`;
  const instance = instanceId && `instance ${instanceId}`;
  return [provider, region, zone, instanceType, instanceLifeCycle, instance].filter((part) => part !== '').join(', ');
}
