// The node, its disks, adapters and processes as the control plane shows them.
import type { Disk } from '../model/disks.ts';
import type { HostModel } from '../model/host-model.ts';
import type { NetworkInterface } from '../model/net/interfaces.ts';
import { type ContainerFilter, containerMatcher } from './filters.ts';
import type { DiskView, InterfaceView, NodeAnswer, ProcessesAnswer, ProcessView } from './schemas.ts';

const MS_PER_SECOND = 1000;

export function nodeView({ node, nowMs }: HostModel): NodeAnswer {
  const { identity, cpu, memory } = node;
  return {
    observedAtMs: nowMs,
    hostname: identity?.hostname ?? '',
    kernelVersion: identity?.kernelVersion ?? '',
    machineId: identity?.machineId ?? '',
    systemUuid: identity?.systemUuid ?? '',
    uptimeSeconds: Math.floor((node.uptimeMs ?? 0) / MS_PER_SECOND),
    cpu: {
      logicalProcessors: cpu?.logicalProcessors ?? 0,
      userSeconds: (cpu?.userMs ?? 0) / MS_PER_SECOND,
      systemSeconds: (cpu?.systemMs ?? 0) / MS_PER_SECOND,
      idleSeconds: (cpu?.idleMs ?? 0) / MS_PER_SECOND,
    },
    memory: memory ? { ...memory } : { totalBytes: 0, availableBytes: 0, freeBytes: 0, cachedBytes: 0, source: '' },
    disks: node.disks.all().map(diskView),
    interfaces: node.interfaces.all().map(interfaceView),
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
    traffic: !adapter.counted ? 'unknown' : adapter.tellsTraffic ? 'own' : 'lower-device',
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

/** The processes of the last list, in its order: all, or those of some containers. */
export function processesView(model: HostModel, filter: ContainerFilter): ProcessesAnswer {
  const isWanted = containerMatcher(filter);
  const table = model.processes;
  const owners = model.containers.treesByPid();
  const processes: ProcessView[] = [];
  for (let row = 0; table && row < table.count; row++) {
    const pid = table.pid[row]!;
    const containers = owners.get(pid) ?? [];
    if (filter.container?.length && !containers.some(isWanted)) continue;
    processes.push({
      pid,
      parentPid: table.parentPid[row]!,
      name: table.name[row]!,
      imagePath: table.imagePath?.[row] ?? '',
      containerIds: containers.map(({ id }) => id),
      startedAtMs: table.createdAtMs[row]!,
      cpuSeconds: (table.userMs[row]! + table.kernelMs[row]!) / MS_PER_SECOND,
      workingSetBytes: table.workingSetBytes[row]!,
      privateWorkingSetBytes: table.privateWorkingSetBytes[row]!,
      threads: table.threads[row]!,
      handles: table.handles[row]!,
    });
  }
  return { observedAtMs: model.nowMs, stale: model.readings.of('processes')?.stale ?? true, processes };
}
