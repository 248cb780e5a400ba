// Disk requests of containers, and the volume that their program file is on.
import type { ContainerDisk } from '../model/containers/container-disk.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

/** A service with fewer written bytes has no disk series. */
const MIN_WRITTEN_BYTES = 1_048_576;

export const containerDiskCollector: Collector = {
  name: 'container-disks',
  collect({ model, nodeLabels }, sink) {
    for (const { kind, id, reported, measured, disk, usage } of model.containers.all()) {
      if (kind !== 'service' || !reported || !measured || !disk || usage.writtenBytes <= MIN_WRITTEN_BYTES) continue;
      const labels = ({ mountPoint, device }: ContainerDisk) => {
        return { ...nodeLabels, container_id: id, mount_point: mountPoint, device, volume: '' };
      };
      sink.add(catalogue.containerDiskReads, disk, labels, usage.reads);
      sink.add(catalogue.containerDiskWrites, disk, labels, usage.writes);
      sink.add(catalogue.containerDiskReadBytes, disk, labels, usage.readBytes);
      sink.add(catalogue.containerDiskWrittenBytes, disk, labels, usage.writtenBytes);
      const { sizeBytes, freeBytes } = disk.disk?.record ?? {};
      if (sizeBytes === undefined || freeBytes === undefined) continue;
      sink.add(catalogue.containerDiskSize, disk, labels, sizeBytes);
      sink.add(catalogue.containerDiskUsed, disk, labels, Math.max(0, sizeBytes - freeBytes));
    }
  },
};
