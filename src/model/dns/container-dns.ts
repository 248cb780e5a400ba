// DNS queries of one container: how many, how they ended, how long they took.
import { statusName, typeName } from './codes.ts';

/** Upper bounds in seconds, as Coroot's agents have them. */
export const DNS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
const OTHER = '~other';
/** Query types of one container that are kept apart. */
const MAX_TYPES = 32;

/** Queries of one kind; an object of its own, so that its series can hang on it. */
export interface DnsRequests {
  readonly type: string;
  readonly domain: string;
  readonly status: string;
  count: number;
}

export class ContainerDns {
  /** Queries by how long they took, a place for each bucket and one for all above. */
  readonly durations = { counts: new Float64Array(DNS_BUCKETS.length + 1), sum: 0 };
  /** Queries that a program asked and no answer was ever seen to. */
  unanswered = 0;
  /** The last query that failed, with the code of Windows. */
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

  /** One query that has ended. `durationMs` is undefined when its beginning was not seen; `maxDomains` are kept apart. */
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

  /** Whether there was any query yet. */
  get used(): boolean {
    return this.#requests.size > 0;
  }
}
