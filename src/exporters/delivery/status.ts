// What the status of the agent shows of a destination.
import type { DeliveryState } from './delivery-status.ts';
import type { DeliveryTotals } from './totals.ts';

export interface DestinationStatus {
  readonly name: string;
  /** Without user information, values of parameters masked. */
  readonly url: string;
  readonly state: DeliveryState;
  readonly queuedPayloads: number;
  readonly queuedItems: number;
  readonly queuedBytes: number;
  /** Age of the oldest sample or record in the queue; 0 for an empty queue. */
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
