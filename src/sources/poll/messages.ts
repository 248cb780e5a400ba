// What the main thread and the windows worker say to each other.
import type { SessionLoss } from '../etw/session.ts';
import type { HostHeader, Observation, Unavailability } from '../host.ts';

/** Handed to the worker when it begins. */
export interface WindowsWorkerStart {
  agentVersion: string;
  intervalMs: number;
  settings: Readonly<Record<string, string>>;
  /** The event session that the etw worker reads, to be asked for its losses and ended at a stop; undefined for none. */
  sessionName?: string | undefined;
  /** Ask for the counters of connections that stay open. */
  connectionStatistics: boolean;
}

/** `ack` answers a tick: the model has taken the round in, the next one may come. */
export type ToWindowsWorker = { type: 'ack'; seq: number } | { type: 'stop' };

export type FromWindowsWorker =
  | { type: 'header'; header: HostHeader }
  | { type: 'observation'; observation: Observation }
  /** Before each tick: what the event session lost, or why that is not known. */
  | { type: 'loss'; loss?: SessionLoss | undefined; problem?: Unavailability | undefined }
  /** Rounds that were left out: the main thread had not taken in the ones before, or one took longer than an interval. */
  | { type: 'skipped'; rounds: number }
  | { type: 'failed'; reason: string };
