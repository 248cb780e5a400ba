// Entry of a worker that allocates the memory of the etw worker and waits, like an etw worker without events.
import { parentPort, workerData } from 'node:worker_threads';
import { addressOf } from '../../src/native/ffi.ts';
import type { EtwWorkerStart, EtwWorkerState } from '../../src/sources/etw/messages.ts';
import { WORD } from '../../src/sources/etw/ring.ts';
import { RingWriter } from '../../src/sources/etw/ring-writer.ts';

const { ring } = workerData as EtwWorkerStart;
const writer = new RingWriter({ ring, copy: () => {}, addressOf: (bytes) => Number(addressOf(bytes)) });
writer.write(0);
const running: EtwWorkerState = { state: 'running', reason: '', providers: [], degraded: [], restarts: 0, cpuMHz: 0 };
parentPort!.postMessage(running);
Atomics.wait(ring.words, WORD.stop, 0);
