// Entry of a worker that stands where the etw worker does: writes generated events into the ring at a rate, or as fast
// as there is room.
import { parentPort, workerData } from 'node:worker_threads';
import type { EtwWorkerStart, EtwWorkerState } from '../../src/sources/etw/messages.ts';
import { WORD } from '../../src/sources/etw/ring.ts';
import { RingWriter } from '../../src/sources/etw/ring-writer.ts';
import { BlockMemory } from './event-memory.ts';
import { generatedEvents } from './generated-events.ts';

const { ring, sessionName } = workerData as EtwWorkerStart;
/** `rate seconds`; a rate of 0 is as fast as there is room. */
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
  else flood();
  // ETW hands over a buffer at a time, not an event.
  Atomics.wait(pause, 0, 0, 5);
}
parentPort!.postMessage({ ...running, reason: String(sent) });

/** Until the ring is three quarters full: what finds no room is not what is measured. */
function flood(): void {
  const { words, bytes } = ring;
  while ((Atomics.load(words, WORD.head) - Atomics.load(words, WORD.tail)) >>> 0 < bytes.length * 0.75) {
    for (let i = 0; i < 100; i++) writer.write(records[sent++ % records.length]!);
  }
}
