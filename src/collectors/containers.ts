// What every container has: info, restarts, CPU and memory.
import type { Container } from '../model/containers/container.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

/** Reported at all: old enough, and with a process of its own. */
export function isReported(container: Container): boolean {
  return container.state === 'running' || container.state === 'gone';
}

export const containerCollector: Collector = {
  name: 'containers',
  collect({ model, nodeLabels }, sink) {
    for (const container of model.containers.all()) {
      if (!isReported(container)) continue;
      const labels = () => ({ ...nodeLabels, container_id: container.id });
      const info = () => ({ ...labels(), image: container.image, systemd_triggered_by: '', systemd_type: '' });
      sink.add(catalogue.containerInfo, container, info, 1);
      sink.add(catalogue.containerRestarts, container, labels, container.restarts);
      // Coroot takes the presence of memory as "the instance is up": without a process there is none.
      if (container.state !== 'running' || container.pids.length === 0) continue;
      sink.add(catalogue.containerCpu, container, labels, container.usage.cpuSeconds);
      sink.add(catalogue.containerRss, container, labels, container.usage.rssBytes);
    }
  },
};
