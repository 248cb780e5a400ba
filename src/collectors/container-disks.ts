// Disk requests of containers, and the volume that their program file is on.
import type { ContainerDisk } from '../model/containers/container-disk.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

/** A container with fewer written bytes has no disk series. */
const MIN_WRITTEN_BYTES = 1_048_576;

export const containerDiskCollector: Collector = {
  name: 'container-disks',
  collect({ model, nodeLabels }, sink) {
    for (const container of model.containers.all()) {
      const { id, reported, disk, io } = container;
      if (!reported || !container.isMeasured(model.clock.monoMs) || !disk) continue;
      if (io.writtenBytes <= MIN_WRITTEN_BYTES) continue;
      const labels = ({ mountPoint, device }: ContainerDisk) => {
        return { ...nodeLabels, container_id: id, mount_point: mountPoint, device, volume: '' };
      };
      sink.add(catalogue.containerDiskReads, disk, labels, io.reads);
      sink.add(catalogue.containerDiskWrites, disk, labels, io.writes);
      sink.add(catalogue.containerDiskReadBytes, disk, labels, io.readBytes);
      sink.add(catalogue.containerDiskWrittenBytes, disk, labels, io.writtenBytes);
      const { sizeBytes, freeBytes } = disk.disk?.record ?? {};
      if (sizeBytes === undefined || freeBytes === undefined) continue;
      sink.add(catalogue.containerDiskSize, disk, labels, sizeBytes);
      sink.add(catalogue.containerDiskUsed, disk, labels, Math.max(0, sizeBytes - freeBytes));
    }
  },
};
