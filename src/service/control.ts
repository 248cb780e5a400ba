// Starts and stops a service, and waits for the new state.
import { setTimeout as delay } from 'node:timers/promises';
import { ERRORS } from '../base/error-table.ts';
import { AgentError } from '../base/errors.ts';
import { SERVICE_QUERY_STATUS } from '../native/advapi32/service.ts';
import { ControlService, SERVICE_START, SERVICE_STOP, StartServiceW } from '../native/advapi32/service-control.ts';
import {
  ERROR_SERVICE_SPECIFIC_ERROR,
  SERVICE_CONTROL_STOP,
  SERVICE_STATUS,
} from '../native/advapi32/service-process.ts';
import type { Handle } from '../native/handle.ts';
import { GetLastError } from '../native/kernel32.ts';
import {
  ERROR_SERVICE_ALREADY_RUNNING,
  ERROR_SERVICE_CANNOT_ACCEPT_CTRL,
  ERROR_SERVICE_NOT_ACTIVE,
  Win32Error,
} from '../native/win32-error.ts';
import { openScm, openService, readStatus, refusal, type ServiceStatus } from './scm.ts';

const POLL_INTERVAL_MS = 100;
/** Time without progress after which waiting ends; every new checkpoint restarts it. */
const PATIENCE_MS = 30_000;

/** Resolves once the service runs; false if it was running. Throws SERVICE_MISSING, NOT_ELEVATED, SERVICE_FAILED. */
export async function startService(name: string): Promise<boolean> {
  using manager = openScm();
  using service = openOr(manager, name, SERVICE_START | SERVICE_QUERY_STATUS);
  if (StartServiceW(service.value, 0, null) === 0) {
    const code = GetLastError();
    if (code === ERROR_SERVICE_ALREADY_RUNNING) return false;
    throw failed(`starting ${name}`, new Win32Error('StartServiceW', code).message);
  }
  const status = await settled(service);
  if (status.state !== 'running') throw failed(`starting ${name}`, endText(status));
  return true;
}

/**
 * Resolves once the service has stopped; false if it was stopped. Throws SERVICE_MISSING, NOT_ELEVATED, SERVICE_FAILED.
 */
export async function stopService(name: string): Promise<boolean> {
  using manager = openScm();
  using service = openOr(manager, name, SERVICE_STOP | SERVICE_QUERY_STATUS);
  for (const deadline = performance.now() + PATIENCE_MS; ; await delay(POLL_INTERVAL_MS)) {
    if (ControlService(service.value, SERVICE_CONTROL_STOP, Buffer.alloc(SERVICE_STATUS.size)) !== 0) break;
    const code = GetLastError();
    if (code === ERROR_SERVICE_NOT_ACTIVE) return false;
    // The service is in a pending state, e.g. already starting or stopping.
    const between = code === ERROR_SERVICE_CANNOT_ACCEPT_CTRL && readStatus(service).state !== 'stopping';
    if (between && performance.now() < deadline) continue;
    if (code === ERROR_SERVICE_CANNOT_ACCEPT_CTRL) break;
    const error = refusal('ControlService', code);
    throw error instanceof AgentError ? error : failed(`stopping ${name}`, error.message);
  }
  const status = await settled(service);
  if (status.state !== 'stopped') throw failed(`stopping ${name}`, endText(status));
  return true;
}

/** How a service ended, for messages; exit codes of this agent are explained by the errors that have them. */
export function endText({ state, win32ExitCode, serviceExitCode }: ServiceStatus): string {
  if (state !== 'stopped') return `it is still ${state}`;
  if (win32ExitCode === ERROR_SERVICE_SPECIFIC_ERROR) {
    const codes = Object.entries(ERRORS).flatMap(([code, { exit }]) => (exit === serviceExitCode ? [code] : []));
    const names = codes.length > 0 ? ` (${codes.join(' or ')})` : '';
    return `it stopped with service-specific exit code ${serviceExitCode}${names}`;
  }
  return win32ExitCode === 0
    ? 'it has stopped'
    : `it stopped; ${new Win32Error('Windows reports', win32ExitCode).message}`;
}

async function settled(service: Handle): Promise<ServiceStatus> {
  let checkpoint = -1;
  for (let deadline = performance.now() + PATIENCE_MS; ; await delay(POLL_INTERVAL_MS)) {
    const status = readStatus(service);
    const pending = status.state === 'starting' || status.state === 'stopping';
    if (!pending || performance.now() > deadline) return status;
    if (status.checkpoint !== checkpoint) deadline = performance.now() + PATIENCE_MS;
    checkpoint = status.checkpoint;
  }
}

function openOr(manager: Handle, name: string, access: number): Handle {
  const service = openService(manager, name, access);
  if (!service) throw new AgentError('SERVICE_MISSING', { service: name });
  return service;
}

function failed(action: string, reason: string): AgentError {
  return new AgentError('SERVICE_FAILED', { action, reason });
}
