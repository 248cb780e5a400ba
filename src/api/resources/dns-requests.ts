// GET /api/v1/dns-requests: DNS requests of containers, by domain, type and status.
import { matcher } from '../../base/wildcard.ts';
import type { Container } from '../../model/containers/container.ts';
import type { HostModel } from '../../model/host-model.ts';
import { DNS_STATUSES } from '../../model/owner/dns-codes.ts';
import type { DnsCounts, DnsRequests } from '../../model/owner/dns-counts.ts';
import {
  boolean,
  choice,
  containerId,
  integer,
  list,
  number,
  observedAtMs,
  record,
  type Static,
  text,
} from '../fields.ts';
import { containerMatcher, type DnsRequestFilter, dnsRequestQuery } from '../parameters.ts';
import { resource } from '../resource.ts';

const requestsSchema = record({
  domain: text('domain', 'Requested name; `~other` for names beyond `max-fqdns-per-container`.'),
  type: text(
    'text',
    'Record type; a lookup of A and AAAA records is `TypeA`, or `TypeAAAA` if it found an IPv6 address.',
  ),
  status: choice(DNS_STATUSES, '`ok`, or why there was no answer.'),
  count: integer('Requests since the container was first observed.'),
});
export type DnsRequestsView = Static<typeof requestsSchema>;

const containerDnsSchema = record({
  containerId: containerId('The container that sent the requests.'),
  containerName: text('text', 'Its name.'),
  requests: list(requestsSchema, 'Answered and failed requests by domain, type and status.'),
  unanswered: integer('Requests without an observed answer; they are not among `requests`.'),
  timedRequests: integer('Requests with a measured duration.'),
  durationSeconds: number('Total duration of the timed requests, in seconds.'),
  meanDurationSeconds: number('Mean duration of the timed requests, in seconds; 0 when there are none.'),
  lastFailure: record(
    {
      atMs: number('Time of the failure, in milliseconds since 1970.'),
      domain: text('domain', 'Requested name.'),
      type: text('text', 'Record type.'),
      status: text('text', 'Status, as in `requests`.'),
      code: integer('Windows error code; -1 when the event has none.'),
    },
    'The last failed request; empty texts and zeros when none has failed.',
  ),
});
export type ContainerDnsView = Static<typeof containerDnsSchema>;

const dnsRequestsSchema = record(
  {
    observedAtMs,
    containers: list(containerDnsSchema, 'Containers that sent DNS requests.'),
    truncated: boolean('True when `limit` cut the requests off.'),
  },
  'The DNS requests.',
);
export type DnsRequestsAnswer = Static<typeof dnsRequestsSchema>;

export const dnsRequests = resource({
  path: '/api/v1/dns-requests',
  summary: 'DNS requests by container: counts by domain, type and status, durations, and the last failure.',
  query: dnsRequestQuery,
  answer: dnsRequestsSchema,
  view: ({ model }, filter) => dnsRequestsView(model, filter),
});

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

/**
 * Containers with unanswered requests count as failed; a filter of names selects only containers with such requests.
 */
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
