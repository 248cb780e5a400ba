// Entry of the etw worker: starts the session, blocks in ProcessTrace, and starts anew when somebody ends it.
import { cpus } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { addressOf } from '../../native/ffi.ts';
import { RtlMoveMemory } from '../../native/kernel32.ts';
import { Win32Error } from '../../native/win32-error.ts';
import { PART_GRANTS } from '../grants.ts';
import type { Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import { Backoff } from './backoff.ts';
import { enableProviders } from './enable.ts';
import type { EtwWorkerStart, EtwWorkerState } from './messages.ts';
import { WORD } from './ring.ts';
import { RingWriter } from './ring-writer.ts';
import { planBuffers, SessionReader, startSession, stopOwnSession } from './session.ts';

const port = parentPort;
if (!port) throw new Error('this file is the entry of a worker thread');
const { ring, sessionName } = workerData as EtwWorkerStart;

const writer = new RingWriter({ ring, copy: RtlMoveMemory, addressOf: (bytes) => Number(addressOf(bytes)) });
const reader = new SessionReader((recordAddress) => writer.write(recordAddress));
const backoff = new Backoff();
const processors = cpus();
let started = 0;

function stopping(): boolean {
  return Atomics.load(ring.words, WORD.stop) !== 0;
}

function say(state: EtwWorkerState): void {
  port!.postMessage(state);
}

/** One session from its start to its end; returns why it ended. Throws Win32Error. */
function session(): number {
  const handle = startSession(sessionName, planBuffers(processors.length));
  try {
    const { enabled, degraded } = enableProviders(handle);
    if (enabled.length === 0) throw new NothingEnabled(degraded);
    return reader.process(sessionName, (cpuMHz) => {
      // A stop that came while there was no session to end ends this one.
      if (stopping()) stopOwnSession(handle);
      started++;
      // Node reads the processor's speed from where Windows keeps it, in the registry.
      const speed = cpuMHz || processors[0]?.speed || 0;
      say({ state: 'running', reason: '', providers: enabled, degraded, restarts: started - 1, cpuMHz: speed });
    });
  } finally {
    // A session that nobody reads would stay when the process is gone.
    stopOwnSession(handle);
  }
}

class NothingEnabled extends Error {
  readonly degraded: readonly Unavailability[];
  constructor(degraded: readonly Unavailability[]) {
    super(`no provider could be enabled: ${degraded[0]?.reason}`);
    this.degraded = degraded;
  }
}

function retrying(error: unknown): void {
  const problem = unavailability('the event session', error, PART_GRANTS.eventSession);
  const degraded = error instanceof NothingEnabled ? error.degraded : [problem];
  say({
    state: 'retrying',
    reason: problem.reason,
    providers: [],
    degraded,
    restarts: Math.max(0, started - 1),
    cpuMHz: 0,
  });
}

while (!stopping()) {
  const beganAt = performance.now();
  try {
    const code = session();
    if (!stopping())
      retrying(code === 0 ? new Error('somebody ended the session') : new Win32Error('ProcessTrace', code));
  } catch (error) {
    if (!stopping()) retrying(error);
  }
  // Woken up early by a stop.
  if (!stopping()) Atomics.wait(ring.words, WORD.stop, 0, backoff.next(performance.now() - beganAt));
}
