// How a service exited: exit codes of the SCM and of the kernel as text, and whether they mean a failure.

/** Exit status of a stopped service by the SCM. */
export interface ServiceExit {
  readonly win32ExitCode: number;
  /** The service's own code; valid only with ERROR_SERVICE_SPECIFIC_ERROR. */
  readonly serviceExitCode: number;
}

/**
 * Why a container was restarted. `crash`: it exited unexpectedly or reported an error. `planned`: it was stopped
 * normally. `unknown`: both exit and start happened between two ticks, without an exit code that decides.
 */
export type RestartCause = 'crash' | 'planned' | 'unknown';
export const RESTART_CAUSES: readonly RestartCause[] = ['crash', 'planned', 'unknown'];

/** https://learn.microsoft.com/windows/win32/debug/system-error-codes--1000-1299- */
const ERROR_SERVICE_SPECIFIC_ERROR = 1066;
const ERROR_PROCESS_ABORTED = 1067;
const ERROR_SERVICE_NEVER_STARTED = 1077;
const ERROR_SHUTDOWN_IN_PROGRESS = 1115;
/** The first NTSTATUS of severity "error": the exit code of a process that an exception terminated. */
const FIRST_STATUS_ERROR = 0xc000_0000;
/** STATUS_CONTROL_C_EXIT: a requested exit. */
const STATUS_CONTROL_C_EXIT = 0xc000_013a;

/** Whether the SCM reports a failure. */
export function isFailure({ win32ExitCode, serviceExitCode }: ServiceExit): boolean {
  if (win32ExitCode === ERROR_SERVICE_SPECIFIC_ERROR) return serviceExitCode !== 0;
  return (
    win32ExitCode !== 0 && win32ExitCode !== ERROR_SERVICE_NEVER_STARTED && win32ExitCode !== ERROR_SHUTDOWN_IN_PROGRESS
  );
}

/** Cause by the exit code alone: services that stop normally exit with 0, exceptions with their NTSTATUS. */
export function causeByProcess(exitCode: number | undefined): RestartCause {
  if (exitCode === 0 || exitCode === STATUS_CONTROL_C_EXIT) return 'planned';
  return exitCode !== undefined && exitCode >= FIRST_STATUS_ERROR ? 'crash' : 'unknown';
}

/** Whether the first process of a Docker container reported a failure: 0 and a requested exit are none. */
export function isContainerFailure(code: number): boolean {
  return causeByProcess(code >>> 0) !== 'planned';
}

/** The last exit of a container, as text. */
export interface LastExit {
  /** When it was observed, milliseconds since 1970. */
  readonly atMs: number;
  /** The most specific code: the service's own, else that of its process, else that of the SCM. */
  readonly code: number;
  readonly meaning: string;
}

/** The last exit by the available codes; undefined without any. */
export function lastExit(
  atMs: number,
  exit: ServiceExit | undefined,
  processExitCode: number | undefined,
): LastExit | undefined {
  if (exit?.win32ExitCode === ERROR_SERVICE_SPECIFIC_ERROR)
    return { atMs, code: exit.serviceExitCode, meaning: 'the service stopped with its own error code' };
  if (exit && (exit.win32ExitCode !== ERROR_PROCESS_ABORTED || processExitCode === undefined))
    return { atMs, code: exit.win32ExitCode, meaning: scmMeaning(exit.win32ExitCode) };
  if (processExitCode === undefined) return undefined;
  const process = exitCodeMeanings.get(processExitCode);
  const reason = exit
    ? scmMeaning(exit.win32ExitCode)
    : processExitCode === 0
      ? 'the process exited without an error'
      : 'the process exited';
  return { atMs, code: processExitCode, meaning: process ? `${reason}: ${process}` : reason };
}

function scmMeaning(code: number): string {
  return code === 0 ? 'stopped normally' : (scmMeanings[code] ?? 'stopped with a Windows error');
}

/** Codes with which services stop: https://learn.microsoft.com/windows/win32/debug/system-error-codes */
const scmMeanings: Readonly<Record<number, string>> = {
  2: 'a file was not found',
  3: 'a path was not found',
  5: 'access was denied',
  193: 'the program is not a valid Windows application',
  216: 'the program was built for another processor architecture',
  1053: 'the service did not respond in time',
  1054: 'no thread could be created for the service',
  1064: 'an exception occurred in the service',
  1068: 'a service that it depends on could not be started',
  1069: 'the service account could not log on',
  1070: 'the service hung while starting',
  1075: 'a service that it depends on does not exist',
  1079: 'the account differs from that of other services in the same process',
  1083: 'the program does not implement the service',
  1455: 'the paging file is too small',
  [ERROR_PROCESS_ABORTED]: 'the process terminated unexpectedly',
  [ERROR_SERVICE_NEVER_STARTED]: 'not started since boot',
  [ERROR_SHUTDOWN_IN_PROGRESS]: 'the system shut down',
};

/** NTSTATUS ([MS-ERREF] 2.3.1) and exception codes of the .NET and C++ runtimes. */
const exitCodeMeanings: ReadonlyMap<number, string> = new Map([
  [0xc000_0005, 'access violation'],
  [0xc000_0006, 'a page of the program could not be read'],
  [0xc000_0017, 'not enough memory'],
  [0xc000_001d, 'illegal instruction'],
  [0xc000_0094, 'division by zero'],
  [0xc000_00fd, 'stack overflow'],
  [0xc000_0135, 'a DLL was not found'],
  [STATUS_CONTROL_C_EXIT, 'terminated by Ctrl+C'],
  [0xc000_0142, 'a DLL could not be initialised'],
  [0xc000_0374, 'the heap is corrupt'],
  [0xc000_0409, 'stack overrun or fail-fast'],
  [0xc000_0602, 'fail-fast'],
  [0xe043_4352, 'unhandled .NET exception'],
  [0xe06d_7363, 'unhandled C++ exception'],
]);
