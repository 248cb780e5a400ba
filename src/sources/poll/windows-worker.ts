// Entry of the windows worker: every slow or blocking Win32 call runs on this thread.
import { parentPort, workerData } from 'node:worker_threads';
import { reasonOf } from '../../base/errors.ts';
import { monotonicMs } from '../../base/monotonic.ts';
import { Win32Error } from '../../native/win32-error.ts';
import { Acknowledgement } from '../acknowledgement.ts';
import { Activity } from '../activity.ts';
import { OpenTrace } from '../etw/open-trace.ts';
import { closeTrace, readLoss, stopSession } from '../etw/session.ts';
import { PART_GRANTS } from '../grants.ts';
import { unavailability } from '../unavailable.ts';
import type { ToWorker } from '../worker-link.ts';
import { readHeader } from './header.ts';
import type { FromPollWorker, PollWorkerStart } from './messages.ts';
import { batchObservations } from './observation-batch.ts';
import { createPlan } from './plan.ts';
import { Poller } from './poller.ts';
import { RoundLoop } from './round-loop.ts';

const port = parentPort;
if (!port) throw new Error('this file is the entry of a worker thread');
const start = workerData as PollWorkerStart;
const activity = new Activity(start.activity);
const acknowledgement = new Acknowledgement(start.acknowledged);

function send(message: FromPollWorker, transfer: ArrayBuffer[] = []): void {
  port!.postMessage(message, transfer);
}

const push = batchObservations((observations, transfer) => send({ type: 'observations', observations }, transfer));
const poller = new Poller({
  polls: createPlan(start),
  intervalMs: start.intervalMs,
  activity,
  clock: { monotonicMs, wallMs: Date.now },
  push: (observation, transfer) => {
    if (observation.kind === 'tick') sendLoss();
    push(observation, transfer);
  },
});
const loop = new RoundLoop({
  intervalMs: start.intervalMs,
  round: () => poller.round(),
  acknowledged: () => acknowledgement.seq,
  onSkipped: (rounds) => send({ type: 'skipped', rounds }),
});

function sendLoss(): void {
  if (start.sessionName === undefined) return;
  try {
    const { sessionName } = start;
    send({ type: 'loss', loss: activity.during('ControlTraceW', () => readLoss(sessionName)) });
  } catch (error) {
    send({ type: 'loss', problem: unavailability('losses of the event session', error, PART_GRANTS.eventLoss) });
  }
}

/**
 * Ends the session, and with it the blocking call of the etw worker, which may return seconds later: closing the trace
 * shortens that. The next start ends a session that this could not end.
 */
function endSession(): void {
  if (start.sessionName === undefined) return;
  try {
    stopSession(start.sessionName, activity);
  } catch (error) {
    if (!(error instanceof Win32Error)) throw error;
  }
  closeTrace(new OpenTrace(start.trace), activity);
}

port.on('message', (message: ToWorker) => {
  if (message.type === 'stop') {
    loop.stop();
    endSession();
    poller.close();
    port.close();
  }
});

/** A run needs its header: without one the worker reports why and reads nothing. */
function sendHeader(): boolean {
  try {
    send({ type: 'header', header: readHeader(start.agentVersion, start.settings) });
    return true;
  } catch (error) {
    send({ type: 'failed', reason: reasonOf(error) });
    return false;
  }
}

if (sendHeader()) loop.start();
