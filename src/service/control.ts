// Starts and stops a service, and waits until it has done so.
import { setTimeout as delay } from 'node:timers/promises';
import { AgentError, ERRORS } from '../base/errors.ts';
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
import { openManager, openService, readStatus, refusal, type ServiceStatus } from './manager.ts';

const LOOK_MS = 100;
/** Patience with a service that shows no progress; one that counts up its checkpoints has more. */
const PATIENCE_MS = 30_000;

/** Resolves once it runs; false when it did already. Throws SERVICE_MISSING, NOT_ELEVATED, SERVICE_FAILED. */
export async function startService(name: string): Promise<boolean> {
  using manager = openManager();
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

/** Resolves once it has stopped; false when it did not run. Throws SERVICE_MISSING, NOT_ELEVATED, SERVICE_FAILED. */
export async function stopService(name: string): Promise<boolean> {
  using manager = openManager();
  using service = openOr(manager, name, SERVICE_STOP | SERVICE_QUERY_STATUS);
  for (const deadline = performance.now() + PATIENCE_MS; ; await delay(LOOK_MS)) {
    if (ControlService(service.value, SERVICE_CONTROL_STOP, Buffer.alloc(SERVICE_STATUS.size)) !== 0) break;
    const code = GetLastError();
    if (code === ERROR_SERVICE_NOT_ACTIVE) return false;
    // It is between two states, e.g. starting or stopping already.
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

/** What a state says about an end, in words; our own exit codes by the errors that have them. */
export function endText({ state, win32ExitCode, serviceExitCode }: ServiceStatus): string {
  if (state !== 'stopped') return `it is still ${state}`;
  if (win32ExitCode === ERROR_SERVICE_SPECIFIC_ERROR) {
    const codes = Object.entries(ERRORS).flatMap(([code, { exit }]) => (exit === serviceExitCode ? [code] : []));
    return `it ended with service-specific exit code ${serviceExitCode}${codes.length > 0 ? ` (${codes.join(' or ')})` : ''}`;
  }
  return win32ExitCode === 0 ? 'it has stopped' : `it ended; ${new Win32Error('Windows says', win32ExitCode).message}`;
}

async function settled(service: Handle): Promise<ServiceStatus> {
  let checkpoint = -1;
  for (let deadline = performance.now() + PATIENCE_MS; ; await delay(LOOK_MS)) {
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
