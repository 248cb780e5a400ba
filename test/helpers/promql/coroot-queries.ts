// The queries that a Coroot server runs over families of this agent, each with what it means.
// https://github.com/coroot/coroot/blob/main/constructor/queries.go
import { percentOf, sumBy, sumWithout, type Vector } from './vector.ts';

/** What a query reads, at one time and over one range. */
export interface Reading {
  latest(name: string): Vector;
  rate(name: string): Vector;
}

export interface CorootQuery {
  /** The family that it reads. */
  readonly metric: string;
  /** PromQL; `$RANGE` is three steps. */
  readonly promql: string;
  readonly expected: (reading: Reading) => Vector;
}

/** The values as they are. */
function read(metric: string): CorootQuery {
  return { metric, promql: metric, expected: (reading) => reading.latest(metric) };
}

function rate(metric: string): CorootQuery {
  return { metric, promql: `rate(${metric}[$RANGE])`, expected: (reading) => reading.rate(metric) };
}

/**
 * Series of Kubernetes have an `app_id` and are summed; those of other hosts have none and come as they are. `suffix`
 * is that of the series of a histogram.
 */
function perInstance(metric: string, by: string, kind: 'rate' | 'latest' = 'rate', suffix = ''): CorootQuery {
  const series = `${metric}${suffix}`;
  const term = (selector: string): string =>
    kind === 'rate' ? `rate(${series}${selector}[$RANGE])` : series + selector;
  return {
    metric,
    promql: `sum by (app_id, ${by}) (${term('{app_id!=""}')}) or ${term('{app_id=""}')}`,
    expected: (reading) => reading[kind](series),
  };
}

const cpu = 'node_resources_cpu_usage_seconds_total';
const busy = (vector: Vector): Vector => vector.filter(({ labels }) => labels.mode !== 'idle');

export const corootQueries: readonly CorootQuery[] = [
  read('up'),
  read('node_info'),
  read('node_agent_info'),
  read('node_uptime_seconds'),
  read('node_resources_cpu_logical_cores'),
  {
    metric: cpu,
    promql:
      `sum without (mode) (rate(${cpu}{mode!="idle"}[$RANGE])) / ` + `sum without (mode) (rate(${cpu}[$RANGE])) * 100`,
    expected: (reading) => {
      const rates = reading.rate(cpu);
      return percentOf(sumWithout(busy(rates), ['mode']), sumWithout(rates, ['mode']));
    },
  },
  {
    metric: cpu,
    promql:
      `rate(${cpu}{mode!="idle"}[$RANGE]) / ignoring (mode) group_left ` +
      `sum without (mode) (rate(${cpu}[$RANGE])) * 100`,
    expected: (reading) => {
      const rates = reading.rate(cpu);
      return percentOf(busy(rates), sumWithout(rates, ['mode']), ['mode']);
    },
  },
  read('node_resources_memory_total_bytes'),
  read('node_resources_memory_available_bytes'),
  read('node_resources_memory_free_bytes'),
  read('node_resources_memory_cached_bytes'),
  rate('node_resources_disk_reads_total'),
  rate('node_resources_disk_writes_total'),
  rate('node_resources_disk_read_bytes_total'),
  rate('node_resources_disk_written_bytes_total'),
  rate('node_resources_disk_read_time_seconds_total'),
  rate('node_resources_disk_write_time_seconds_total'),
  rate('node_resources_disk_io_time_seconds_total'),
  read('node_net_interface_up'),
  read('node_net_interface_ip'),
  rate('node_net_received_bytes_total'),
  rate('node_net_transmitted_bytes_total'),
  read('node_gpu_info'),
  read('node_resources_gpu_memory_total_bytes'),
  read('node_resources_gpu_memory_used_bytes'),
  read('node_resources_gpu_memory_utilization_percent_avg'),
  read('node_resources_gpu_memory_utilization_percent_peak'),
  read('node_resources_gpu_utilization_percent_avg'),
  read('node_resources_gpu_utilization_percent_peak'),
  read('node_resources_gpu_temperature_celsius'),
  read('node_resources_gpu_power_usage_watts'),
  read('container_info'),
  read('container_application_type'),
  {
    metric: 'container_restarts_total',
    promql: 'container_restarts_total % 10000000',
    expected: (reading) =>
      reading.latest('container_restarts_total').map((entry) => ({ ...entry, value: entry.value % 1e7 })),
  },
  rate('container_resources_cpu_usage_seconds_total'),
  read('container_resources_cpu_limit_cores'),
  read('container_resources_memory_rss_bytes'),
  read('container_resources_memory_limit_bytes'),
  read('container_resources_disk_size_bytes'),
  read('container_resources_disk_used_bytes'),
  read('container_resources_gpu_usage_percent'),
  read('container_resources_gpu_memory_usage_percent'),
  read('container_net_tcp_listen_info'),
  perInstance('container_net_tcp_successful_connects_total', 'destination, actual_destination'),
  perInstance('container_net_tcp_failed_connects_total', 'destination, actual_destination'),
  perInstance('container_net_tcp_connection_time_seconds_total', 'destination, actual_destination'),
  perInstance('container_net_tcp_active_connections', 'destination, actual_destination', 'latest'),
  perInstance('container_net_tcp_bytes_sent_total', 'destination, actual_destination, az, region'),
  perInstance('container_net_tcp_bytes_received_total', 'destination, actual_destination, az, region'),
  perInstance('container_net_tcp_retransmits_total', 'destination, actual_destination'),
  perInstance('container_net_latency_seconds', 'destination_ip', 'latest'),
  perInstance('container_dns_requests_total', 'request_type, domain, status'),
  perInstance('container_dns_requests_duration_seconds_total', 'le', 'rate', '_bucket'),
  {
    metric: 'ip_to_fqdn',
    promql: 'sum by (fqdn, ip) (ip_to_fqdn)',
    expected: (reading) => sumBy(reading.latest('ip_to_fqdn'), ['fqdn', 'ip']),
  },
];
