// Handles of the service control manager (SCM) and of services, and the status of a service.
import { AgentError } from '../base/errors.ts';
import {
  CloseServiceHandle,
  OpenSCManagerW,
  OpenServiceW,
  QueryServiceStatusEx,
  SC_MANAGER_CONNECT,
  SC_STATUS_PROCESS_INFO,
  SERVICE_QUERY_STATUS,
  SERVICE_STATUS_PROCESS,
} from '../native/advapi32/service.ts';
import { SC_MANAGER_CREATE_SERVICE } from '../native/advapi32/service-control.ts';
import { checkBool } from '../native/check.ts';
import { Handle } from '../native/handle.ts';
import { GetLastError } from '../native/kernel32.ts';
import { ERROR_ACCESS_DENIED, ERROR_SERVICE_DOES_NOT_EXIST, Win32Error } from '../native/win32-error.ts';

export { SC_MANAGER_CREATE_SERVICE };

const stateNames = ['', 'stopped', 'starting', 'stopping', 'running', 'continuing', 'pausing', 'paused'] as const;

export interface ServiceStatus {
  readonly state: string;
  readonly pid: number;
  readonly win32ExitCode: number;
  readonly serviceExitCode: number;
  readonly checkpoint: number;
  readonly waitHintMs: number;
}

/** Throws NOT_ELEVATED if the access is refused, else Win32Error. */
export function openScm(access = SC_MANAGER_CONNECT): Handle {
  const handle = OpenSCManagerW(null, null, access);
  if (handle === null) throw refusal('OpenSCManagerW', GetLastError());
  return new Handle(handle, CloseServiceHandle);
}

/** Undefined when there is no such service. Throws NOT_ELEVATED or Win32Error. */
export function openService(manager: Handle, name: string, access: number): Handle | undefined {
  const handle = OpenServiceW(manager.value, name, access);
  if (handle !== null) return new Handle(handle, CloseServiceHandle);
  const code = GetLastError();
  if (code === ERROR_SERVICE_DOES_NOT_EXIST) return undefined;
  throw refusal('OpenServiceW', code);
}

/** The error of a call that needs rights. */
export function refusal(call: string, code: number): Error {
  const error = new Win32Error(call, code);
  return code === ERROR_ACCESS_DENIED
    ? new AgentError('NOT_ELEVATED', { reason: error.message }, { cause: error })
    : error;
}

export function readStatus(service: Handle): ServiceStatus {
  const { size, at } = SERVICE_STATUS_PROCESS;
  const status = Buffer.alloc(size);
  checkBool(
    'QueryServiceStatusEx',
    QueryServiceStatusEx(service.value, SC_STATUS_PROCESS_INFO, status, status.length, new Uint32Array(1)),
  );
  return {
    state: stateNames[status.readUInt32LE(at.dwCurrentState)] ?? 'unknown',
    pid: status.readUInt32LE(at.dwProcessId),
    win32ExitCode: status.readUInt32LE(at.dwWin32ExitCode),
    serviceExitCode: status.readUInt32LE(at.dwServiceSpecificExitCode),
    checkpoint: status.readUInt32LE(at.dwCheckPoint),
    waitHintMs: status.readUInt32LE(at.dwWaitHint),
  };
}

/** The state of a service by name; undefined when there is none. */
export function statusOf(name: string): ServiceStatus | undefined {
  using manager = openScm();
  using service = openService(manager, name, SERVICE_QUERY_STATUS);
  return service && readStatus(service);
}
