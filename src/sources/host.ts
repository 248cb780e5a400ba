// THE SEAM: everything the engine learns about a host passes here as observations; imports nothing but its record types.
import type { ObservationData } from './records/kinds.ts';
import type { HostHeader, ObservationHead } from './records/run.ts';
import type { Unavailability } from './records/unavailability.ts';

export type * from './records/events.ts';
export type * from './records/jobs.ts';
export type * from './records/kinds.ts';
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

/** One thing that Windows said, or why it could not be had. `degraded` names parts that are missing from `data`. */
export type Observation = { [K in ObservationKind]: ObservationOf<K> }[ObservationKind];

/** The newest layout of tapes; sources/tape/upgrade.ts brings older ones up. */
export const TAPE_SCHEMA = 1;

/** What the host tells about itself while it runs, for status pages. */
export interface HostStatus {
  /** `windows` or `tape`. */
  readonly kind: string;
  /** A tape's file and position, or nothing. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
  /** A worker that has not answered for long, a tape that ended, ... */
  readonly problem?: string;
}

/** A source of observations: the live machine or a tape. */
export interface Host {
  /** Starts pushing; resolves with the header once the first observation may come. Rejects with AgentError. */
  start(push: (observation: Observation) => void): Promise<HostHeader>;
  /** Stops pushing; resolves to false when something did not end within the time given and must be killed. */
  stop(timeoutMs: number): Promise<boolean>;
  status(): HostStatus;
}
