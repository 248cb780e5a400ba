// Makes this process a service: connects it to the service control manager, which has 30 s of patience with a process it started.
import {
  ERROR_CALL_NOT_IMPLEMENTED,
  LPHANDLER_FUNCTION_EX,
  LPSERVICE_MAIN_FUNCTIONW,
  RegisterServiceCtrlHandlerExW,
  SERVICE_CONTROL_INTERROGATE,
  SERVICE_CONTROL_PRESHUTDOWN,
  SERVICE_CONTROL_STOP,
  SERVICE_TABLE_ENTRYW,
  SetServiceStatus,
  StartServiceCtrlDispatcherW,
} from '../native/advapi32/service-process.ts';
import { addressOf, callback } from '../native/ffi.ts';
import { ERROR_SUCCESS } from '../native/win32-error.ts';
import { ServiceStates } from './states.ts';

/** This process as the manager sees it. */
export interface ServiceProcess {
  readonly states: ServiceStates;
  /** Resolves with the reason once the manager wants an end. */
  readonly stopWanted: Promise<'stop' | 'shutdown'>;
  /** Resolves when the manager has let this process go, after the state stopped. */
  readonly released: Promise<void>;
}

// The manager reads the table and calls into both functions for as long as the process lives.
const kept: unknown[] = [];

/**
 * Connects and reports that the service is starting; rejects when it was not the manager that started this process.
 * Both callbacks come on threads of the manager's and wait for this thread's event loop, so they do next to nothing.
 */
export function connectToManager(name: string): Promise<ServiceProcess> {
  const { promise, resolve, reject } = Promise.withResolvers<ServiceProcess>();
  const stop = Promise.withResolvers<'stop' | 'shutdown'>();
  const released = Promise.withResolvers<void>();
  let states: ServiceStates | undefined;

  const handler = callback(LPHANDLER_FUNCTION_EX, (control: number): number => {
    if (control === SERVICE_CONTROL_INTERROGATE) states?.repeat();
    else if (control === SERVICE_CONTROL_STOP || control === SERVICE_CONTROL_PRESHUTDOWN) {
      states?.stopping();
      // Not from in here: the manager still waits for this answer when the end is reported.
      setImmediate(() => stop.resolve(control === SERVICE_CONTROL_STOP ? 'stop' : 'shutdown'));
    } else return ERROR_CALL_NOT_IMPLEMENTED;
    return ERROR_SUCCESS;
  });
  const main = callback(LPSERVICE_MAIN_FUNCTIONW, (): void => {
    const handle = RegisterServiceCtrlHandlerExW(name, handler, null);
    if (!handle) {
      reject(new Error('the service control manager takes no handler from this process'));
      return;
    }
    states = new ServiceStates((status) => void SetServiceStatus(handle, status));
    states.starting();
    resolve({ states, stopWanted: stop.promise, released: released.promise });
  });

  const { size, at } = SERVICE_TABLE_ENTRYW;
  const nameBytes = Buffer.from(`${name}\0`, 'utf16le');
  const table = Buffer.alloc(2 * size);
  table.writeBigUInt64LE(addressOf(nameBytes), at.lpServiceName);
  table.writeBigUInt64LE(main, at.lpServiceProc);
  kept.push(nameBytes, table);
  StartServiceCtrlDispatcherW(table).then((connected) => {
    released.resolve();
    if (connected === 0) reject(new Error('this process was not started by the service control manager'));
  }, reject);
  return promise;
}
