// Families about the network of containers: listeners, connections, DNS requests.
import { DNS_BUCKETS } from '../../model/owner/dns-counts.ts';
import { containerLive, type MetricDefinition } from './definition.ts';

const destinationConditions = [
  containerLive,
  'one series for each destination with a count above 0',
  'until five minutes after its last use, or one minute if only the TCP tables reported it',
];
const perDestination = destinationConditions.join('; ');
const latencyConditions = [
  containerLive,
  'one series for each address with a round-trip time that Windows has measured',
  'until five minutes after its last connection',
];
const dnsConditions = [
  `${containerLive}, after its first request through the Windows resolver`,
  'not for requests of AAAA records alone that found none',
];

export const networkFamilies = {
  containerListen: {
    name: 'container_net_tcp_listen_info',
    type: 'gauge',
    help: 'Listen address of the container',
    labels: ['listen_addr', 'proxy'],
    scope: 'container',
    unit: 'info',
    emittedWhen: `${containerLive}; one series for each address; a wildcard becomes all host addresses of its family`,
  },
  containerConnections: {
    name: 'container_net_tcp_active_connections',
    type: 'gauge',
    help: 'Number of active outbound connections used by the container',
    labels: ['destination', 'actual_destination'],
    scope: 'container',
    unit: 'connections',
    emittedWhen: `${containerLive}; one series for each destination with an established outbound connection`,
  },
  containerConnects: {
    name: 'container_net_tcp_successful_connects_total',
    type: 'counter',
    help: 'Total number of successful TCP connects',
    labels: ['destination', 'actual_destination'],
    scope: 'container',
    unit: 'connections',
    emittedWhen: `${perDestination}; from events, or from new rows in the TCP tables where events are missing`,
  },
  containerFailedConnects: {
    name: 'container_net_tcp_failed_connects_total',
    type: 'counter',
    help: 'Total number of failed TCP connects',
    labels: ['destination'],
    scope: 'container',
    unit: 'connections',
    emittedWhen: `${perDestination}; only with events`,
  },
  containerConnectTime: {
    name: 'container_net_tcp_connection_time_seconds_total',
    type: 'counter',
    help: 'Time spent on TCP connections',
    labels: ['destination', 'actual_destination'],
    scope: 'container',
    unit: 'seconds',
    emittedWhen: `${perDestination}; time from the request to the end of the handshake; only with events`,
  },
  containerBytesSent: {
    name: 'container_net_tcp_bytes_sent_total',
    type: 'counter',
    help: 'Total number of bytes sent to the peer',
    labels: ['destination', 'actual_destination'],
    scope: 'container',
    unit: 'bytes',
    emittedWhen: `${perDestination}; added when a connection closes, and during long-lived ones from TCP statistics`,
  },
  containerBytesReceived: {
    name: 'container_net_tcp_bytes_received_total',
    type: 'counter',
    help: 'Total number of bytes received from the peer',
    labels: ['destination', 'actual_destination'],
    scope: 'container',
    unit: 'bytes',
    emittedWhen: 'as container_net_tcp_bytes_sent_total',
  },
  containerRetransmits: {
    name: 'container_net_tcp_retransmits_total',
    type: 'counter',
    help: 'Total number of retransmitted TCP segments',
    labels: ['destination', 'actual_destination'],
    scope: 'container',
    unit: 'segments',
    emittedWhen: perDestination,
  },
  containerLatency: {
    name: 'container_net_latency_seconds',
    type: 'gauge',
    help: 'Round-trip time between the container and a remote IP',
    labels: ['destination_ip'],
    scope: 'container',
    unit: 'seconds',
    emittedWhen: latencyConditions.join('; '),
  },
  ipToFqdn: {
    name: 'ip_to_fqdn',
    type: 'gauge',
    help: 'Mapping IP addresses to FQDNs based on DNS requests initiated by containers',
    labels: ['ip', 'fqdn'],
    scope: 'agent',
    unit: 'info',
    emittedWhen:
      'one series for each address that a container connects to and that has an unshared name from an answer',
  },
  dnsRequests: {
    name: 'container_dns_requests_total',
    type: 'counter',
    help: 'Total number of outbound DNS requests',
    labels: ['request_type', 'domain', 'status'],
    scope: 'container',
    unit: 'requests',
    emittedWhen: dnsConditions.join('; '),
  },
  dnsDuration: {
    name: 'container_dns_requests_duration_seconds_total',
    type: 'histogram',
    help: 'Histogram of the response time for each outbound DNS request',
    labels: [],
    scope: 'container',
    unit: 'seconds',
    buckets: DNS_BUCKETS,
    emittedWhen: 'as container_dns_requests_total',
  },
} as const satisfies Record<string, MetricDefinition>;
