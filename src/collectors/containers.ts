// Containers without network and disks: info, restarts, CPU, memory, threads, handles, page faults and limits.
import type { ContainerInfo, FaultKind } from '../model/containers/container.ts';
import type { CauseCount } from '../model/containers/restarts.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

export const containerCollector: Collector = {
  name: 'containers',
  collect({ model, nodeLabels }, sink) {
    for (const container of model.containers.all()) {
      if (!container.reported) continue;
      const labels = () => ({ ...nodeLabels, container_id: container.id });
      const infoLabels = ({ image }: ContainerInfo) => {
        return { ...labels(), image, systemd_triggered_by: '', systemd_type: '' };
      };
      sink.add(catalogue.containerInfo, container.info, infoLabels, 1);
      sink.add(catalogue.containerRestarts, container, labels, container.restarts);
      const causeLabels = ({ cause }: CauseCount) => ({ ...labels(), cause });
      for (const each of container.history.byCause)
        sink.add(catalogue.containerRestartsByCause, each, causeLabels, each.count);
      // Coroot reads a memory series as "the instance is up": a container without a process has none.
      if (!container.isMeasured(model.clock.monoMs)) continue;
      for (const each of container.applicationTypes.values()) {
        sink.add(catalogue.containerType, each, ({ type }) => ({ ...labels(), application_type: type }), 1);
      }
      const { usage } = container;
      sink.add(catalogue.containerCpu, container, labels, container.cpuSeconds);
      sink.add(catalogue.containerRss, container, labels, container.rssBytes);
      const { memoryBytes, cpuCores } = container.limits;
      if (memoryBytes !== undefined) sink.add(catalogue.containerMemoryLimit, container, labels, memoryBytes);
      if (cpuCores !== undefined) sink.add(catalogue.containerCpuLimit, container, labels, cpuCores);
      // Processes of a Hyper-V container are in its virtual machine.
      if (!container.hasListedRoot) continue;
      sink.add(catalogue.containerThreads, container, labels, usage.threads);
      sink.add(catalogue.containerHandles, container, labels, usage.handles);
      if (!usage.faults) continue;
      const faultLabels = ({ kind }: FaultKind) => ({ ...labels(), kind });
      for (const each of container.faultKinds)
        sink.add(catalogue.containerPageFaults, each, faultLabels, usage.faults[each.kind]);
    }
  },
};
