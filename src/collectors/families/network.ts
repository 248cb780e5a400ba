// Families about who talks to whom.
import { containerLive, type MetricDefinition } from './definition.ts';

export const networkFamilies = {
  containerListen: {
    name: 'container_net_tcp_listen_info',
    type: 'gauge',
    help: 'Listen address of the container',
    labels: ['listen_addr', 'proxy'],
    scope: 'container',
    unit: 'info',
    emittedWhen: `${containerLive}; one series an address, wildcards as every address of the host of the same family`,
  },
  containerConnections: {
    name: 'container_net_tcp_active_connections',
    type: 'gauge',
    help: 'Number of active outbound connections used by the container',
    labels: ['destination', 'actual_destination'],
    scope: 'container',
    unit: 'connections',
    emittedWhen: `${containerLive}; one series a destination with at least one established outbound connection`,
  },
} as const satisfies Record<string, MetricDefinition>;
