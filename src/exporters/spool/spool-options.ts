// Options and status of the spool.
import type { SpoolFiles } from './spool-files.ts';
import type { LeftoverReason } from './spool-totals.ts';

export interface SpoolClock {
  monotonicMs(): number;
  pause(ms: number): Promise<void>;
}

export interface SpoolOptions {
  readonly folder: string;
  /** Of all queues and the rejected payloads together, with headers. */
  readonly maxBytes: number;
  /** Of payloads that are not on disk yet, or that the disk does not take; 16 MiB by default. */
  readonly memoryBytes?: number;
  /** Called when a problem begins or ends, at most once a minute; `info` when it ends. */
  readonly log?: (level: 'info' | 'warn', message: string) => void;
  readonly clock?: SpoolClock;
  readonly files?: SpoolFiles;
}

export interface SpoolStatus {
  /** What is wrong and what to do; empty if nothing is. */
  readonly problem: string;
  /** Whether the folder has been read. */
  readonly isOpen: boolean;
  readonly diskBytes: number;
  readonly memoryBytes: number;
  readonly rejectedPayloads: number;
  readonly leftovers: ReadonlyMap<LeftoverReason, number>;
}
