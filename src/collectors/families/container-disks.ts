// Families about what containers read from and write to disks.
import { containerLive, type MetricDefinition } from './definition.ts';

const labels = ['mount_point', 'device', 'volume'] as const;
const written = `${containerLive}; a service that has written more than 1 MiB since it was seen first and whose program lies on a drive or on a volume that is mounted in a folder: that one is the label`;
const counted = `${written}. Requests that reached any disk, by the counters of Windows 10 1709, Server 2019 and newer; before, all requests of files, network and pipes, and those of processes that ended between two lists`;
const sized = `${written}; and the size of that volume could be read`;

export const containerDiskFamilies = {
  containerDiskReads: {
    name: 'container_resources_disk_reads_total',
    type: 'counter',
    help: 'Total number of reads completed successfully by the container',
    labels,
    scope: 'container',
    unit: 'operations',
    emittedWhen: counted,
  },
  containerDiskWrites: {
    name: 'container_resources_disk_writes_total',
    type: 'counter',
    help: 'Total number of writes completed successfully by the container',
    labels,
    scope: 'container',
    unit: 'operations',
    emittedWhen: counted,
  },
  containerDiskReadBytes: {
    name: 'container_resources_disk_read_bytes_total',
    type: 'counter',
    help: 'Total number of bytes read from the disk by the container',
    labels,
    scope: 'container',
    unit: 'bytes',
    emittedWhen: counted,
  },
  containerDiskWrittenBytes: {
    name: 'container_resources_disk_written_bytes_total',
    type: 'counter',
    help: 'Total number of bytes written to the disk by the container',
    labels,
    scope: 'container',
    unit: 'bytes',
    emittedWhen: counted,
  },
  containerDiskSize: {
    name: 'container_resources_disk_size_bytes',
    type: 'gauge',
    help: 'Total capacity of the volume',
    labels,
    scope: 'container',
    unit: 'bytes',
    emittedWhen: sized,
  },
  containerDiskUsed: {
    name: 'container_resources_disk_used_bytes',
    type: 'gauge',
    help: 'Used capacity of the volume',
    labels,
    scope: 'container',
    unit: 'bytes',
    emittedWhen: sized,
  },
} as const satisfies Record<string, MetricDefinition>;
