// DNS requests of one owner: number, status and duration.
import { statusName, typeName } from './dns-codes.ts';

/** Upper bounds in seconds, the same as in Coroot's agents. */
export const DNS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
const OTHER = '~other';
/** Query types of one owner that are counted separately. */
const MAX_TYPES = 32;

/** Requests with the same labels; a separate object so that its label set can be stored with it. */
export interface DnsRequests {
  readonly type: string;
  readonly domain: string;
  readonly status: string;
  count: number;
}

export class DnsCounts {
  /** Requests by duration: one count for each bucket, and one for longer requests. */
  readonly durations = { counts: new Float64Array(DNS_BUCKETS.length + 1), sum: 0 };
  /** Requests that no answer was observed for. */
  unanswered = 0;
  /** The last failed request, with its Windows error code. */
  lastFailure:
    | {
        readonly domain: string;
        readonly type: string;
        readonly status: string;
        readonly code: number;
        readonly atMs: number;
      }
    | undefined;
  readonly #requests = new Map<string, DnsRequests>();
  readonly #domains = new Set<string>();
  readonly #types = new Set<string>();

  /**
   * Counts one completed request. `durationMs` is undefined when its start was not observed. At most `maxDomains`
   * domains are counted separately.
   */
  count(
    domain: string,
    queryType: number,
    code: number | undefined,
    atMs: number,
    durationMs: number | undefined,
    maxDomains: number,
  ): void {
    const known = this.#domains.has(domain);
    if (!known && this.#domains.size < maxDomains) this.#domains.add(domain);
    const shown = known || this.#domains.has(domain) ? domain : OTHER;
    const name = typeName(queryType);
    if (this.#types.size < MAX_TYPES) this.#types.add(name);
    const type = this.#types.has(name) ? name : OTHER;
    const status = statusName(code);
    const key = `${type}|${status}|${shown}`;
    const requests = this.#requests.get(key);
    if (requests) requests.count++;
    else this.#requests.set(key, { type, domain: shown, status, count: 1 });
    if (status !== 'ok') this.lastFailure = { domain, type, status, code: code ?? -1, atMs };
    if (durationMs !== undefined && durationMs > 0) this.#measure(durationMs / 1000);
  }

  #measure(seconds: number): void {
    const bucket = DNS_BUCKETS.findIndex((bound) => seconds <= bound);
    this.durations.counts[bucket < 0 ? DNS_BUCKETS.length : bucket]!++;
    this.durations.sum += seconds;
  }

  requests(): Iterable<DnsRequests> {
    return this.#requests.values();
  }

  /** Whether any request was counted. */
  get used(): boolean {
    return this.#requests.size > 0;
  }
}
