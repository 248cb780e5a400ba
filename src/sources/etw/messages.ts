// Start data and messages of the etw worker, which is blocked in ProcessTrace and reads only the shared words.
import type { Unavailability } from '../host.ts';
import type { SharedRing } from './ring.ts';

/**
 * The activity of the worker while it reads events. Windows may return from the call seconds after the session was
 * stopped: https://learn.microsoft.com/windows/win32/api/evntrace/nf-evntrace-processtrace
 */
export const PROCESS_TRACE = 'ProcessTrace';

export interface EtwWorkerStart {
  readonly ring: SharedRing;
  readonly sessionName: string;
  /** Memory of an `Activity`: the call that this worker is in. */
  readonly activity: SharedArrayBuffer;
  /** Memory of an `OpenTrace`: the trace that this worker reads. */
  readonly trace: SharedArrayBuffer;
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
