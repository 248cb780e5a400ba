// GET /api/v1/node: the machine with its processors, memory, disks and network adapters.
import type { Disk } from '../../model/disks.ts';
import type { HostModel } from '../../model/host-model.ts';
import type { NetworkInterface } from '../../model/net/interfaces.ts';
import { boolean, choice, integer, list, number, observedAtMs, record, type Static, text } from '../fields.ts';
import { resource } from '../resource.ts';

const MS_PER_SECOND = 1000;

const diskSchema = record({
  device: text('text', 'Drive letter or folder that the volume is mounted on, e.g. `C:`.'),
  mountPoint: text('text', 'Mount point with a backslash at the end, e.g. `C:\\`.'),
  sizeBytes: number('Size, in bytes; 0 when unknown.'),
  freeBytes: number('Free space, in bytes; 0 when unknown.'),
  hasCounters: boolean("Whether the volume's driver has counters; without them all fields below are 0."),
  reads: number('Reads since the agent started, as all counters here.'),
  writes: number('Writes.'),
  readBytes: number('Bytes read.'),
  writtenBytes: number('Bytes written.'),
  readSeconds: number('Total time of the reads, in seconds.'),
  writeSeconds: number('Total time of the writes, in seconds.'),
  busySeconds: number('Time with at least one request in progress, in seconds.'),
});
export type DiskView = Static<typeof diskSchema>;

const interfaceSchema = record({
  name: text('text', 'Name of the adapter, e.g. `Ethernet 2`.'),
  up: boolean('Whether the adapter is up.'),
  addresses: list(text('text', 'IP address.'), 'IP addresses.'),
  traffic: choice(
    ['own', 'lower-device', 'unknown'],
    '`own`: the counters are those of the adapter. `lower-device`: a device below it in the stack counts the same ' +
      'frames, and no metric reports them here. `unknown`: Windows reports no counters.',
  ),
  receivedBytes: number('Bytes received since the agent started, as all counters here.'),
  receivedPackets: number('Packets received.'),
  receivedErrors: number('Received packets with errors.'),
  receivedDrops: number('Received packets that were dropped.'),
  transmittedBytes: number('Bytes sent.'),
  transmittedPackets: number('Packets sent.'),
  transmittedErrors: number('Packets that could not be sent because of errors.'),
  transmittedDrops: number('Packets that were dropped instead of sent.'),
});
export type InterfaceView = Static<typeof interfaceSchema>;

const nodeSchema = record(
  {
    observedAtMs,
    hostname: text('hostname', 'Host name; empty while unknown.'),
    kernelVersion: text('text', 'Edition and build of Windows; empty while unknown.'),
    machineId: text('id', 'Machine id of Windows, 32 hexadecimal digits; empty while unknown.'),
    systemUuid: text('id', 'UUID of the hardware (SMBIOS); empty while unknown.'),
    uptimeSeconds: number('Time since Windows started, in seconds.'),
    cloud: record(
      {
        provider: text('text', 'Provider, e.g. `Azure`.'),
        accountId: text('id', 'Account, subscription or project.'),
        instanceId: text('id', 'Id of the instance.'),
        instanceType: text('text', 'Type or size of the instance.'),
        instanceLifeCycle: text('text', '`on-demand`, `spot` or `preemptible`.'),
        region: text('text', 'Region.'),
        availabilityZone: text('text', 'Availability zone.'),
        availabilityZoneId: text('text', 'Id of the zone, the same for all accounts.'),
        localIpv4: text('text', 'Private address.'),
        publicIpv4: text('text', 'Public address.'),
      },
      'Cloud instance; a text is empty where it is unknown, and all are outside of a cloud.',
    ),
    cpu: record(
      {
        logicalProcessors: integer('Logical processors.'),
        userSeconds: number('Time in user mode, in seconds, over all processors.'),
        systemSeconds: number('Time in kernel mode, in seconds, over all processors.'),
        idleSeconds: number('Idle time, in seconds, over all processors.'),
      },
      'Processors; zeros while unknown.',
    ),
    memory: record(
      {
        totalBytes: number('Physical memory, in bytes.'),
        availableBytes: number('Available to processes without swapping, in bytes.'),
        freeBytes: number('Free and zeroed pages, in bytes.'),
        cachedBytes: number('Cached data, in bytes.'),
        source: choice(
          ['page lists', 'system cache', ''],
          '`page lists`: exact lists of the memory manager. `system cache`: an estimate without the right to read the ' +
            'lists. Empty while unknown.',
        ),
      },
      'Memory; zeros while unknown.',
    ),
    disks: list(diskSchema, 'Volumes.'),
    interfaces: list(interfaceSchema, 'Ethernet and wireless adapters.'),
  },
  'The machine.',
);
export type NodeAnswer = Static<typeof nodeSchema>;

export const node = resource({
  path: '/api/v1/node',
  summary: 'The machine: identity, processors, memory, disks and network adapters.',
  answer: nodeSchema,
  view: ({ model }) => nodeView(model),
});

function nodeView({ node: machine, nowMs }: HostModel): NodeAnswer {
  const { identity, cpu, memory } = machine;
  return {
    observedAtMs: nowMs,
    hostname: identity?.hostname ?? '',
    kernelVersion: identity?.kernelVersion ?? '',
    machineId: identity?.machineId ?? '',
    systemUuid: identity?.systemUuid ?? '',
    uptimeSeconds: Math.floor((machine.uptimeMs ?? 0) / MS_PER_SECOND),
    cloud: machine.cloud.instance,
    cpu: {
      logicalProcessors: cpu?.logicalProcessors ?? 0,
      userSeconds: (cpu?.userMs ?? 0) / MS_PER_SECOND,
      systemSeconds: (cpu?.systemMs ?? 0) / MS_PER_SECOND,
      idleSeconds: (cpu?.idleMs ?? 0) / MS_PER_SECOND,
    },
    memory: memory ? { ...memory } : { totalBytes: 0, availableBytes: 0, freeBytes: 0, cachedBytes: 0, source: '' },
    disks: machine.disks.all().map(diskView),
    interfaces: machine.interfaces.all().map(interfaceView),
  };
}

function diskView(disk: Disk): DiskView {
  return {
    device: disk.device,
    mountPoint: disk.record.mountPoint,
    sizeBytes: disk.record.sizeBytes ?? 0,
    freeBytes: disk.record.freeBytes ?? 0,
    hasCounters: disk.counted,
    reads: disk.reads.total,
    writes: disk.writes.total,
    readBytes: disk.readBytes.total,
    writtenBytes: disk.writtenBytes.total,
    readSeconds: disk.readMs.total / MS_PER_SECOND,
    writeSeconds: disk.writeMs.total / MS_PER_SECOND,
    busySeconds: disk.busyMs / MS_PER_SECOND,
  };
}

function interfaceView(adapter: NetworkInterface): InterfaceView {
  return {
    name: adapter.name,
    up: adapter.up,
    addresses: [...adapter.addresses],
    traffic: !adapter.counted ? 'unknown' : adapter.reportsTraffic ? 'own' : 'lower-device',
    receivedBytes: adapter.receivedBytes.total,
    receivedPackets: adapter.receivedPackets.total,
    receivedErrors: adapter.receivedErrors.total,
    receivedDrops: adapter.receivedDrops.total,
    transmittedBytes: adapter.transmittedBytes.total,
    transmittedPackets: adapter.transmittedPackets.total,
    transmittedErrors: adapter.transmittedErrors.total,
    transmittedDrops: adapter.transmittedDrops.total,
  };
}
