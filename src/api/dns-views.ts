// DNS queries of containers as the control plane shows them.
import { matcher } from '../base/wildcard.ts';
import type { Container } from '../model/containers/container.ts';
import type { HostModel } from '../model/host-model.ts';
import type { DnsCounts, DnsRequests } from '../model/owner/dns-counts.ts';
import { containerMatcher, type DnsRequestFilter } from './filters.ts';
import type { ContainerDnsView, DnsRequestsAnswer } from './schemas.ts';

/** The requests that the filter selects, at most `limit` of them, by container. */
export function dnsRequestsView(model: HostModel, filter: DnsRequestFilter): DnsRequestsAnswer {
  const isWanted = containerMatcher(filter);
  const matches = requestMatcher(filter);
  const containers: ContainerDnsView[] = [];
  let left = filter.limit;
  for (const container of model.containers.all()) {
    const { dns } = container;
    if (!isWanted(container)) continue;
    const requests = [...dns.requests()].filter(matches);
    if (requests.length === 0 && !isSelectedWithoutRequests(dns, filter)) continue;
    if (requests.length > 0 && left === 0) return { observedAtMs: model.nowMs, containers, truncated: true };
    containers.push(containerDnsView(container, requests.slice(0, left)));
    if (requests.length > left) return { observedAtMs: model.nowMs, containers, truncated: true };
    left -= requests.length;
  }
  return { observedAtMs: model.nowMs, containers, truncated: false };
}

function requestMatcher({ domain, type, status, failed }: DnsRequestFilter): (request: DnsRequests) => boolean {
  const matches = [matcher(domain ?? []), matcher(type ?? []), matcher(status ?? [])] as const;
  return (request) =>
    matches[0](request.domain) &&
    matches[1](request.type) &&
    matches[2](request.status) &&
    !(failed && request.status === 'ok');
}

/** Containers with unanswered requests count as failed; a filter of names selects only containers with such requests. */
function isSelectedWithoutRequests(dns: DnsCounts, { domain, type, status, failed }: DnsRequestFilter): boolean {
  if (domain ?? type ?? status) return false;
  return dns.unanswered > 0 || (dns.used && !failed);
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
