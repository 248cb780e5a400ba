// Makes this process a service: connects it to the SCM, which waits 30 s for a process that it started.
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
import { callback } from '../native/ffi.ts';
import { withPointers } from '../native/pointers.ts';
import { ERROR_SUCCESS } from '../native/win32-error.ts';
import { ServiceStates } from './states.ts';

/** This process as a service. */
export interface ServiceProcess {
  readonly states: ServiceStates;
  /** Resolves with the reason once the SCM requests a stop. */
  readonly stopWanted: Promise<'stop' | 'shutdown'>;
  /** Resolves when the dispatcher has returned, after the state STOPPED. */
  readonly released: Promise<void>;
}

/**
 * Connects and reports START_PENDING; rejects if the SCM did not start this process. Both callbacks run on threads of
 * the SCM client and wait for this thread's event loop, so they return at once.
 */
export function connectToScm(name: string): Promise<ServiceProcess> {
  const { promise, resolve, reject } = Promise.withResolvers<ServiceProcess>();
  const stop = Promise.withResolvers<'stop' | 'shutdown'>();
  const released = Promise.withResolvers<void>();
  let states: ServiceStates | undefined;

  const handler = callback(LPHANDLER_FUNCTION_EX, (control: number): number => {
    if (control === SERVICE_CONTROL_INTERROGATE) states?.repeat();
    else if (control === SERVICE_CONTROL_STOP || control === SERVICE_CONTROL_PRESHUTDOWN) {
      states?.stopping();
      // Not inside the handler: the SCM would still wait for its return when STOPPED is reported.
      setImmediate(() => stop.resolve(control === SERVICE_CONTROL_STOP ? 'stop' : 'shutdown'));
    } else return ERROR_CALL_NOT_IMPLEMENTED;
    return ERROR_SUCCESS;
  });
  const main = callback(LPSERVICE_MAIN_FUNCTIONW, (): void => {
    const handle = RegisterServiceCtrlHandlerExW(name, handler, null);
    if (!handle) {
      reject(new Error('the service control manager accepts no handler from this process'));
      return;
    }
    states = new ServiceStates((status) => void SetServiceStatus(handle, status));
    states.starting();
    resolve({ states, stopWanted: stop.promise, released: released.promise });
  });

  const { size, at } = SERVICE_TABLE_ENTRYW;
  const nameBytes = Buffer.from(`${name}\0`, 'utf16le');
  const table = Buffer.alloc(2 * size);
  table.writeBigUInt64LE(main, at.lpServiceProc);
  const returned = withPointers((setPointer) => {
    setPointer(table, at.lpServiceName, nameBytes);
    return StartServiceCtrlDispatcherW(table);
  });
  returned.then((connected) => {
    released.resolve();
    if (connected === 0) reject(new Error('this process was not started by the service control manager'));
  }, reject);
  return promise;
}
