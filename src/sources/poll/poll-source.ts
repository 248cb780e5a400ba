// The polls as a source: main-thread side of the windows worker.
import { AgentError } from '../../base/errors.ts';
import { workerEntry } from '../../base/worker-entry.ts';
import { Acknowledgement } from '../acknowledgement.ts';
import { Activity } from '../activity.ts';
import type { SessionLoss } from '../etw/session.ts';
import type { HostHeader, Observation, Unavailability } from '../host.ts';
import type { PushObservation, Source } from '../live-host.ts';
import { type PendingCall, pendingCall } from '../pending-call.ts';
import { type Spawn, WorkerLink } from '../worker-link.ts';
import type { FromPollWorker, PollWorkerStart } from './messages.ts';

/** The worker counts as stuck after this many intervals without a message. */
const STUCK_AFTER_INTERVALS = 3;

export interface PollSourceOptions {
  readonly start: Omit<PollWorkerStart, 'activity' | 'acknowledged'>;
  readonly onFatal: (error: Error) => void;
  /** Rounds that the worker skipped, because the main thread could not follow or a round took too long. */
  readonly onSkipped: (rounds: number) => void;
  /** What the event session lost, or why that is unknown. Comes before each tick. */
  readonly onLoss: (loss: SessionLoss | undefined, problem: Unavailability | undefined) => void;
  /** Entry of another worker, which generates its observations. */
  readonly entry?: URL | undefined;
  /** Replaced by tests. */
  readonly spawn?: Spawn;
  readonly now?: () => number;
}

export class PollSource implements Source {
  readonly #options: PollSourceOptions;
  readonly #activity = new Activity();
  readonly #acknowledgement = new Acknowledgement();
  #link: WorkerLink<FromPollWorker> | undefined;

  constructor(options: PollSourceOptions) {
    this.#options = options;
  }

  start(push: PushObservation): Promise<HostHeader> {
    const { entry, start, onFatal, spawn, now } = this.#options;
    if (process.platform !== 'win32' && !entry)
      return Promise.reject(new AgentError('NOT_WINDOWS', { platform: process.platform }));
    return new Promise((resolve, reject) => {
      this.#link = new WorkerLink<FromPollWorker>({
        name: 'windows',
        entry: entry ?? workerEntry('sources/poll/windows-worker'),
        workerData: {
          ...start,
          activity: this.#activity.shared,
          acknowledged: this.#acknowledgement.shared,
        } satisfies PollWorkerStart,
        onFatal,
        onMessage: (message) => {
          if (message.type === 'header') resolve(message.header);
          else if (message.type === 'failed') reject(new AgentError('HOST_FAILED', { reason: message.reason }));
          else this.#receive(message, push);
        },
        ...(spawn ? { spawn } : {}),
        ...(now ? { now } : {}),
      });
    });
  }

  stop(): Promise<void> {
    return this.#link?.stop() ?? Promise.resolve();
  }

  pendingCall(): PendingCall {
    return pendingCall(this.#activity.call, 'the windows worker');
  }

  problem(): string | undefined {
    const silentMs = this.#link?.silentMs ?? 0;
    if (silentMs <= this.#options.start.intervalMs * STUCK_AFTER_INTERVALS) return undefined;
    return `the windows worker has not answered for ${Math.round(silentMs / 1000)} s: a system call hangs`;
  }

  #receive(message: Exclude<FromPollWorker, { type: 'header' | 'failed' }>, push: PushObservation): void {
    if (message.type === 'skipped') this.#options.onSkipped(message.rounds);
    else if (message.type === 'loss') this.#options.onLoss(message.loss, message.problem);
    else for (const observation of message.observations) this.#pushObservation(observation, push);
  }

  /** The worker may go on when the model has processed the round, which the push of its tick does. */
  #pushObservation(observation: Observation, push: PushObservation): void {
    push(observation);
    if (observation.kind === 'tick') this.#acknowledgement.seq = observation.seq;
  }
}
