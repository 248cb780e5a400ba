// What the status of the agent shows of a destination.
import type { DeliveryTotals } from './totals.ts';

export interface DestinationStatus {
  readonly name: string;
  /** Without user information, values of parameters masked. */
  readonly url: string;
  /**
   * - `idle`: no payload yet;
   * - `delivering`: the last request succeeded, or the first one is under way;
   * - `retrying`: the receiver cannot be reached or is overloaded;
   * - `refused`: the receiver refuses this agent, and the queue is kept;
   * - `stopped`.
   */
  readonly state: 'idle' | 'delivering' | 'retrying' | 'refused' | 'stopped';
  readonly queuedPayloads: number;
  readonly queuedItems: number;
  readonly queuedBytes: number;
  /** Since the oldest payload of this run was added; 0 when the queue is empty or holds payloads of an earlier run. */
  readonly oldestAgeMs: number;
  /** Milliseconds since 1970, for display; undefined if there was none. */
  readonly lastSuccessAtMs: number | undefined;
  readonly lastAttemptAtMs: number | undefined;
  /** Ages by the monotonic clock. */
  readonly sinceLastSuccessMs: number | undefined;
  readonly lastDurationMs: number | undefined;
  readonly consecutiveFailures: number;
  /** Until the next attempt; undefined when none is waited for. */
  readonly nextAttemptInMs: number | undefined;
  /** HTTP status of the last request; 0 without an answer, undefined without a request. */
  readonly lastStatus: number | undefined;
  readonly totals: DeliveryTotals;
  /** What is wrong and what to do, without secrets; empty if nothing is. */
  readonly problem: string;
}
