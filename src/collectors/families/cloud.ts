// The family about the instance of a cloud.
import type { MetricDefinition } from './definition.ts';

export const cloudFamilies = {
  nodeCloudInfo: {
    name: 'node_cloud_info',
    type: 'gauge',
    help: 'Meta information about the cloud instance',
    labels: [
      'provider',
      'account_id',
      'instance_id',
      'instance_type',
      'instance_life_cycle',
      'region',
      'availability_zone',
      'availability_zone_id',
      'local_ipv4',
      'public_ipv4',
    ],
    scope: 'node',
    unit: 'info',
    emittedWhen: 'always; labels that are unknown are empty, and all of them outside of a cloud',
  },
} as const satisfies Record<string, MetricDefinition>;
