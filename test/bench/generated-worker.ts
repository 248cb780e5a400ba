// Entry of a worker in place of the windows worker: sends rounds of a generated host, each after the one before it.
import { parentPort, workerData } from 'node:worker_threads';
import { Acknowledgement } from '../../src/sources/acknowledgement.ts';
import type { HostHeader } from '../../src/sources/host.ts';
import { columnBuffers } from '../../src/sources/poll/column-buffers.ts';
import type { FromPollWorker, PollWorkerStart } from '../../src/sources/poll/messages.ts';
import type { ToWorker } from '../../src/sources/worker-link.ts';
import { generateRound, type HostSize } from './generated-host.ts';

const { intervalMs, settings, agentVersion, acknowledged } = workerData as PollWorkerStart;
const size = JSON.parse(settings['generated.size']!) as HostSize;
const pauseMs = Number(settings['generated.pauseMs']);

const send = (message: FromPollWorker, transfer: ArrayBuffer[] = []): void =>
  parentPort!.postMessage(message, transfer);

const header: HostHeader = {
  schema: 1,
  agentVersion,
  startedAtMs: 0,
  os: { platform: 'generated', version: '10.0.20348' },
  processors: { logical: 4, groups: [4] },
  bootTimeMs: 0,
  qpcFrequency: 10_000_000,
  rights: { elevated: true, privileges: [] },
  settings: {},
  standIns: [],
  dropped: {},
};

let round = 0;
function next(): void {
  for (const observation of generateRound(size, round++, intervalMs))
    send({ type: 'observations', observations: [observation] }, columnBuffers(observation.data));
}

const acknowledgement = new Acknowledgement(acknowledged);
parentPort!.on('message', (message: ToWorker) => {
  if (message.type === 'stop') process.exit();
});
send({ type: 'header', header });
for (;;) {
  const before = acknowledgement.seq;
  next();
  await acknowledgement.changed(before);
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
}
