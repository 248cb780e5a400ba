// Disks of the node, by volume.
import type { Disk } from '../model/disks.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

const MS_PER_SECOND = 1000;

export const nodeDiskCollector: Collector = {
  name: 'node-disks',
  collect({ model: { node }, nodeLabels }, sink) {
    const labels = ({ device }: Disk) => ({ ...nodeLabels, device });
    for (const disk of node.disks.all()) {
      if (!disk.counted) continue;
      sink.add(catalogue.nodeDiskReads, disk, labels, disk.reads.total);
      sink.add(catalogue.nodeDiskWrites, disk, labels, disk.writes.total);
      sink.add(catalogue.nodeDiskReadBytes, disk, labels, disk.readBytes.total);
      sink.add(catalogue.nodeDiskWrittenBytes, disk, labels, disk.writtenBytes.total);
      sink.add(catalogue.nodeDiskReadTime, disk, labels, disk.readMs.total / MS_PER_SECOND);
      sink.add(catalogue.nodeDiskWriteTime, disk, labels, disk.writeMs.total / MS_PER_SECOND);
      sink.add(catalogue.nodeDiskIoTime, disk, labels, disk.busyMs / MS_PER_SECOND);
    }
  },
};
