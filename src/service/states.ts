// Reports the states of the service to the SCM; in pending states a checkpoint advances.
import {
  ERROR_SERVICE_SPECIFIC_ERROR,
  SERVICE_ACCEPT_PRESHUTDOWN,
  SERVICE_ACCEPT_STOP,
  SERVICE_RUNNING,
  SERVICE_START_PENDING,
  SERVICE_STATUS,
  SERVICE_STOP_PENDING,
  SERVICE_STOPPED,
  SERVICE_WIN32_OWN_PROCESS,
} from '../native/advapi32/service-process.ts';

/** Time between two checkpoints. */
export const CHECKPOINT_MS = 1000;
/** How long the SCM waits for the next checkpoint. */
export const WAIT_HINT_MS = 10_000;

export class ServiceStates {
  readonly #report: (status: Buffer) => void;
  #state = SERVICE_STOPPED;
  #checkpoint = 0;
  #exitCode = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `report` is called with a SERVICE_STATUS after each change. */
  constructor(report: (status: Buffer) => void) {
    this.#report = report;
  }

  starting(): void {
    this.#pending(SERVICE_START_PENDING);
  }

  running(): void {
    this.#settle(SERVICE_RUNNING);
  }

  stopping(): void {
    this.#pending(SERVICE_STOP_PENDING);
  }

  /** 0 is a regular stop; any other code is service-specific and triggers the recovery actions. */
  stopped(exitCode: number): void {
    this.#exitCode = exitCode;
    this.#settle(SERVICE_STOPPED);
  }

  /** Reports the current state again, for INTERROGATE. */
  repeat(): void {
    this.#report(this.encode());
  }

  get isStopped(): boolean {
    return this.#state === SERVICE_STOPPED;
  }

  /** The current SERVICE_STATUS. */
  encode(): Buffer {
    const { size, at } = SERVICE_STATUS;
    const pending = this.#checkpoint > 0;
    const status = Buffer.alloc(size);
    status.writeUInt32LE(SERVICE_WIN32_OWN_PROCESS, at.dwServiceType);
    status.writeUInt32LE(this.#state, at.dwCurrentState);
    // No controls are accepted while starting, because a stop request would have to be postponed.
    const accepted = this.#state === SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PRESHUTDOWN : 0;
    status.writeUInt32LE(accepted, at.dwControlsAccepted);
    status.writeUInt32LE(this.#exitCode === 0 ? 0 : ERROR_SERVICE_SPECIFIC_ERROR, at.dwWin32ExitCode);
    status.writeUInt32LE(this.#exitCode, at.dwServiceSpecificExitCode);
    status.writeUInt32LE(this.#checkpoint, at.dwCheckPoint);
    status.writeUInt32LE(pending ? WAIT_HINT_MS : 0, at.dwWaitHint);
    return status;
  }

  #pending(state: number): void {
    this.#state = state;
    this.#checkpoint = 0;
    clearInterval(this.#timer);
    const advance = (): void => {
      this.#checkpoint++;
      this.repeat();
    };
    advance();
    this.#timer = setInterval(advance, CHECKPOINT_MS);
    this.#timer.unref();
  }

  #settle(state: number): void {
    clearInterval(this.#timer);
    this.#state = state;
    this.#checkpoint = 0;
    this.repeat();
  }
}
