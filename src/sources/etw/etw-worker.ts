// Entry of the etw worker: starts the session, blocks in ProcessTrace, and starts another session when that one ends.
import { cpus } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { addressOf } from '../../native/ffi.ts';
import { RtlMoveMemory } from '../../native/kernel32.ts';
import { Win32Error } from '../../native/win32-error.ts';
import { Activity } from '../activity.ts';
import { Backoff } from '../backoff.ts';
import { PART_GRANTS } from '../grants.ts';
import type { Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import { enableProviders } from './enable.ts';
import type { EtwWorkerStart, EtwWorkerState } from './messages.ts';
import { OpenTrace } from './open-trace.ts';
import { WORD } from './ring.ts';
import { RingWriter } from './ring-writer.ts';
import { planBuffers, SessionReader, startSession, stopOwnSession } from './session.ts';

const port = parentPort;
if (!port) throw new Error('this file is the entry of a worker thread');
const start = workerData as EtwWorkerStart;
const { ring, sessionName } = start;
const activity = new Activity(start.activity);

const writer = new RingWriter({ ring, copy: RtlMoveMemory, addressOf: (bytes) => Number(addressOf(bytes)) });
const reader = new SessionReader((recordAddress) => writer.write(recordAddress), new OpenTrace(start.trace), activity);
const backoff = new Backoff();
const processors = cpus();
let started = 0;

function stopping(): boolean {
  return Atomics.load(ring.words, WORD.stop) !== 0;
}

function post(state: EtwWorkerState): void {
  port!.postMessage(state);
}

/** Runs one session until it ends and returns the result of ProcessTrace. Throws Win32Error or NothingEnabled. */
function runSession(): number {
  const handle = startSession(sessionName, planBuffers(processors.length), activity);
  try {
    const { enabled, degraded } = activity.during('EnableTraceEx2', () => enableProviders(handle));
    if (enabled.length === 0) throw new NothingEnabled(degraded);
    return reader.process(sessionName, (cpuMHz) => {
      // A stop request that arrived before the session existed found nothing to stop: it stops this session.
      if (stopping()) stopOwnSession(handle, activity);
      started++;
      // Node reads the frequency from the registry.
      const frequency = cpuMHz || processors[0]?.speed || 0;
      post({ state: 'running', reason: '', providers: enabled, degraded, restarts: started - 1, cpuMHz: frequency });
    });
  } finally {
    // A session that no process reads would outlive the agent.
    stopOwnSession(handle, activity);
  }
}

class NothingEnabled extends Error {
  readonly degraded: readonly Unavailability[];
  constructor(degraded: readonly Unavailability[]) {
    super(`no provider could be enabled: ${degraded[0]?.reason}`);
    this.degraded = degraded;
  }
}

function postRetrying(error: unknown): void {
  const problem = unavailability('the event session', error, PART_GRANTS.eventSession);
  const degraded = error instanceof NothingEnabled ? error.degraded : [problem];
  post({
    state: 'retrying',
    reason: problem.reason,
    providers: [],
    degraded,
    restarts: Math.max(0, started - 1),
    cpuMHz: 0,
  });
}

while (!stopping()) {
  const startedAt = performance.now();
  try {
    const code = runSession();
    if (!stopping())
      postRetrying(
        code === 0 ? new Error('the session was stopped by another program') : new Win32Error('ProcessTrace', code),
      );
  } catch (error) {
    if (!stopping()) postRetrying(error);
  }
  // The main thread notifies this word when it stops the agent.
  if (!stopping()) Atomics.wait(ring.words, WORD.stop, 0, backoff.next(performance.now() - startedAt));
}
