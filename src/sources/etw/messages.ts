// What the etw worker is given and what it says; it hears nothing but the shared words, as it is blocked nearly always.
import type { Unavailability } from '../host.ts';
import type { SharedRing } from './ring.ts';

export interface EtwWorkerStart {
  readonly ring: SharedRing;
  readonly sessionName: string;
}

/** How the session fares, as often as that changes. */
export interface EtwWorkerState {
  readonly state: 'running' | 'retrying';
  /** Why it does not run; empty while it does. */
  readonly reason: string;
  /** Providers that are enabled. */
  readonly providers: readonly string[];
  /** What is missing, and which right would help. */
  readonly degraded: readonly Unavailability[];
  /** Sessions after the first that ran. */
  readonly restarts: number;
  /** What processor cycles are counted at, 0 when unknown. */
  readonly cpuMHz: number;
}
