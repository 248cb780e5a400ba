// The live machine as a host: main-thread side of the windows worker.
import { Worker } from 'node:worker_threads';
import { AgentError } from '../base/errors.ts';
import { monotonicMs } from '../base/monotonic.ts';
import { workerEntry } from '../base/worker-entry.ts';
import { EventSource } from './etw/event-source.ts';
import type { Host, HostHeader, HostStatus, Observation } from './host.ts';
import type { FromWindowsWorker, ToWindowsWorker, WindowsWorkerStart } from './poll/messages.ts';

/** Silence of the worker, in intervals, after which it counts as stuck. */
const STUCK_AFTER_INTERVALS = 3;

export interface WindowsHostOptions extends WindowsWorkerStart {
  /** Push events as they came as well as decoded, for a tape; with `sessionName` only. */
  rawEvents?: boolean;
  /** Who gets a table of TCP events is done with it when the push returns: its memory is used again. Without this it may be kept. */
  lendEvents?: boolean;
  /** An error that nobody caught in a worker: the process must end. */
  onFatal(error: Error, worker: 'windows' | 'etw'): void;
  /** Rounds that the worker left out, because the main thread could not follow or a round took too long. */
  onSkipped(rounds: number): void;
  /** Entry of another worker, for hosts that generate their observations. */
  entry?: URL;
  /** The same for events. */
  eventEntry?: URL;
}

export class WindowsHost implements Host {
  readonly #options: WindowsHostOptions;
  #worker: Worker | undefined;
  #exited: Promise<void> = Promise.resolve();
  #lastHeardAt = 0;
  #events: EventSource | undefined;
  #seq = 0;
  #lastMono = 0;
  #push: (observation: Observation) => void = () => {};

  constructor(options: WindowsHostOptions) {
    this.#options = options;
  }

  start(push: (observation: Observation) => void): Promise<HostHeader> {
    const { agentVersion, intervalMs, settings, sessionName, connectionStatistics, onFatal, entry } = this.#options;
    if (process.platform !== 'win32' && !entry)
      return Promise.reject(new AgentError('NOT_WINDOWS', { platform: process.platform }));
    const start: WindowsWorkerStart = { agentVersion, intervalMs, settings, sessionName, connectionStatistics };
    const worker = new Worker(entry ?? workerEntry('sources/poll/windows-worker'), {
      workerData: start,
      name: 'windows',
    });
    this.#worker = worker;
    this.#push = push;
    this.#exited = new Promise((resolve) => worker.once('exit', () => resolve()));
    return new Promise((resolve, reject) => {
      worker.on('error', (error) => onFatal(error instanceof Error ? error : new Error(String(error)), 'windows'));
      worker.on('message', (message: FromWindowsWorker) => {
        this.#lastHeardAt = performance.now();
        if (message.type === 'header') {
          this.#startEvents();
          resolve(message.header);
        }
        if (message.type === 'failed') reject(new AgentError('HOST_FAILED', { reason: message.reason }));
        this.#take(message);
      });
    });
  }

  #take(message: FromWindowsWorker): void {
    if (message.type === 'skipped') this.#options.onSkipped(message.rounds);
    if (message.type === 'loss') this.#events?.updateLoss(message.loss, message.problem);
    if (message.type !== 'observation') return;
    const { observation } = message;
    if (observation.kind === 'tick') this.#events?.beforeTick();
    this.#pass(observation);
    if (observation.kind === 'tick') this.#send({ type: 'ack', seq: observation.seq });
  }

  /** Two workers speak: numbers count up by one over both, and what was read earlier and comes later does not turn time back. */
  #pass(observation: Observation): void {
    this.#lastMono = Math.max(this.#lastMono, observation.tMono);
    this.#push({ ...observation, seq: ++this.#seq, tMono: this.#lastMono });
  }

  #startEvents(): void {
    const { sessionName, rawEvents = false, lendEvents = false, onFatal, eventEntry } = this.#options;
    if (sessionName === undefined) return;
    this.#events = new EventSource({
      sessionName,
      raw: rawEvents,
      lend: lendEvents,
      onFatal: (error) => onFatal(error, 'etw'),
      ...(eventEntry ? { entry: eventEntry } : {}),
      push: (kind, data, seconds, degraded) => {
        const head = { seq: 0, tMono: monotonicMs(), tWall: Date.now(), source: 'etw', kind, seconds };
        // TypeScript cannot follow a kind through the mapped union; `push` of the events is typed.
        this.#pass({ ...head, data, ...(degraded.length > 0 ? { degraded } : {}) } as unknown as Observation);
      },
    });
    this.#events.start();
  }

  async stop(timeoutMs: number): Promise<boolean> {
    if (!this.#worker) return true;
    // The events first: their worker must know that the end of its session, which the other one brings about, is meant.
    const ended = Promise.all([this.#events?.stop(), this.#exited]);
    this.#send({ type: 'stop' });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), timeoutMs);
    });
    const inTime = await Promise.race([ended.then(() => true), late]);
    clearTimeout(timer);
    return inTime;
  }

  status(): HostStatus {
    const silentMs = this.#lastHeardAt === 0 ? 0 : performance.now() - this.#lastHeardAt;
    const stuck = silentMs > this.#options.intervalMs * STUCK_AFTER_INTERVALS;
    return {
      kind: 'windows',
      detail: {},
      ...(stuck
        ? { problem: `the windows worker has not answered for ${Math.round(silentMs / 1000)} s: a system call hangs` }
        : {}),
    };
  }

  #send(message: ToWindowsWorker): void {
    this.#worker?.postMessage(message);
  }
}
