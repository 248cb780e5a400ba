// What the delivery to one destination reports: for status, API and metrics.

/** A destination has the name of what it receives. */
export type DestinationName = 'metrics' | 'logs';

/**
 * - `idle`: no payload yet;
 * - `delivering`: the last request succeeded, or the first one is under way;
 * - `retrying`: the receiver cannot be reached or is overloaded;
 * - `refused`: the receiver refuses this agent, and the queue is kept;
 * - `stopped`.
 */
export type DeliveryState = 'idle' | 'delivering' | 'retrying' | 'refused' | 'stopped';

/**
 * All counts are since the agent started. Items are samples or records:
 * recovered + produced = delivered + dropped + queued, whenever no request is being completed.
 */
export interface DeliveryStatus {
  readonly name: DestinationName;
  /** URL without password, and without the values of its query. */
  readonly endpoint: string;
  readonly state: DeliveryState;
  /** Why data does not arrive and what to do; empty while it does. */
  readonly problem: string;
  readonly queuedPayloads: number;
  readonly queuedItems: number;
  /** Bytes of the queue, on disk and in memory. */
  readonly queuedBytes: number;
  /** Age of the oldest queued item, in seconds; 0 for an empty queue. */
  readonly oldestAgeSeconds: number;
  /** Found in the spool when the agent started. */
  readonly recoveredItems: number;
  readonly producedItems: number;
  readonly deliveredItems: number;
  /** Items that were given up, by reason. */
  readonly droppedItems: Readonly<Record<string, number>>;
  /** Parts of items that were changed to keep limits, by kind of part, e.g. `body`. */
  readonly changes: Readonly<Record<string, number>>;
  /** Requests by result, e.g. `success` or `retryable`. */
  readonly requests: Readonly<Record<string, number>>;
  /** Bytes of the bodies of accepted requests. */
  readonly sentBytes: number;
  /** HTTP status of the last answer; 0 for none. */
  readonly lastStatus: number;
  /** Duration of the last request, in seconds; 0 before the first. */
  readonly lastRequestSeconds: number;
  /** Times in milliseconds since 1970; 0 for none. */
  readonly lastSuccessAtMs: number;
  readonly nextAttemptAtMs: number;
}

/** What the spool reports. */
export interface SpoolStatus {
  /** Empty where nothing is delivered. */
  readonly folder: string;
  readonly bytes: number;
  readonly maxBytes: number;
  /** Files found at the start that belong to no queue, by reason. */
  readonly leftovers: Readonly<Record<string, number>>;
  /** Payloads that a receiver rejected, kept for inspection. */
  readonly rejectedPayloads: number;
  /** Why payloads cannot be written and what to do; empty while they can. */
  readonly problem: string;
}

/** The state of all deliveries at the moment. */
export interface DeliveryReports {
  statuses(): readonly DeliveryStatus[];
  spool(): SpoolStatus;
}

/** The state of an agent that delivers nothing. */
export const NO_DELIVERY: DeliveryReports = {
  statuses: () => [],
  spool: () => ({ folder: '', bytes: 0, maxBytes: 0, leftovers: {}, rejectedPayloads: 0, problem: '' }),
};
