// Query parameters that select rows of an answer: patterns of names with *, ? and [sets], and whether something failed.
import { matcher } from '../base/wildcard.ts';

/** Containers by name or id; none means all. */
export interface ContainerFilter {
  readonly container?: readonly string[];
}

/** Rows of containers: at most `limit`. */
interface RowFilter extends ContainerFilter {
  readonly failed?: boolean;
  readonly limit: number;
}

export interface ConnectionFilter extends RowFilter {
  /** Destination, actual destination or name of the destination. */
  readonly destination?: readonly string[];
}

export interface DnsRequestFilter extends RowFilter {
  readonly domain?: readonly string[];
  readonly type?: readonly string[];
  readonly status?: readonly string[];
}

/** Rows in one answer unless the client asks for fewer or more. */
const DEFAULT_LIMIT = 10_000;
const MAX_LIMIT = 200_000;

const patterns = { type: 'array', items: { type: 'string', maxLength: 1024 }, maxItems: 1000 } as const;
const rows = {
  container: patterns,
  failed: { type: 'boolean' },
  limit: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
} as const;

function query<T extends object>(properties: T) {
  return { type: 'object', properties, additionalProperties: false } as const;
}

export const containerQuery = query({ container: patterns });
export const connectionQuery = query({ ...rows, destination: patterns });
export const dnsRequestQuery = query({ ...rows, domain: patterns, type: patterns, status: patterns });

/** Whether a container has one of the names or ids of the filter. */
export function containerMatcher({
  container = [],
}: ContainerFilter): (container: { readonly id: string; readonly name: string }) => boolean {
  const matches = matcher(container);
  return ({ id, name }) => matches(id) || matches(name);
}
