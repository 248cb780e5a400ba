// The model as the control plane shows it.
import { endpointParts } from '../base/ip.ts';
import { matcher } from '../base/wildcard.ts';
import type { Container } from '../model/containers/container.ts';
import type { ServiceGroup } from '../model/containers/service-groups.ts';
import { isContainer, SERVICE_RULES, type ServiceDecision } from '../model/containers/services.ts';
import type { HostModel } from '../model/host-model.ts';
import { failureReason } from '../model/net/connect-failures.ts';
import type { Destination } from '../model/owner/destination.ts';
import { type ConnectionFilter, containerMatcher } from './filters.ts';
import type { ConnectionsAnswer, ConnectionView, ContainerView, ServiceView } from './schemas.ts';

export function containerView(container: Container): ContainerView {
  const { usage, history, limits } = container;
  return {
    id: container.id,
    name: container.name,
    kind: container.kind,
    displayName: container.displayName,
    image: container.image,
    state: container.state,
    pid: container.pid,
    pids: container.pids,
    applicationTypes: [...container.applicationTypes.keys()],
    startedAtMs: container.startedAtMs,
    restarts: history.total,
    restartsByCause: {
      crash: history.count('crash'),
      planned: history.count('planned'),
      unknown: history.count('unknown'),
    },
    lastExit: history.lastExit ?? { atMs: 0, code: 0, meaning: '' },
    cpuSeconds: usage.cpuSeconds,
    rssBytes: usage.rssBytes,
    rssSource: usage.rssSource,
    limits: {
      memoryBytes: limits.memoryBytes ?? 0,
      cpuCores: limits.cpuCores ?? 0,
      jobs: [...limits.jobs],
      hasUnnamedJob: limits.hasUnnamedJob,
    },
    threads: usage.threads,
    handles: usage.handles,
    pageFaults: usage.faults ?? { hard: 0, soft: 0 },
    imagePath: container.imagePath,
    io: {
      source: usage.ioSource,
      device: container.disk?.device ?? '',
      reads: usage.reads,
      writes: usage.writes,
      readBytes: usage.readBytes,
      writtenBytes: usage.writtenBytes,
    },
    listeners: [...container.network.listeners.values()].map(({ address, proxy, reported }) => ({
      address,
      proxy,
      inMetrics: reported,
    })),
    activeConnections: container.network.activeConnections,
  };
}

function connectionView(container: Container, each: Destination, name: string, rttUs: number): ConnectionView {
  const failures: Record<string, number> = {};
  for (const [status, count] of each.failures?.byStatus ?? []) failures[failureReason(status)] = count;
  if (each.failures && each.failures.others > 0) failures['other reasons'] = each.failures.others;
  return {
    containerId: container.id,
    containerName: container.name,
    destination: each.destination,
    actualDestination: each.actualDestination,
    destinationName: name,
    active: each.active,
    successfulConnects: each.successful,
    inferredConnects: each.inferred,
    failedConnects: each.failed,
    failures,
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

/** The destinations that the filter selects, at most `limit` of them. */
export function connectionsView(model: HostModel, filter: ConnectionFilter): ConnectionsAnswer {
  const isWanted = containerMatcher(filter);
  const matches = matcher(filter.destination ?? []);
  const connections: ConnectionView[] = [];
  for (const container of model.containers.all()) {
    if (!isWanted(container)) continue;
    const names = container.network.destinations.names();
    const rtts = new Map([...container.network.destinations.latencies()].map(({ ip, rttUs }) => [ip, rttUs]));
    for (const each of container.network.destinations.values()) {
      const name = names.get(each.destination) ?? '';
      if (filter.failed && each.failed === 0) continue;
      if (![each.destination, each.actualDestination, name].some(matches)) continue;
      if (connections.length === filter.limit) return { observedAtMs: model.nowMs, connections, truncated: true };
      connections.push(connectionView(container, each, name, rtts.get(endpointParts(each.actualDestination).ip) ?? 0));
    }
  }
  return { observedAtMs: model.nowMs, connections, truncated: false };
}

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status_process */
const states = ['', 'stopped', 'starting', 'stopping', 'running', 'continuing', 'pausing', 'paused'];
const startTypes = ['boot', 'system', 'automatic', 'manual', 'disabled'];

/** `containerIds` are the ids of the containers that exist, `group` the services that it shares its process with. */
export function serviceView(
  decision: ServiceDecision,
  containerIds: ReadonlySet<string>,
  group?: ServiceGroup,
): ServiceView {
  const { service, rule, containerId } = decision;
  const others = group?.members.filter((member) => member.decision !== decision) ?? [];
  return {
    name: service.name,
    displayName: service.displayName,
    state: states[service.state] || `state ${service.state}`,
    startType: startType(decision),
    pid: service.pid,
    sharedWith: others.map((member) => member.decision.service.name),
    group: group?.name ?? '',
    containerId: isContainer(rule) && containerIds.has(containerId) ? containerId : '',
    rule,
    explanation: service.unreadable ? `${SERVICE_RULES[rule]}: ${service.unreadable.reason}` : SERVICE_RULES[rule],
    serviceType: service.serviceType,
    account: service.config?.account ?? '',
    binaryPath: service.config?.binaryPath ?? '',
  };
}

function startType({ service: { config } }: ServiceDecision): string {
  if (!config) return 'unknown';
  const text = startTypes[config.startType] ?? `type ${config.startType}`;
  if (config.triggers) return `${text} (triggered)`;
  return config.delayedAutoStart ? `${text} (delayed)` : text;
}
