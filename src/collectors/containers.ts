// What every container has: info, restarts, CPU and memory.
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

export const containerCollector: Collector = {
  name: 'containers',
  collect({ model, nodeLabels }, sink) {
    for (const container of model.containers.all()) {
      if (!container.reported) continue;
      const labels = () => ({ ...nodeLabels, container_id: container.id });
      const info = () => ({ ...labels(), image: container.image, systemd_triggered_by: '', systemd_type: '' });
      sink.add(catalogue.containerInfo, container, info, 1);
      sink.add(catalogue.containerRestarts, container, labels, container.restarts);
      // Coroot takes the presence of memory as "the instance is up": without a process there is none.
      if (!container.measured) continue;
      for (const each of container.applicationTypes.values()) {
        sink.add(catalogue.containerType, each, ({ type }) => ({ ...labels(), application_type: type }), 1);
      }
      sink.add(catalogue.containerCpu, container, labels, container.usage.cpuSeconds);
      sink.add(catalogue.containerRss, container, labels, container.usage.rssBytes);
    }
  },
};
