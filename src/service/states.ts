// The states of a service as its manager is told of them: pending ones with a checkpoint that counts up while there is progress.
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
/** How long the manager should wait for the next checkpoint. */
export const WAIT_HINT_MS = 10_000;

export class ServiceStates {
  readonly #report: (status: Buffer) => void;
  #state = SERVICE_STOPPED;
  #checkpoint = 0;
  #exitCode = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `report` is given a SERVICE_STATUS each time that there is something new. */
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

  /** Ended in order with 0; any other code is the agent's own and makes the manager take its recovery actions. */
  stopped(exitCode: number): void {
    this.#exitCode = exitCode;
    this.#settle(SERVICE_STOPPED);
  }

  /** Says the present state again, as INTERROGATE asks for. */
  repeat(): void {
    this.#report(this.encode());
  }

  get isStopped(): boolean {
    return this.#state === SERVICE_STOPPED;
  }

  /** The SERVICE_STATUS of this moment. */
  encode(): Buffer {
    const { size, at } = SERVICE_STATUS;
    const pending = this.#checkpoint > 0;
    const status = Buffer.alloc(size);
    status.writeUInt32LE(SERVICE_WIN32_OWN_PROCESS, at.dwServiceType);
    status.writeUInt32LE(this.#state, at.dwCurrentState);
    // Nothing is accepted while starting: a stop before there is anything to stop would have to be kept for later.
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
