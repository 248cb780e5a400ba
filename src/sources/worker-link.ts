// Main-thread side of a worker thread: starts it, passes its messages on, reports its errors and ends it.
import type { EventEmitter } from 'node:events';
import { type ResourceLimits, Worker, type WorkerOptions } from 'node:worker_threads';

/** What the main thread sends to a worker that listens. */
export type ToWorker = { readonly type: 'stop' };

/** The part of `Worker` that a link uses. */
export interface WorkerThread extends Pick<EventEmitter, 'on' | 'once'> {
  postMessage(message: unknown): void;
}

export type Spawn = (entry: URL, options: WorkerOptions) => WorkerThread;

export interface WorkerLinkOptions<Message> {
  readonly name: string;
  readonly entry: URL;
  readonly workerData: unknown;
  readonly resourceLimits?: ResourceLimits;
  readonly onMessage: (message: Message) => void;
  /** An error that the worker did not catch. The process must end. */
  readonly onFatal: (error: Error) => void;
  /** Asks the worker to end. Needed for a worker that is blocked and receives no message. */
  readonly requestStop?: () => void;
  /** Replaced by tests. */
  readonly spawn?: Spawn;
  readonly now?: () => number;
}

/** `Message` comes from the worker; `Request` goes to it, besides `ToWorker`. */
export class WorkerLink<Message, Request = never> {
  readonly #thread: WorkerThread;
  readonly #exited: Promise<void>;
  readonly #requestStop: () => void;
  readonly #now: () => number;
  #lastMessageAtMs: number | undefined;

  /** Starts the thread. */
  constructor(options: WorkerLinkOptions<Message>) {
    const { name, entry, workerData, resourceLimits, onMessage, onFatal } = options;
    const { spawn = startThread, now = () => performance.now() } = options;
    const thread = spawn(entry, { name, workerData, ...(resourceLimits ? { resourceLimits } : {}) });
    this.#thread = thread;
    this.#now = now;
    this.#requestStop = options.requestStop ?? (() => thread.postMessage({ type: 'stop' } satisfies ToWorker));
    this.#exited = new Promise((resolve) => thread.once('exit', () => resolve()));
    thread.on('error', (error: unknown) => onFatal(error instanceof Error ? error : new Error(String(error))));
    thread.on('message', (message: Message) => {
      this.#lastMessageAtMs = now();
      onMessage(message);
    });
  }

  /** Milliseconds since the last message, 0 before the first. */
  get silentMs(): number {
    return this.#lastMessageAtMs === undefined ? 0 : this.#now() - this.#lastMessageAtMs;
  }

  send(request: Request): void {
    this.#thread.postMessage(request);
  }

  /** Resolves when the thread has ended. */
  stop(): Promise<void> {
    this.#requestStop();
    return this.#exited;
  }
}

const startThread: Spawn = (entry, options) => new Worker(entry, options);
