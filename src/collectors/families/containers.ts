// Families about containers without network and disks: info, restarts, usage.
import { containerLive, type MetricDefinition } from './definition.ts';

const infoConditions = [
  'the container has reached the minimum age and does not share its root process',
  'for five minutes after it is gone, and as long as it is a service that is stopped with an error',
];
const restartCauses = [
  'as container_info; causes crash (it stopped unexpectedly or with an error), planned (it was stopped normally)',
  'and unknown (stop and start lie between two scans, and no event has the exit code of its process)',
];
const limited = `${containerLive}; a limit is set in Docker, or its root process is in a named job object`;
const processesListed = `${containerLive}; its processes are those of this host: not with Hyper-V isolation`;
const faultKinds =
  'kinds hard (waited for a disk) and soft (all others, without those of processes that exited since the last scan)';

export const containerFamilies = {
  containerInfo: {
    name: 'container_info',
    type: 'gauge',
    help: 'Meta information about the container',
    labels: ['image', 'systemd_triggered_by', 'systemd_type'],
    scope: 'container',
    unit: 'info',
    emittedWhen: infoConditions.join('; '),
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
  containerRestartsByCause: {
    name: 'container_restarts_by_cause_total',
    type: 'counter',
    help: 'Number of times the container was restarted, by cause',
    labels: ['cause'],
    scope: 'container',
    unit: 'restarts',
    emittedWhen: restartCauses.join(' '),
  },
  containerType: {
    name: 'container_application_type',
    type: 'gauge',
    help: 'Type of the application running in the container (e.g. memcached, postgres, mysql)',
    labels: ['application_type'],
    scope: 'container',
    unit: 'info',
    emittedWhen: `${containerLive}; one series for each type, recognised by the image names of its processes`,
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
  containerMemoryLimit: {
    name: 'container_resources_memory_limit_bytes',
    type: 'gauge',
    help: 'Memory limit of the container',
    labels: [],
    scope: 'container',
    unit: 'bytes',
    emittedWhen: `${limited} with a limit of committed memory`,
  },
  containerCpuLimit: {
    name: 'container_resources_cpu_limit_cores',
    type: 'gauge',
    help: 'CPU limit of the container',
    labels: [],
    scope: 'container',
    unit: 'cores',
    emittedWhen: `${limited} with a hard cap of the CPU rate`,
  },
  containerThreads: {
    name: 'container_resources_threads',
    type: 'gauge',
    help: 'Number of threads of the container',
    labels: [],
    scope: 'container',
    unit: 'threads',
    emittedWhen: processesListed,
  },
  containerHandles: {
    name: 'container_resources_handles',
    type: 'gauge',
    help: 'Number of open handles of the container',
    labels: [],
    scope: 'container',
    unit: 'handles',
    emittedWhen: processesListed,
  },
  containerPageFaults: {
    name: 'container_resources_page_faults_total',
    type: 'counter',
    help: 'Total number of page faults of the container, by kind',
    labels: ['kind'],
    scope: 'container',
    unit: 'faults',
    emittedWhen: `${processesListed}; ${faultKinds}`,
  },
} as const satisfies Record<string, MetricDefinition>;
