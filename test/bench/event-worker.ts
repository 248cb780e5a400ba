// Entry of a worker in place of the etw worker: writes generated events into the ring, at a fixed rate or full speed.
import { parentPort, workerData } from 'node:worker_threads';
import type { EtwWorkerStart, EtwWorkerState } from '../../src/sources/etw/messages.ts';
import { WORD } from '../../src/sources/etw/ring.ts';
import { RingWriter } from '../../src/sources/etw/ring-writer.ts';
import { BlockMemory } from './event-memory.ts';
import { generatedEvents } from './generated-events.ts';

const { ring, sessionName } = workerData as EtwWorkerStart;
/** `rate seconds`; a rate of 0 means full speed. */
const [rate = 0, seconds = 0] = sessionName.split(' ').map(Number);

const memory = new BlockMemory();
const writer = new RingWriter(memory.writerOptions(ring));
const records = memory.records(generatedEvents());
const pause = new Int32Array(new SharedArrayBuffer(4));
const running: EtwWorkerState = { state: 'running', reason: '', providers: [], degraded: [], restarts: 0, cpuMHz: 0 };
parentPort!.postMessage(running);

const beganAt = performance.now();
let sent = 0;
for (
  let ranMs = 0;
  ranMs < seconds * 1000 && Atomics.load(ring.words, WORD.stop) === 0;
  ranMs = performance.now() - beganAt
) {
  if (rate > 0)
    for (const due = (rate * ranMs) / 1000; sent < due; sent++) writer.write(records[sent % records.length]!);
  else fill();
  // ETW delivers a buffer at a time, not an event.
  Atomics.wait(pause, 0, 0, 5);
}
parentPort!.postMessage({ ...running, reason: String(sent) });

/** Fills the ring to three quarters, so that no event is refused. */
function fill(): void {
  const { words, bytes } = ring;
  while ((Atomics.load(words, WORD.head) - Atomics.load(words, WORD.tail)) >>> 0 < bytes.length * 0.75) {
    for (let i = 0; i < 100; i++) writer.write(records[sent++ % records.length]!);
  }
}
