// Families about the disk requests of containers.
import { containerLive, type MetricDefinition } from './definition.ts';

const labels = ['mount_point', 'device', 'volume'] as const;
const conditions = [
  containerLive,
  'it has written more than 1 MiB since its first scan',
  'its program file, or the log file of a Docker container, is on a volume with a drive letter or a mount folder, which is the label',
];
const written = conditions.join('; ');
const notes = [
  'Counts requests that reached any disk, on Windows 10 1709, Server 2019 and newer; of a Docker container those that Docker reports',
  'Older versions count all requests to files, network and pipes, also of processes that exited between two scans',
];
const counted = [written, ...notes].join('. ');
const sized = `${written}; the size of that volume could be read`;

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
