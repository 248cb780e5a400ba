// DNS queries of containers as the control plane shows them.
import type { Container } from '../model/containers/container.ts';
import type { HostModel } from '../model/host-model.ts';
import type { DnsRequests } from '../model/owner/dns-counts.ts';
import type { DnsAnswer, DnsView } from './schemas.ts';

/** At most `limit` kinds of queries, of one container or of all. */
export function dnsView(model: HostModel, containerId: string | undefined, limit: number): DnsAnswer {
  const containers: DnsView[] = [];
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

function containerDnsView({ id, name, dns }: Container, requests: readonly DnsRequests[]): DnsView {
  const { counts, sum } = dns.durations;
  const timed = counts.reduce((total, count) => total + count, 0);
  return {
    containerId: id,
    containerName: name,
    requests: requests.map(({ domain, type, status, count }) => ({ domain, type, status, count })),
    unanswered: dns.unanswered,
    timed,
    seconds: sum,
    meanSeconds: timed === 0 ? 0 : sum / timed,
    lastFailure: dns.lastFailure ?? { atMs: 0, domain: '', type: '', status: '', code: 0 },
  };
}
