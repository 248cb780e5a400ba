// Whether the disk of the spool works, when to try again, and what is logged.
import { type DiskFault, diskFaultOf } from './disk-fault.ts';

/** Between attempts to use a disk that failed. */
const RETRY_MS = 10_000;
const LOG_INTERVAL_MS = 60_000;
/** An operation that takes longer than this is a problem in the status, e.g. on a share whose server is gone. */
const STALLED_MS = 30_000;

export class DiskHealth {
  fault: DiskFault | undefined;
  readonly #folder: string;
  readonly #memoryLimit: number;
  readonly #monotonicMs: () => number;
  readonly #log: (level: 'info' | 'warn', message: string) => void;
  #retryAtMs = 0;
  #mayLogAtMs = 0;
  #isLogged = false;
  #operationSinceMs: number | undefined;

  constructor(
    folder: string,
    memoryLimit: number,
    monotonicMs: () => number,
    log: (level: 'info' | 'warn', message: string) => void,
  ) {
    this.#folder = folder;
    this.#memoryLimit = memoryLimit;
    this.#monotonicMs = monotonicMs;
    this.#log = log;
  }

  /** Whether the disk works, or has not been tried for a while. */
  mayTry(): boolean {
    return !this.fault || this.#monotonicMs() >= this.#retryAtMs;
  }

  /** Runs one operation; there is one at a time. */
  async watch(operation: () => Promise<void>): Promise<void> {
    this.#operationSinceMs = this.#monotonicMs();
    try {
      await operation();
    } finally {
      this.#operationSinceMs = undefined;
    }
  }

  /** What is wrong with the disk; empty if nothing is. `discardError`: why a file cannot be deleted. */
  problem(discardError: unknown): string {
    const fault = this.fault ?? (discardError === undefined ? undefined : this.faultOf(discardError));
    if (fault) return fault.problem;
    const runningMs = this.#operationSinceMs === undefined ? 0 : this.#monotonicMs() - this.#operationSinceMs;
    if (runningMs < STALLED_MS) return '';
    const seconds = Math.floor(runningMs / 1000);
    const effect = 'nothing is stored or sent; check the disk';
    return `the disk of the spool ${this.#folder} has not answered for ${seconds} s: ${effect}`;
  }

  /** The disk is tried again at once. */
  retryNow(): void {
    this.#retryAtMs = Number.NEGATIVE_INFINITY;
  }

  faultOf(error: unknown): DiskFault {
    return diskFaultOf(error, this.#folder, this.#memoryLimit);
  }

  reportFault(error: unknown): void {
    const now = this.#monotonicMs();
    const previous = this.fault;
    this.fault = this.faultOf(error);
    this.#retryAtMs = now + RETRY_MS;
    if (this.fault.problem === previous?.problem || now < this.#mayLogAtMs) return;
    this.#mayLogAtMs = now + LOG_INTERVAL_MS;
    this.#isLogged = true;
    this.#log('warn', this.fault.problem);
  }

  reportSuccess(): void {
    this.fault = undefined;
    if (!this.#isLogged) return;
    this.#isLogged = false;
    this.#log('info', `the spool ${this.#folder} works again`);
  }
}
