// The seam: all data about a host enters the engine as observations of the types in this file.
import type { ObservationData } from './records/kinds.ts';
import type { HostHeader, ObservationHead } from './records/run.ts';
import type { Unavailability } from './records/unavailability.ts';

export type * from './records/cloud.ts';
export type * from './records/docker.ts';
export type * from './records/events.ts';
export type * from './records/gpus.ts';
export type * from './records/jobs.ts';
export type * from './records/kinds.ts';
export type * from './records/logs.ts';
export type * from './records/network.ts';
export type * from './records/node.ts';
export type * from './records/processes.ts';
export type * from './records/run.ts';
export type * from './records/services.ts';
export type * from './records/tcp-events.ts';
export type * from './records/unavailability.ts';

export type ObservationKind = keyof ObservationData;

type ObservationOf<K extends ObservationKind> = ObservationHead & { readonly kind: K } & (
    | {
        readonly data: ObservationData[K];
        readonly degraded?: readonly Unavailability[];
        readonly unavailable?: undefined;
      }
    | { readonly data?: undefined; readonly degraded?: undefined; readonly unavailable: Unavailability }
  );

/** One reading of the host, or why it failed. `degraded` lists the parts that are missing from `data`. */
export type Observation = { [K in ObservationKind]: ObservationOf<K> }[ObservationKind];

/** The newest schema of tapes; sources/tape/upgrade.ts converts older ones. */
export const TAPE_SCHEMA = 1;

/** State of the host while it runs, for the status. */
export interface HostStatus {
  /** `windows` or `tape`. */
  readonly kind: string;
  /** File and position of a tape; empty for the live machine. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
  /** E.g. a worker that does not answer, or a damaged tape. */
  readonly problem?: string;
}

/** A call that has not returned when a stop should be complete. */
export interface PendingCall {
  /** The call and its thread, e.g. `ProcessTrace in the etw worker`. */
  readonly call: string;
  /**
   * Windows may return from it late, so the process exits without it, as after any other stop. A call that hangs is a
   * fault: the process is terminated and writes a crash report.
   */
  readonly mayBeLate: boolean;
}

/** A source of observations: the live machine or a tape. */
export interface Host {
  /** Starts pushing observations; resolves with the header before the first one. Rejects with AgentError. */
  start(push: (observation: Observation) => void): Promise<HostHeader>;
  /** Stops pushing. Resolves with the calls that have not returned in time; empty when everything has ended. */
  stop(): Promise<readonly PendingCall[]>;
  status(): HostStatus;
}
