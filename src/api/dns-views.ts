// DNS queries of containers as the control plane shows them.
import type { Container } from '../model/containers/container.ts';
import type { HostModel } from '../model/host-model.ts';
import type { DnsRequests } from '../model/owner/dns-counts.ts';
import type { ContainerDnsView, DnsRequestsAnswer } from './schemas.ts';

/** At most `limit` kinds of queries, of one container or of all. */
export function dnsRequestsView(model: HostModel, containerId: string | undefined, limit: number): DnsRequestsAnswer {
  const containers: ContainerDnsView[] = [];
  let left = limit;
  for (const container of model.containers.all()) {
    const { dns } = container;
    if (containerId !== undefined && container.id !== containerId) continue;
    if (!dns.used && dns.unanswered === 0) continue;
    const requests = [...dns.requests()];
    if (requests.length > 0 && left === 0) return { observedAtMs: model.nowMs, containers, truncated: true };
    containers.push(containerDnsView(container, requests.slice(0, left)));
    if (requests.length > left) return { observedAtMs: model.nowMs, containers, truncated: true };
    left -= requests.length;
  }
  return { observedAtMs: model.nowMs, containers, truncated: false };
}

function containerDnsView({ id, name, dns }: Container, requests: readonly DnsRequests[]): ContainerDnsView {
  const { counts, sum } = dns.durations;
  const timedRequests = counts.reduce((total, count) => total + count, 0);
  return {
    containerId: id,
    containerName: name,
    requests: requests.map(({ domain, type, status, count }) => ({ domain, type, status, count })),
    unanswered: dns.unanswered,
    timedRequests,
    durationSeconds: sum,
    meanDurationSeconds: timedRequests === 0 ? 0 : sum / timedRequests,
    lastFailure: dns.lastFailure ?? { atMs: 0, domain: '', type: '', status: '', code: 0 },
  };
}
