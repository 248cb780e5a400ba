// Network compartments of this thread: it visits those of containers and returns to its own.
import { checkError } from '../../native/check.ts';
import { GetCurrentThreadCompartmentId, SetCurrentThreadCompartmentId } from '../../native/iphlpapi.ts';
import { ERROR_NOT_FOUND, Win32Error } from '../../native/win32-error.ts';

/** The compartment of the host itself. It is the only one without containers. */
export const HOST_COMPARTMENT = 1;

/** The calls that move this thread; replaced by tests. */
export interface CompartmentCalls {
  readonly current: () => number;
  /** Returns a Win32 error, or 0. */
  readonly enter: (id: number) => number;
}

const ownThread: CompartmentCalls = { current: GetCurrentThreadCompartmentId, enter: SetCurrentThreadCompartmentId };

/** The compartment of one thread. Every read that depends on it calls `returnHome` first. */
export class ThreadCompartment {
  readonly #calls: CompartmentCalls;
  /** Where the thread was before its first move: a failed return must not make a container's compartment its home. */
  #home: number | undefined;
  #isAway = false;

  constructor(calls: CompartmentCalls = ownThread) {
    this.#calls = calls;
  }

  /**
   * Returns to the home compartment if an earlier return failed. Throws Win32Error when that fails again: what is read
   * then would belong to a container.
   */
  returnHome(): void {
    if (!this.#isAway) return;
    this.#enter(this.#home!);
    this.#isAway = false;
  }

  /**
   * Visits each compartment, and returns home whatever happens. `onFailure` receives the error of a compartment that
   * cannot be entered or read, and that of the return, without an id.
   */
  visitEach(
    ids: readonly number[],
    visit: (id: number) => void,
    onFailure: (error: unknown, id?: number) => void,
  ): void {
    this.#home ??= this.#calls.current();
    try {
      for (const id of ids) {
        try {
          this.#isAway = true;
          this.#enter(id);
          visit(id);
        } catch (error) {
          onFailure(error, id);
        }
      }
    } finally {
      try {
        this.returnHome();
      } catch (error) {
        onFailure(error);
      }
    }
  }

  /** SetCurrentThreadCompartmentId may report success and leave the thread in its compartment. */
  #enter(id: number): void {
    checkError('SetCurrentThreadCompartmentId', this.#calls.enter(id));
    if (this.#calls.current() !== id) throw new Win32Error('SetCurrentThreadCompartmentId', ERROR_NOT_FOUND);
  }
}
