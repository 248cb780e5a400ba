// What the service control manager says.
import type { Unavailability } from './unavailability.ts';

/** One Windows service as the SCM lists it. Numbers are the vendor's: https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status_process */
export interface ServiceRecord {
  /** Key name, e.g. `MSSQL$REPORTING`. */
  readonly name: string;
  readonly displayName: string;
  /** SERVICE_* type bits. */
  readonly serviceType: number;
  /** SERVICE_* state, 1 stopped to 7 paused. */
  readonly state: number;
  /** 0 when no process runs it. */
  readonly pid: number;
  readonly win32ExitCode: number;
  readonly serviceExitCode: number;
  /** Missing when the configuration could not be read (see `unreadable`). */
  readonly config?: ServiceConfigRecord;
  /** Why the configuration could not be read. */
  readonly configUnavailable?: Unavailability;
}

export interface ServiceConfigRecord {
  /** 0 boot, 1 system, 2 automatic, 3 manual, 4 disabled. */
  readonly startType: number;
  /** Command line of the service process, as configured. */
  readonly binaryPath: string;
  readonly account: string;
  /** Absent when the system does not tell. */
  readonly delayedAutoStart?: boolean;
  /** Number of start and stop triggers; absent when the system does not tell. */
  readonly triggers?: number;
}
