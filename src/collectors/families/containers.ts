// Families about containers but for their network: info, restarts, usage.
import { containerLive, type MetricDefinition } from './definition.ts';

export const containerFamilies = {
  containerInfo: {
    name: 'container_info',
    type: 'gauge',
    help: 'Meta information about the container',
    labels: ['image', 'systemd_triggered_by', 'systemd_type'],
    scope: 'container',
    unit: 'info',
    emittedWhen: 'the container has reached the minimal age and does not share its root process; for five minutes after it is gone',
  },
  containerRestarts: {
    name: 'container_restarts_total',
    type: 'counter',
    help: 'Number of times the container was restarted',
    labels: [],
    scope: 'container',
    unit: 'restarts',
    emittedWhen: 'as container_info',
  },
  containerType: {
    name: 'container_application_type',
    type: 'gauge',
    help: 'Type of the application running in the container (e.g. memcached, postgres, mysql)',
    labels: ['application_type'],
    scope: 'container',
    unit: 'info',
    emittedWhen: `${containerLive}; one series a type that is recognised by the image names of its processes`,
  },
  containerCpu: {
    name: 'container_resources_cpu_usage_seconds_total',
    type: 'counter',
    help: 'Total CPU time consumed by the container',
    labels: [],
    scope: 'container',
    unit: 'seconds',
    emittedWhen: containerLive,
  },
  containerRss: {
    name: 'container_resources_memory_rss_bytes',
    type: 'gauge',
    help: "Amount of physical memory used by the container (doesn't include page cache)",
    labels: [],
    scope: 'container',
    unit: 'bytes',
    emittedWhen: containerLive,
  },
} as const satisfies Record<string, MetricDefinition>;
