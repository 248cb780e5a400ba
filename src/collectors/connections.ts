// Listeners and outbound connections of containers.
import type { Listener } from '../model/net/container-network.ts';
import type { Destination } from '../model/net/destinations.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

export const connectionCollector: Collector = {
  name: 'connections',
  collect({ model, nodeLabels: { machine_id, system_uuid } }, sink) {
    for (const container of model.containers.all()) {
      if (container.state !== 'running') continue;
      const container_id = container.id;
      const listens = ({ address, proxy }: Listener) => ({ machine_id, system_uuid, container_id, listen_addr: address, proxy });
      for (const listener of container.network.listeners.values()) sink.add(catalogue.containerListen, listener, listens, 1);
      const connects = ({ destination, actualDestination }: Destination) => {
        return { machine_id, system_uuid, container_id, destination, actual_destination: actualDestination };
      };
      for (const end of container.network.destinations.values()) sink.add(catalogue.containerConnections, end, connects, end.active);
    }
  },
};
