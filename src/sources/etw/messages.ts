// Start data and messages of the etw worker, which is blocked in ProcessTrace and reads only the shared words.
import type { Unavailability } from '../host.ts';
import type { SharedRing } from './ring.ts';

export interface EtwWorkerStart {
  readonly ring: SharedRing;
  readonly sessionName: string;
}

/** State of the session, posted whenever it changes. */
export interface EtwWorkerState {
  readonly state: 'running' | 'retrying';
  /** Why the session does not run; empty while it runs. */
  readonly reason: string;
  /** Titles of the enabled providers. */
  readonly providers: readonly string[];
  /** Providers that could not be enabled, each with the right that enabling requires. */
  readonly degraded: readonly Unavailability[];
  /** Sessions that ran after the first one. */
  readonly restarts: number;
  /** Frequency at which processor cycles are counted; 0 when unknown. */
  readonly cpuMHz: number;
}
