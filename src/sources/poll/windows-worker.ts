// Entry of the windows worker: every slow or blocking Win32 call happens on this thread.
import { parentPort, workerData } from 'node:worker_threads';
import { reasonOf } from '../../base/errors.ts';
import { Win32Error } from '../../native/win32-error.ts';
import { readLoss, stopSession } from '../etw/session.ts';
import { PART_GRANTS } from '../grants.ts';
import { readHeader } from '../machine.ts';
import { unavailability } from '../unavailable.ts';
import type { FromWindowsWorker, ToWindowsWorker, WindowsWorkerStart } from './messages.ts';
import { WindowsPoller } from './poller.ts';

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

const poller = new WindowsPoller(start.intervalMs, start.connectionStatistics, (observation, transfer) => {
  if (observation.kind === 'tick') {
    unacknowledged.add(observation.seq);
    sendLoss();
  }
  send({ type: 'observation', observation }, transfer);
});

function sendLoss(): void {
  if (start.sessionName === undefined) return;
  try {
    send({ type: 'loss', loss: readLoss(start.sessionName) });
  } catch (error) {
    send({ type: 'loss', problem: unavailability('losses of the event session', error, PART_GRANTS.eventLoss) });
  }
}

/** Ends the session, which lets the etw worker go. What stays because this fails is ended by the next start. */
function endSession(): void {
  if (start.sessionName === undefined) return;
  try {
    stopSession(start.sessionName);
  } catch (error) {
    if (!(error instanceof Win32Error)) throw error;
  }
}

/** One round, then the next one that is due: rounds keep to their grid, and those that a slow one took up are left out. */
function round(dueAt: number): void {
  if (stopping) return;
  if (unacknowledged.size < MAX_UNACKNOWLEDGED) poller.round();
  else send({ type: 'skipped', rounds: 1 });
  const now = performance.now();
  const intervals = Math.max(1, Math.ceil((now - dueAt) / start.intervalMs));
  if (intervals > 1) send({ type: 'skipped', rounds: intervals - 1 });
  const next = dueAt + intervals * start.intervalMs;
  timer = setTimeout(round, next - now, next);
}

port.on('message', (message: ToWindowsWorker) => {
  // A round that is taken in stands for all before it: one word that is lost must not stop the rounds for ever.
  if (message.type === 'ack') for (const seq of unacknowledged) if (seq <= message.seq) unacknowledged.delete(seq);
  if (message.type === 'stop') {
    stopping = true;
    clearTimeout(timer);
    endSession();
    port.close();
  }
});

/** The one thing without which there is no run; a round that throws is an uncaught error, and the end of the process. */
function sendHeader(): boolean {
  try {
    send({ type: 'header', header: readHeader(start.agentVersion, start.settings) });
    return true;
  } catch (error) {
    send({ type: 'failed', reason: reasonOf(error) });
    return false;
  }
}

if (sendHeader()) round(performance.now());
