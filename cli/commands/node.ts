// `coroot-agent node`: the machine itself: processors, memory, disks, adapters.
import type { Command } from 'commander';
import type { DiskView, InterfaceView, NodeAnswer } from '../../src/api/resources/node.ts';
import { addClientOptions, type ClientCommandOptions, clientFor, type Io } from '../client-options.ts';
import { formatBytes, formatDuration, formatSeconds } from '../format.ts';
import { type Column, printFacts, printJson, printTable } from '../output.ts';

const counted = (disk: DiskView, text: string): string => (disk.hasCounters ? text : '');

const diskColumns: Column<DiskView>[] = [
  { title: 'DISK', value: ({ device }) => device },
  { title: 'SIZE', value: ({ sizeBytes }) => (sizeBytes === 0 ? '' : formatBytes(sizeBytes)), align: 'right' },
  {
    title: 'FREE',
    value: ({ sizeBytes, freeBytes }) => (sizeBytes === 0 ? '' : formatBytes(freeBytes)),
    align: 'right',
  },
  { title: 'READS', value: (disk) => counted(disk, String(disk.reads)), align: 'right' },
  { title: 'READ', value: (disk) => counted(disk, formatBytes(disk.readBytes)), align: 'right' },
  { title: 'WRITES', value: (disk) => counted(disk, String(disk.writes)), align: 'right' },
  { title: 'WRITTEN', value: (disk) => counted(disk, formatBytes(disk.writtenBytes)), align: 'right' },
  {
    title: 'BUSY',
    value: (disk) => (disk.hasCounters ? formatSeconds(disk.busySeconds) : 'no counters'),
    align: 'right',
  },
];

/** What a traffic column shows: nothing for an adapter whose frames are counted elsewhere. */
const told = (adapter: InterfaceView, text: string): string => (adapter.traffic === 'own' ? text : '');

const interfaceColumns: Column<InterfaceView>[] = [
  { title: 'ADAPTER', value: ({ name }) => name },
  { title: 'STATE', value: ({ up }) => (up ? 'up' : 'down') },
  { title: 'RECEIVED', value: (adapter) => told(adapter, formatBytes(adapter.receivedBytes)), align: 'right' },
  { title: 'SENT', value: (adapter) => told(adapter, formatBytes(adapter.transmittedBytes)), align: 'right' },
  {
    title: 'ERRORS',
    value: (adapter) => told(adapter, String(adapter.receivedErrors + adapter.transmittedErrors)),
    align: 'right',
  },
  {
    title: 'DROPS',
    value: (adapter) => told(adapter, String(adapter.receivedDrops + adapter.transmittedDrops)),
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
    .description('show the machine itself: processors, memory, disks, network adapters');
  addClientOptions(command).action(async (options: ClientCommandOptions) => {
    const answer = await clientFor(options, io).node();
    if (options.output === 'json') {
      printJson(io.out, answer);
      return;
    }
    printFacts(io.out, summary(answer));
    printTable(io.out, diskColumns, answer.disks);
    io.out('\n');
    printTable(io.out, interfaceColumns, answer.interfaces);
  });
}

function summary({ hostname, kernelVersion, uptimeSeconds, cpu, memory }: NodeAnswer): [string, string][] {
  const times = `${formatSeconds(cpu.userSeconds)} user, ${formatSeconds(cpu.systemSeconds)} system, ${formatSeconds(cpu.idleSeconds)} idle`;
  const { totalBytes, availableBytes, freeBytes, cachedBytes, source } = memory;
  const parts = `${formatBytes(freeBytes)} free, ${formatBytes(cachedBytes)} cached (by ${source})`;
  return [
    ['Node', `${hostname}, ${kernelVersion}, up ${formatDuration(uptimeSeconds)}`],
    ['Processors', cpu.logicalProcessors === 0 ? 'unknown' : `${cpu.logicalProcessors}, ${times}`],
    [
      'Memory',
      totalBytes === 0 ? 'unknown' : `${formatBytes(totalBytes)}, ${formatBytes(availableBytes)} available: ${parts}`,
    ],
  ];
}
