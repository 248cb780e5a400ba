// Entry of the logs worker: reads the Event Log and log files, and parses the messages of files.
import { parentPort, workerData } from 'node:worker_threads';
import { monotonicMs } from '../../base/monotonic.ts';
import { Acknowledgement } from '../acknowledgement.ts';
import { Activity } from '../activity.ts';
import type { ToWorker } from '../worker-link.ts';
import type { FilesRequest, LogsWorkerStart } from './contracts.ts';
import { ThreadWaits } from './loop-waits.ts';
import { createReaders } from './readers.ts';
import { WorkerLoop } from './worker-loop.ts';

const port = parentPort;
if (!port) throw new Error('this file is the entry of a worker thread');
const start = workerData as LogsWorkerStart;
const activity = new Activity(start.activity);
const acknowledgement = new Acknowledgement(start.acknowledged);
const waits = new ThreadWaits(acknowledgement, activity);
const readers = createReaders(start, activity);
const loop = new WorkerLoop({
  readers: readers.all,
  send: (message) => port.postMessage(message),
  acknowledged: () => acknowledgement.seq,
  waits,
  now: monotonicMs,
});

port.on('message', (message: ToWorker | FilesRequest) => {
  if (message.type === 'stop') loop.stop();
  else readers.setFiles(message.files);
  waits.wake();
});

await loop.run();
port.close();
