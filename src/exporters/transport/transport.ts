// The contract of a transport, which sends one request to a destination and classifies the answer.
import type { RequestBody } from '../payload.ts';

/**
 * What became of a request.
 * - `success`: the receiver has accepted it.
 * - `retryable`: it may succeed later: network, TLS, proxy, DNS, 408, 425, 429, 5xx.
 * - `refused`: the receiver refuses this agent, not the payload: 401, 403, 404, 407 and every other 4xx. Nothing is
 *   lost: retry slowly.
 * - `too-large`: 413, split the payload.
 * - `rejected`: 400, 415, 422: the receiver will never accept this payload.
 * - `redirected`: 3xx. Not followed, because a captive portal must not count as a success.
 */
export type OutcomeKind = 'success' | 'retryable' | 'refused' | 'too-large' | 'rejected' | 'redirected';

export interface Outcome {
  readonly kind: OutcomeKind;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** Start of the answer, bounded. Empty without an answer. */
  readonly answer: Uint8Array;
  /** For people: what happened and what to do. Has no key, password or query. Empty for a success. */
  readonly problem: string;
  /** Wait that the receiver asks for with `Retry-After`, in milliseconds and bounded; undefined if it does not. */
  readonly retryAfterMs: number | undefined;
  /** From the first byte sent to the last one received. */
  readonly durationMs: number;
}

export interface Transport {
  /** Sends one request with POST. Never rejects. An aborted request is `retryable`. */
  post(url: URL, request: RequestBody, signal: AbortSignal): Promise<Outcome>;
  /** For people: a fault of the configuration that lasts, e.g. a ca-file that cannot be read; empty without one. */
  problem(): string;
  /** Closes idle connections. */
  close(): void;
}
