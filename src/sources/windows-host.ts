// The live machine as a host: main-thread side of the windows worker.
import { Worker } from 'node:worker_threads';
import { AgentError } from '../base/errors.ts';
import { workerEntry } from '../base/worker-entry.ts';
import type { Host, HostHeader, HostStatus, Observation } from './host.ts';
import type { FromWindowsWorker, ToWindowsWorker, WindowsWorkerStart } from './windows-messages.ts';

/** Silence of the worker, in intervals, after which it counts as stuck. */
const STUCK_AFTER_INTERVALS = 3;

export interface WindowsHostOptions extends WindowsWorkerStart {
  /** An error that nobody caught in the worker: the process must end. */
  onFatal(error: Error): void;
  /** Rounds that the worker left out, because the main thread could not follow or a round took too long. */
  onSkipped(rounds: number): void;
  /** Entry of another worker, for hosts that generate their observations. */
  entry?: URL;
}

export class WindowsHost implements Host {
  readonly #options: WindowsHostOptions;
  #worker: Worker | undefined;
  #exited: Promise<void> = Promise.resolve();
  #lastHeardAt = 0;

  constructor(options: WindowsHostOptions) {
    this.#options = options;
  }

  start(push: (observation: Observation) => void): Promise<HostHeader> {
    const { agentVersion, intervalMs, settings, onFatal, onSkipped, entry } = this.#options;
    if (process.platform !== 'win32' && !entry) return Promise.reject(new AgentError('NOT_WINDOWS', { platform: process.platform }));
    const start: WindowsWorkerStart = { agentVersion, intervalMs, settings };
    const worker = new Worker(entry ?? workerEntry('sources/windows-worker'), { workerData: start, name: 'windows' });
    this.#worker = worker;
    this.#exited = new Promise((resolve) => worker.once('exit', () => resolve()));
    return new Promise((resolve, reject) => {
      worker.on('error', (error) => onFatal(error instanceof Error ? error : new Error(String(error))));
      worker.on('message', (message: FromWindowsWorker) => {
        this.#lastHeardAt = performance.now();
        if (message.type === 'header') resolve(message.header);
        if (message.type === 'failed') reject(new AgentError('HOST_FAILED', { reason: message.reason }));
        if (message.type === 'skipped') onSkipped(message.rounds);
        if (message.type === 'observation') {
          push(message.observation);
          if (message.observation.kind === 'tick') this.#send({ type: 'ack', seq: message.observation.seq });
        }
      });
    });
  }

  async stop(timeoutMs: number): Promise<boolean> {
    if (!this.#worker) return true;
    this.#send({ type: 'stop' });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), timeoutMs);
    });
    const inTime = await Promise.race([this.#exited.then(() => true), late]);
    clearTimeout(timer);
    return inTime;
  }

  status(): HostStatus {
    const silentMs = this.#lastHeardAt === 0 ? 0 : performance.now() - this.#lastHeardAt;
    const stuck = silentMs > this.#options.intervalMs * STUCK_AFTER_INTERVALS;
    return {
      kind: 'windows',
      detail: {},
      ...(stuck ? { problem: `the windows worker has not answered for ${Math.round(silentMs / 1000)} s: a system call hangs` } : {}),
    };
  }

  #send(message: ToWindowsWorker): void {
    this.#worker?.postMessage(message);
  }
}
