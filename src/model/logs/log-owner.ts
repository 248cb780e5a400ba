// The owner of a log: a container or the node.
import type { LogRecord } from '../../logs/log-record.ts';
import type { LogCounts } from '../owner/log-counts.ts';

/** A container, or the node, whose id and name are empty. */
export interface LogOwner {
  readonly id: string;
  readonly name: string;
  readonly counts: LogCounts;
}

/** Receives what leaves the model. It must not throw. */
export interface LogListener {
  /** A record of a container, or of the node, whose id is empty. */
  record(containerId: string, record: LogRecord): void;
  /** The container is gone, and no record of it follows unless it comes back. */
  removed(containerId: string): void;
}
