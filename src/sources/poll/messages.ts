// Messages between the main thread and the windows worker.
import type { SessionLoss } from '../etw/session.ts';
import type { HostHeader, Observation, Unavailability } from '../host.ts';

/** Passed to the worker when it starts. */
export interface PollWorkerStart {
  readonly agentVersion: string;
  readonly intervalMs: number;
  readonly settings: Readonly<Record<string, string>>;
  /** The event session that the etw worker reads. This worker reads its losses and ends it at a stop. */
  readonly sessionName?: string | undefined;
  /** Read the counters of connections that stay open. */
  readonly connectionStatistics: boolean;
  /** Read GPUs. */
  readonly gpus: boolean;
  /** Memory of an `Activity`: the call that this worker is in. */
  readonly activity: SharedArrayBuffer;
  /** Memory of an `Acknowledgement`: the last round that the model has processed. */
  readonly acknowledged: SharedArrayBuffer;
  /** Memory of an `OpenTrace`: the trace that the etw worker reads, which this worker closes at a stop. */
  readonly trace: SharedArrayBuffer;
}

/** What the worker sends; it receives `ToWorker`. */
export type FromPollWorker =
  | { readonly type: 'header'; readonly header: HostHeader }
  | { readonly type: 'observations'; readonly observations: readonly Observation[] }
  /** Before each tick: what the event session lost, or why that is unknown. */
  | { readonly type: 'loss'; readonly loss?: SessionLoss | undefined; readonly problem?: Unavailability | undefined }
  /** Rounds that were skipped, because earlier ones were not acknowledged or one took longer than an interval. */
  | { readonly type: 'skipped'; readonly rounds: number }
  | { readonly type: 'failed'; readonly reason: string };
