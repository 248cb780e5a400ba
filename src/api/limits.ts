// Limits of the control plane and of its answers.

/** Rows of a list unless the client asks for fewer or more. */
export const DEFAULT_ROWS = 10_000;
export const MAX_ROWS = 200_000;

/** Log messages or patterns of an answer. */
export const DEFAULT_MESSAGES = 1000;
export const MAX_MESSAGES = 10_000;

/** Limits of what clients can make the control plane hold and do. */
export interface ServerLimits {
  /** Open connections; a further one replaces one that waits or does not read, or is refused. */
  readonly connections: number;
  /** Requests that begin, and connections that open, in one turn of the event loop. */
  readonly requestsPerTurn: number;
  /** Received bytes of requests that wait for an answer before them, over all connections. */
  readonly waitingBytes: number;
  /** Requests for answers that are not built yet, each of them with another selection. */
  readonly waitingBuilds: number;
  /** Answers for selections of rows that are kept for later readers, and their bytes. */
  readonly keptSelections: number;
  readonly keptSelectionBytes: number;
  /** Bytes of answers that readers are still receiving although they are outdated or no longer kept. */
  readonly unsentBytes: number;
  /** Time until Windows has accepted the last byte of an answer, in milliseconds. */
  readonly sendMs: number;
  /** Time without a byte read of an answer after which a new connection may replace this one, in milliseconds. */
  readonly graceMs: number;
  /** Time until a request has arrived, in milliseconds. */
  readonly requestMs: number;
  /** Time between two requests on a connection, in milliseconds. */
  readonly idleMs: number;
  /** Clients that follow the log. */
  readonly followers: number;
  /** Bytes that wait for a client that follows the log; it goes on from there when it has read them. */
  readonly followerBytes: number;
  /** Time between two comments that keep the connection of such a client in use, in milliseconds. */
  readonly heartbeatMs: number;
}

export const SERVER_LIMITS: ServerLimits = {
  connections: 512,
  requestsPerTurn: 16,
  waitingBytes: 8 * 1024 * 1024,
  waitingBuilds: 64,
  keptSelections: 32,
  keptSelectionBytes: 8 * 1024 * 1024,
  unsentBytes: 16 * 1024 * 1024,
  sendMs: 30_000,
  graceMs: 1000,
  requestMs: 30_000,
  idleMs: 72_000,
  followers: 32,
  followerBytes: 64 * 1024,
  heartbeatMs: 15_000,
};

/** Why a request or a connection was refused, in the metric `coroot_agent_http_rejected_total`. */
export type RejectReason =
  | 'connections'
  | 'replaced'
  | 'waiting_bytes'
  | 'waiting_builds'
  | 'unsent_bytes'
  | 'slow_reader'
  | 'followers';
