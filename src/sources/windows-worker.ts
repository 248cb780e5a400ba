// Entry of the windows worker: every slow or blocking Win32 call happens on this thread.
import { parentPort, workerData } from 'node:worker_threads';
import { reasonOf } from '../base/errors.ts';
import { readHeader } from './machine.ts';
import type { FromWindowsWorker, ToWindowsWorker, WindowsWorkerStart } from './windows-messages.ts';
import { WindowsPoller } from './windows-poller.ts';

/** Rounds that may be under way to the main thread at once. */
const MAX_UNACKNOWLEDGED = 2;

const port = parentPort;
if (!port) throw new Error('this file is the entry of a worker thread');
const start = workerData as WindowsWorkerStart;

function send(message: FromWindowsWorker, transfer: ArrayBuffer[] = []): void {
  port!.postMessage(message, transfer);
}

const unacknowledged = new Set<number>();
let timer: NodeJS.Timeout | undefined;
let stopping = false;

const poller = new WindowsPoller(start.intervalMs, (observation, transfer) => {
  if (observation.kind === 'tick') unacknowledged.add(observation.seq);
  send({ type: 'observation', observation }, transfer);
});

/** One round, then the next one a fixed interval after this one's start: a slow round does not shift the others. */
function round(dueAt: number): void {
  if (stopping) return;
  if (unacknowledged.size < MAX_UNACKNOWLEDGED) poller.round();
  else send({ type: 'skipped', rounds: 1 });
  const now = performance.now();
  const next = Math.max(dueAt + start.intervalMs, now);
  timer = setTimeout(round, next - now, next);
}

port.on('message', (message: ToWindowsWorker) => {
  if (message.type === 'ack') unacknowledged.delete(message.seq);
  if (message.type === 'stop') {
    stopping = true;
    clearTimeout(timer);
    port.close();
  }
});

try {
  send({ type: 'header', header: readHeader(start.agentVersion, start.settings) });
  round(performance.now());
} catch (error) {
  send({ type: 'failed', reason: reasonOf(error) });
}
