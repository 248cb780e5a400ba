// Answers about DNS queries.
import { boolean, integer, list, number, object, string } from './json.ts';

/** Queries of one kind and how often they ended so; `domain` is `~other` for those beyond the limit. */
export interface DnsRequestsView {
  domain: string;
  /** e.g. `TypeA`. */
  type: string;
  /** `ok`, or why there was no answer, e.g. `nxdomain`, `timeout`. */
  status: string;
  count: number;
}

/** DNS queries of a container, as GET /api/v1/dns-requests lists them. All counts are since the agent knows the container. */
export interface ContainerDnsView {
  containerId: string;
  containerName: string;
  requests: DnsRequestsView[];
  /** Questions that no answer was ever seen to; they are not among the requests. */
  unanswered: number;
  /** Queries whose time is known. */
  timedRequests: number;
  /** Seconds that those took together, and in the mean (0 while unknown). */
  durationSeconds: number;
  meanDurationSeconds: number;
  /** `code` is that of Windows, -1 where it told none. Time 0, code 0 and empty texts when none has failed. */
  lastFailure: { atMs: number; domain: string; type: string; status: string; code: number };
}

/** GET /api/v1/dns-requests */
export interface DnsRequestsAnswer {
  observedAtMs: number;
  /** Those that have asked anything. */
  containers: ContainerDnsView[];
  /** True when `limit` cut requests off. */
  truncated: boolean;
}

export const dnsRequestsSchema = object({
  observedAtMs: number,
  containers: list(
    object({
      containerId: string,
      containerName: string,
      requests: list(object({ domain: string, type: string, status: string, count: integer })),
      unanswered: integer,
      timedRequests: integer,
      durationSeconds: number,
      meanDurationSeconds: number,
      lastFailure: object({ atMs: number, domain: string, type: string, status: string, code: integer }),
    }),
  ),
  truncated: boolean,
});
