// The contract of a queue of payloads for one destination.
import type { Payload } from '../payload.ts';

/** A payload in the queue. */
export interface QueuedPayload {
  /** Position in the queue; grows with each payload. Unique and never used again, also after a restart. */
  readonly seq: number;
  readonly payload: Payload;
}

export interface QueueLimits {
  readonly maxPayloads: number;
  /** Bytes of the bodies together; one payload is returned even if it is larger. */
  readonly maxBytes: number;
}

/** What the queue holds. */
export interface QueueSize {
  readonly payloads: number;
  /** Samples or records. */
  readonly items: number;
  /** Bytes on disk and in memory. */
  readonly bytes: number;
  /** Time of the oldest sample or record, milliseconds since 1970; undefined when the queue is empty. */
  readonly oldestMs: number | undefined;
}

/** Payloads of one destination in the order in which they were added. */
export interface PayloadQueue {
  readonly name: string;
  /**
   * Adds a payload at the end. Resolves when it is on disk, or in memory where the disk cannot take it. Never rejects:
   * a payload that is dropped is counted by the reason.
   */
  append(payload: Payload): Promise<void>;
  /** The first payloads, in order; empty when the queue is. A file that cannot be read is set aside and counted. */
  first(limits: QueueLimits): Promise<readonly QueuedPayload[]>;
  /** Removes payloads that were delivered or counted as dropped. */
  remove(seqs: readonly number[]): Promise<void>;
  /** Moves a payload out of the queue to the folder of rejected payloads, where it is kept for a person to look at. */
  setAside(queued: QueuedPayload, reason: string): Promise<void>;
  /** Resolves when a payload was added since the last call of `first`, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
  size(): QueueSize;
}
