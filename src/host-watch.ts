// Logs what a host reports about itself: a problem when it appears, and the end of a tape.
import type { Logger } from './base/log.ts';
import type { Host } from './sources/host.ts';

/** Each check costs a wake-up. `status` shows a problem at once; this is for the log only. */
const INTERVAL_MS = 5000;

export class HostWatch {
  readonly #host: Pick<Host, 'status'>;
  readonly #logger: Pick<Logger, 'info' | 'warn'>;
  #timer: NodeJS.Timeout | undefined;
  #problem = '';

  constructor(host: Pick<Host, 'status'>, logger: Pick<Logger, 'info' | 'warn'>) {
    this.#host = host;
    this.#logger = logger;
  }

  start(): void {
    this.#timer = setInterval(() => this.check(), INTERVAL_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Logs a problem once while it lasts, and the end of a tape once. */
  check(): void {
    const { problem = '', detail } = this.#host.status();
    if (problem && !this.#problem) this.#logger.warn(problem);
    this.#problem = problem;
    if (!detail.ended) return;
    this.#logger.info('the tape is at its end; the last values remain');
    this.stop();
  }
}
