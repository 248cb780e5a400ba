// GET /api/v1/connections: outbound connections of containers, by destination.
import { endpointParts } from '../../base/ip.ts';
import { endpointMatcher } from '../../base/wildcard.ts';
import type { Container } from '../../model/containers/container.ts';
import type { HostModel } from '../../model/host-model.ts';
import { failureReason } from '../../model/net/connect-failures.ts';
import type { Destination } from '../../model/owner/destination.ts';
import {
  boolean,
  containerId,
  integer,
  list,
  number,
  numbers,
  observedAtMs,
  record,
  type Static,
  text,
} from '../fields.ts';
import { type ConnectionFilter, connectionQuery, containerMatcher } from '../parameters.ts';
import { resource } from '../resource.ts';

const connectionSchema = record({
  containerId: containerId('The container that connects.'),
  containerName: text('text', 'Its name.'),
  destination: text(
    'endpoint',
    'What the container connects to: `ip:port`, or `name:port` where several addresses share a name; `~other:0` for ' +
      'destinations beyond `max-destinations-per-container`.',
  ),
  actualDestination: text(
    'endpoint',
    'Address of the remote side as `ip:port`; empty where `destination` stands for several.',
  ),
  destinationName: text(
    'endpoint',
    'Domain name by which the address was resolved; empty when no DNS request was observed.',
  ),
  active: integer('Established connections.'),
  successfulConnects: integer('Successful connects since the destination was first observed, as all counts here.'),
  inferredConnects: integer('The part of `successfulConnects` that no event reported: new rows in the TCP tables.'),
  failedConnects: integer('Failed connects; only events report them.'),
  failures: numbers('text', 'Failed connects by reason, e.g. `refused`.'),
  lastFailureAtMs: number('Time of the last failed connect, in milliseconds since 1970; 0 when there was none.'),
  lastFailure: text('text', 'Reason of the last failed connect; empty when there was none.'),
  meanConnectSeconds: number('Mean time of a TCP handshake, in seconds; 0 while unknown.'),
  rttSeconds: number('Round-trip time to the address, in seconds; 0 while unknown.'),
  sentBytes: number('Bytes sent.'),
  receivedBytes: number('Bytes received.'),
  retransmits: integer('Retransmitted segments.'),
  resets: integer('Connections that the remote side reset.'),
});
export type ConnectionView = Static<typeof connectionSchema>;

const connectionsSchema = record(
  {
    observedAtMs,
    connections: list(connectionSchema, 'One entry per container and destination.'),
    truncated: boolean('True when `limit` cut the list off.'),
  },
  'The destinations.',
);
export type ConnectionsAnswer = Static<typeof connectionsSchema>;

export const connections = resource({
  path: '/api/v1/connections',
  summary: 'Outbound connections by container and destination.',
  query: connectionQuery,
  answer: connectionsSchema,
  view: ({ model }, filter) => connectionsView(model, filter),
});

/** The destinations that the filter selects, at most `limit` of them. */
export function connectionsView(model: HostModel, filter: ConnectionFilter): ConnectionsAnswer {
  const isWanted = containerMatcher(filter);
  const matches = endpointMatcher(filter.destination ?? []);
  const rows: ConnectionView[] = [];
  for (const container of model.containers.all()) {
    if (!isWanted(container)) continue;
    const { destinations } = container.network;
    const names = destinations.names();
    const rtts = new Map([...destinations.latencies()].map(({ ip, rttUs }) => [ip, rttUs]));
    for (const each of destinations.values()) {
      const name = names.get(each.destination) ?? '';
      if (filter.failed && each.failed === 0) continue;
      if (![each.destination, each.actualDestination, name].some(matches)) continue;
      if (rows.length === filter.limit) return { observedAtMs: model.nowMs, connections: rows, truncated: true };
      const rttUs = rtts.get(endpointParts(each.actualDestination).ip) ?? 0;
      rows.push(connectionView(container, each, name, rttUs));
    }
  }
  return { observedAtMs: model.nowMs, connections: rows, truncated: false };
}

function connectionView(
  container: Container,
  each: Destination,
  destinationName: string,
  rttUs: number,
): ConnectionView {
  return {
    containerId: container.id,
    containerName: container.name,
    destination: each.destination,
    actualDestination: each.actualDestination,
    destinationName,
    active: each.active,
    successfulConnects: each.successful,
    inferredConnects: each.inferred,
    failedConnects: each.failed,
    failures: failuresByReason(each),
    lastFailureAtMs: each.failures?.lastAtMs ?? 0,
    lastFailure: each.failures ? failureReason(each.failures.lastStatus) : '',
    meanConnectSeconds: each.timed === 0 ? 0 : each.connectMs / each.timed / 1000,
    rttSeconds: rttUs / 1_000_000,
    sentBytes: each.sentBytes,
    receivedBytes: each.receivedBytes,
    retransmits: each.retransmits,
    resets: each.resets,
  };
}

function failuresByReason({ failures }: Destination): Record<string, number> {
  const byReason: Record<string, number> = {};
  for (const [status, count] of failures?.byStatus ?? []) byReason[failureReason(status)] = count;
  if (failures && failures.others > 0) byReason['other reasons'] = failures.others;
  return byReason;
}
