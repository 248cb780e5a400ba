// Redaction of the control plane's answer about DNS queries.
import type { DnsAnswer, DnsRequestsView, DnsView } from '../api/schemas.ts';
import { dnsName } from '../redaction/network-rules.ts';
import { each, keep, record, text } from '../redaction/rules.ts';

export const dns = record<DnsAnswer>({
  observedAtMs: keep,
  containers: each(
    record<DnsView>({
      containerId: text,
      containerName: text,
      requests: each(record<DnsRequestsView>({ domain: dnsName, type: text, status: text, count: keep })),
      unanswered: keep,
      timed: keep,
      seconds: keep,
      meanSeconds: keep,
      lastFailure: record<DnsView['lastFailure']>({
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
