// Listeners and outbound connections of containers.
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

export const connectionCollector: Collector = {
  name: 'connections',
  collect({ model, nodeLabels }, sink) {
    for (const container of model.containers.all()) {
      if (container.state !== 'running') continue;
      const labels = { ...nodeLabels, container_id: container.id };
      for (const listener of container.network.listeners.values()) {
        const { address, proxy } = listener;
        sink.add(catalogue.containerListen, listener, () => ({ ...labels, listen_addr: address, proxy }), 1);
      }
      for (const end of container.network.destinations.values()) {
        const own = () => ({ ...labels, destination: end.destination, actual_destination: end.actualDestination });
        sink.add(catalogue.containerConnections, end, own, end.active);
      }
    }
  },
};
