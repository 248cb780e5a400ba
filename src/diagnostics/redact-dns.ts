// Redaction of the control plane's answer about DNS queries.
import type { ContainerDnsView, DnsRequestsAnswer, DnsRequestsView } from '../api/schemas.ts';
import { dnsName } from '../redaction/network-rules.ts';
import { each, keep, record, text } from '../redaction/rules.ts';

export const dnsRequests = record<DnsRequestsAnswer>({
  observedAtMs: keep,
  containers: each(
    record<ContainerDnsView>({
      containerId: text,
      containerName: text,
      requests: each(record<DnsRequestsView>({ domain: dnsName, type: text, status: text, count: keep })),
      unanswered: keep,
      timedRequests: keep,
      durationSeconds: keep,
      meanDurationSeconds: keep,
      lastFailure: record<ContainerDnsView['lastFailure']>({
        atMs: keep,
        domain: dnsName,
        type: text,
        status: text,
        code: keep,
      }),
    }),
  ),
  truncated: keep,
});
