// How delivery to one destination goes: its state, its last requests and its problem.
import type { Outcome } from '../transport/transport.ts';
import type { DeliveryClock } from './clock.ts';
import { ProblemLog, type ProblemLogger } from './problem-log.ts';
import type { DestinationStatus } from './status.ts';

type Shown = Pick<
  DestinationStatus,
  | 'state'
  | 'lastSuccessAtMs'
  | 'lastAttemptAtMs'
  | 'sinceLastSuccessMs'
  | 'lastDurationMs'
  | 'lastStatus'
  | 'consecutiveFailures'
  | 'nextAttemptInMs'
>;

export class Progress {
  state: DestinationStatus['state'] = 'idle';
  failures = 0;
  last: Outcome | undefined;
  problem = '';
  #problemKey = '';
  readonly #clock: DeliveryClock;
  readonly #log: ProblemLog;
  #nextAttemptMono: number | undefined;
  #lastAttemptWall: number | undefined;
  #lastSuccess: { readonly wall: number; readonly mono: number } | undefined;

  constructor(name: string, log: ProblemLogger, clock: DeliveryClock) {
    this.#clock = clock;
    this.#log = new ProblemLog(name, log, () => clock.monoMs());
  }

  get everSucceeded(): boolean {
    return this.#lastSuccess !== undefined;
  }

  attempt(): void {
    if (this.state === 'idle') this.state = 'delivering';
    this.#lastAttemptWall = this.#clock.wallMs();
  }

  success(): void {
    this.answered();
    this.problem = '';
    this.#lastSuccess = { wall: this.#clock.wallMs(), mono: this.#clock.monoMs() };
    this.#log.recovered();
  }

  /** The receiver judged the payload, so the next failure begins a new series of waits. */
  answered(): void {
    this.failures = 0;
    this.state = 'delivering';
  }

  failure(state: 'retrying' | 'refused'): void {
    this.failures++;
    this.state = state;
  }

  /** Problems with the same key are logged once. */
  setProblem(key: string, text: string): void {
    this.problem = text;
    this.#problemKey = key;
    this.#log.report(key, text);
  }

  /** A problem of this kind is over. */
  clearProblem(key: string): void {
    if (this.problem === '' || this.#problemKey !== key) return;
    this.problem = '';
    this.#log.recovered();
  }

  /** Waits for the next attempt, or until the signal aborts. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    this.#nextAttemptMono = this.#clock.monoMs() + ms;
    await this.#clock.sleep(ms, signal);
    this.#nextAttemptMono = undefined;
  }

  shown(): Shown {
    const now = this.#clock.monoMs();
    const next = this.#nextAttemptMono;
    return {
      state: this.state,
      lastSuccessAtMs: this.#lastSuccess?.wall,
      lastAttemptAtMs: this.#lastAttemptWall,
      sinceLastSuccessMs: this.#lastSuccess && now - this.#lastSuccess.mono,
      lastDurationMs: this.last?.durationMs,
      lastStatus: this.last?.status,
      consecutiveFailures: this.failures,
      nextAttemptInMs: next === undefined ? undefined : Math.max(0, next - now),
    };
  }
}
