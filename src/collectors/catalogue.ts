// Every metric family once: name, type, help, labels, unit, and when it is emitted. docs/metrics.md is printed from here.

export interface MetricDefinition {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  /** Labels of its own; `scope` adds those that tell node and container. */
  readonly labels: readonly string[];
  /** node and agent: machine_id, system_uuid. container: these and container_id. self: the agent's own counters, none. */
  readonly scope: 'node' | 'agent' | 'container' | 'self';
  readonly unit: string;
  /** For people: the condition of its appearance. */
  readonly emittedWhen: string;
}

const containerLive = 'the container runs, has reached the minimal age and does not share its root process';

/** Names, types, help texts and labels are Coroot's, verbatim; a test holds them against its reference. */
export const catalogue = {
  nodeInfo: {
    name: 'node_info',
    type: 'gauge',
    help: 'Meta information about the node',
    labels: ['hostname', 'kernel_version'],
    scope: 'node',
    unit: 'info',
    emittedWhen: 'the identity of the node could be read',
  },
  nodeUptime: {
    name: 'node_uptime_seconds',
    type: 'gauge',
    help: 'Uptime of the node in seconds',
    labels: [],
    scope: 'node',
    unit: 'seconds',
    emittedWhen: 'the uptime could be read; whole seconds',
  },
  agentInfo: {
    name: 'node_agent_info',
    type: 'gauge',
    help: '',
    labels: ['version'],
    scope: 'agent',
    unit: 'info',
    emittedWhen: 'always',
  },
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
  selfPasses: {
    name: 'coroot_agent_passes_total',
    type: 'counter',
    help: 'Collection passes finished',
    labels: [],
    scope: 'self',
    unit: 'passes',
    emittedWhen: 'always',
  },
  selfPassSeconds: {
    name: 'coroot_agent_pass_seconds',
    type: 'gauge',
    help: 'Main-thread time of the last collection pass',
    labels: [],
    scope: 'self',
    unit: 'seconds',
    emittedWhen: 'always',
  },
  selfSeriesDropped: {
    name: 'coroot_agent_series_dropped_total',
    type: 'counter',
    help: 'Series left out of a pass, by reason',
    labels: ['reason'],
    scope: 'self',
    unit: 'series',
    emittedWhen: 'something was dropped',
  },
  selfCollectorFailures: {
    name: 'coroot_agent_collector_failures_total',
    type: 'counter',
    help: 'Runs of a collector that failed and were left out',
    labels: ['collector'],
    scope: 'self',
    unit: 'runs',
    emittedWhen: 'a collector failed',
  },
  selfCollectorOverruns: {
    name: 'coroot_agent_collector_overruns_total',
    type: 'counter',
    help: 'Runs of a collector that took longer than they may',
    labels: ['collector'],
    scope: 'self',
    unit: 'runs',
    emittedWhen: 'a collector overran its time',
  },
  selfReadings: {
    name: 'coroot_agent_readings_total',
    type: 'counter',
    help: 'Readings of the host, by kind and result',
    labels: ['kind', 'result'],
    scope: 'self',
    unit: 'readings',
    emittedWhen: 'always',
  },
  selfRoundsSkipped: {
    name: 'coroot_agent_rounds_skipped_total',
    type: 'counter',
    help: 'Rounds of readings left out because the main thread could not follow',
    labels: [],
    scope: 'self',
    unit: 'rounds',
    emittedWhen: 'a round was left out',
  },
} as const satisfies Record<string, MetricDefinition>;
