// Windows services, as the service control manager lists them.
import { account, boolean, commandLine, type Field, serviceName, text, u32 } from './field.ts';
import { optional, type RecordOf, record } from './record.ts';
import { unavailability } from './unavailability.ts';

const configFields = {
  /** 0 boot, 1 system, 2 automatic, 3 manual, 4 disabled. */
  startType: u32,
  /** Command line of the service process, as configured. */
  binaryPath: commandLine,
  account,
  /** Absent when Windows does not report it. */
  delayedAutoStart: optional(boolean),
  /** Number of start and stop triggers; absent when Windows does not report it. */
  triggers: optional(u32),
};

export interface ServiceConfigRecord extends RecordOf<typeof configFields> {}
const serviceConfig: Field<ServiceConfigRecord> = record(configFields);

const serviceFields = {
  /** Key name, e.g. `MSSQL$REPORTING`. */
  name: serviceName,
  displayName: text,
  /** SERVICE_* type bits. */
  serviceType: u32,
  /** SERVICE_* state, 1 stopped to 7 paused. */
  state: u32,
  /** 0 when the service has no process. */
  pid: u32,
  win32ExitCode: u32,
  serviceExitCode: u32,
  /** Absent when the configuration could not be read. */
  config: optional(serviceConfig),
  /** Why the configuration could not be read. */
  configUnavailable: optional(unavailability),
};

/**
 * One Windows service. Numbers are those of Windows:
 * https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status_process
 */
export interface ServiceRecord extends RecordOf<typeof serviceFields> {}
export const service: Field<ServiceRecord> = record(serviceFields);
