// A fake worker thread for tests of the main-thread side: the test emits its messages and its exit.
import { EventEmitter } from 'node:events';
import type { WorkerOptions } from 'node:worker_threads';
import type { Spawn } from '../../src/sources/worker-link.ts';

export class FakeWorker extends EventEmitter {
  readonly received: unknown[] = [];
  spawned: { entry: URL; options: WorkerOptions } | undefined;

  readonly spawn: Spawn = (entry, options) => {
    this.spawned = { entry, options };
    return this;
  };

  postMessage(message: unknown): void {
    this.received.push(message);
  }

  /** Delivers a message of the worker to the main thread. */
  send(message: unknown): void {
    this.emit('message', message);
  }
}
