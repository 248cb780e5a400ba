// Entry of a worker in place of the etw worker: floods the ring with DNS events, then sends TCP events.
import { parentPort, workerData } from 'node:worker_threads';
import type { EtwWorkerStart, EtwWorkerState } from '../../src/sources/etw/messages.ts';
import { providers } from '../../src/sources/etw/providers/index.ts';
import { WORD } from '../../src/sources/etw/ring.ts';
import { RingWriter } from '../../src/sources/etw/ring-writer.ts';
import { connectionResult, dnsAnswered } from './etw-builder.ts';
import { FakeMemory } from './etw-memory.ts';

const { ring, sessionName } = workerData as EtwWorkerStart;
/** `refused tcp`: the number of DNS events that the ring must refuse, then the number of TCP events to send. */
const [refused = 0, tcpEvents = 0] = sessionName.split(' ').map(Number);

const memory = new FakeMemory();
const writer = new RingWriter({ ring, copy: memory.copy, addressOf: memory.addressOf });
const dns = memory.record(dnsAnswered({ name: 'shop.example.com', results: '192.0.2.7;' }));
const tcp = memory.record(connectionResult(1033, 1, { processId: 7 }));
const dnsRefused = WORD.ringFull + providers.findIndex(({ name }) => name === 'dns-client');

while (Atomics.load(ring.words, dnsRefused) < refused) writer.write(dns);
for (let i = 0; i < tcpEvents; i++) {
  writer.write(tcp);
  writer.write(dns);
}
const running: EtwWorkerState = { state: 'running', reason: '', providers: [], degraded: [], restarts: 0, cpuMHz: 0 };
parentPort!.postMessage(running);
