// The ring between two threads: what goes in comes out, once, in order, at every fill; what does not fit is counted and harms nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { EventDecoder } from '../../../src/sources/etw/decoder.ts';
import { EventView } from '../../../src/sources/etw/event-view.ts';
import { createRing, RingReader, type SharedRing, WORD } from '../../../src/sources/etw/ring.ts';
import { RingWriter } from '../../../src/sources/etw/ring-writer.ts';
import {
  type BuiltEvent,
  connectionResult,
  DNS_CLIENT,
  dnsAnswered,
  event,
  KERNEL_PROCESS,
  TCPIP,
} from '../../helpers/etw-builder.ts';
import { decodeAll } from '../../helpers/etw-decode.ts';
import { allLayouts } from '../../helpers/etw-layouts.ts';
import { FakeMemory } from '../../helpers/etw-memory.ts';
import { below, seeded } from '../../helpers/random.ts';

const RT_LOST = '6a399ae0-4bc6-4de9-870b-3657f8947e7e';

function aRing(bytes: number) {
  const ring = createRing(bytes);
  const memory = new FakeMemory();
  const writer = new RingWriter({ ring, copy: memory.copy, addressOf: memory.addressOf });
  const view = new EventView();
  return { ring, memory, writer, view, reader: new RingReader(ring, view) };
}

const word = ({ words }: SharedRing, index: number): number => Atomics.load(words, index);

/** Everything of an event that goes through the ring. */
function seen(view: EventView) {
  const { provider, id, version, pid, pointerBytes, ticksLow, ticksHigh } = view;
  return {
    provider,
    id,
    version,
    pid,
    pointerBytes,
    ticks: (BigInt(ticksHigh) << 32n) + BigInt(ticksLow),
    payload: view.payload(),
    container: view.containerId(),
  };
}

function sent(built: BuiltEvent, provider: number) {
  const { id, version, pid, ticks, payload, containerId = '', narrow = false } = built;
  return { provider, id, version, pid, pointerBytes: narrow ? 4 : 8, ticks, payload, container: containerId };
}

test('an event comes out as it went in: head, payload, container', () => {
  const { memory, writer, reader, view } = aRing(4096);
  const events = [
    { ...connectionResult(1033, 1, { processId: 7 }, { pid: 0xffff_fffc }), ticks: 0xfedc_ba98_7654_3210n },
    { ...event(DNS_CLIENT, 0xffff, 255, Buffer.from([1, 2, 3])), containerId: 'c0ffee-42' },
    event(TCPIP, 1, 0, Buffer.alloc(0)),
    event(KERNEL_PROCESS, 1, 0, Buffer.from([4]), { narrow: true }),
  ];
  for (const each of events) writer.write(memory.record(each));
  const out = events.map(() => {
    assert.ok(reader.next());
    return seen(view);
  });
  assert.deepEqual(out, [sent(events[0]!, 0), sent(events[1]!, 1), sent(events[2]!, 0), sent(events[3]!, 2)]);
  assert.equal(reader.next(), false);
});

test('every layout through the ring decodes as it does without', () => {
  const { memory, writer, reader, view } = aRing(1 << 16);
  const decoder = new EventDecoder();
  for (const each of allLayouts) writer.write(memory.record(each));
  while (reader.next()) decoder.decode(view);
  const direct = decodeAll(allLayouts);
  assert.deepEqual(decoder.tcp.take(), direct.tcp);
  assert.deepEqual([decoder.dns, decoder.processes, decoder.dropped.size], [direct.dns, direct.processes, 0]);
});

test('any order of writing and reading: nothing lost but what is counted, nothing twice, nothing changed', () => {
  const random = seeded(3);
  const { ring, memory, writer, reader, view } = aRing(1024);
  const addresses = Array.from({ length: 200 }, (_, pid) => {
    const payload = Buffer.alloc(below(random, 300), pid);
    return memory.record(event(TCPIP, 1033, 0, payload, { pid }));
  });
  // Positions near the end of 32 bits: they wrap around on the way.
  let expected: number[] = [];
  let accepted = 0;
  let full = 0;
  for (let step = 0; step < 60_000; step++) {
    if (below(random, 2) === 0) {
      const pid = below(random, addresses.length);
      const before = word(ring, WORD.ringFull);
      writer.write(addresses[pid]!);
      if (word(ring, WORD.ringFull) === before) {
        expected.push(pid);
        accepted++;
      } else full++;
    } else if (reader.next()) {
      const payload = view.payload();
      assert.equal(view.pid, expected.shift());
      assert.ok(payload.every((byte) => byte === view.pid % 256));
    } else assert.equal(expected.length, 0);
  }
  while (reader.next()) expected = expected.slice(1);
  assert.deepEqual(expected, []);
  assert.ok(accepted > 10_000 && full > 1000, `${accepted} accepted, ${full} found no room`);
});

test('a full ring takes what fits, and all again once it is read', () => {
  const { ring, memory, writer, reader } = aRing(1024);
  const address = memory.record(event(TCPIP, 1033, 0, Buffer.alloc(72)));
  for (let i = 0; i < 20; i++) writer.write(address);
  // 24 bytes of head and 72 of payload: ten slots of 96 fit into 1024.
  assert.equal(word(ring, WORD.ringFull), 10);
  let count = 0;
  while (reader.next()) count++;
  assert.equal(count, 10);
  for (let i = 0; i < 5; i++) writer.write(address);
  assert.equal(word(ring, WORD.ringFull), 10);
});

test('an empty ring begins at its start: few events touch little memory', () => {
  const { ring, memory, writer, reader } = aRing(1024);
  const address = memory.record(event(TCPIP, 1033, 0, Buffer.alloc(72, 0xee)));
  for (let i = 0; i < 100; i++) {
    writer.write(address);
    writer.write(address);
    while (reader.next());
  }
  // Two slots of 96 bytes.
  assert.ok(ring.bytes.subarray(192).every((byte) => byte === 0));
  assert.equal(word(ring, WORD.ringFull), 0);
});

test('positions that pass the end of 32 bits', () => {
  const ring = createRing(1024);
  // As after 4 GB of events: both stand just below the end.
  Atomics.store(ring.words, WORD.head, -64);
  Atomics.store(ring.words, WORD.tail, -64);
  const memory = new FakeMemory();
  const writer = new RingWriter({ ring, copy: memory.copy, addressOf: memory.addressOf });
  const view = new EventView();
  const reader = new RingReader(ring, view);
  for (let round = 0; round < 50; round++) {
    writer.write(memory.record(event(TCPIP, 1033, 0, Buffer.alloc(72), { pid: round })));
    assert.ok(reader.next());
    assert.equal(view.pid, round);
  }
  assert.equal(word(ring, WORD.ringFull), 0);
});

test('an event larger than the ring, and memory that is nobody’s: counted, and the next one comes through', () => {
  const { ring, memory, writer, reader, view } = aRing(1024);
  writer.write(memory.record(event(TCPIP, 1033, 0, Buffer.alloc(60_000))));
  assert.equal(word(ring, WORD.ringFull), 1);
  writer.write(0xdead_0000);
  const record = Buffer.alloc(112);
  memory.copy(memory.addressOf(record), memory.record(event(TCPIP, 1033, 0, Buffer.alloc(40))), 112);
  record.writeBigUInt64LE(0xdead_0000n, 96);
  writer.write(memory.addressOf(record));
  assert.equal(word(ring, WORD.failed), 2);
  writer.write(memory.record(event(TCPIP, 1033, 0, Buffer.alloc(40), { pid: 5 })));
  assert.ok(reader.next());
  assert.equal(view.pid, 5);
  assert.equal(reader.next(), false);
});

test('words of the session about losses, and providers that nobody enabled, are counted and not passed on', () => {
  const { ring, memory, writer, reader } = aRing(4096);
  const lost = event(RT_LOST, 0, 0, Buffer.alloc(0));
  for (const opcode of [32, 32, 33, 34]) writer.write(memory.record(lost, opcode));
  // EventTraceGuid of evntrace.h: the session describes itself.
  writer.write(memory.record(event('68fdd900-4a3e-11d1-84f4-0000f80464e3', 0, 0, Buffer.alloc(300))));
  writer.write(memory.record(event('2f07e2ee-15db-40f1-90ef-9d7ba282188b', 1033, 0, Buffer.alloc(8))));
  assert.deepEqual(
    [word(ring, WORD.lostEvents), word(ring, WORD.lostBuffers), word(ring, WORD.unknownProvider)],
    [2, 1, 1],
  );
  assert.equal(reader.next(), false);
});

test('a container id that is far too long is left out, the event is not', () => {
  const { memory, writer, reader, view } = aRing(4096);
  writer.write(memory.record({ ...dnsAnswered({ name: 'a' }), containerId: 'x'.repeat(300) }));
  assert.ok(reader.next());
  assert.equal(view.containerId(), '');
});

/** Writes `count` numbered events as fast as there is room; `pid` counts them, the payload repeats it. */
const writing = `
const { workerData } = require('node:worker_threads');
(async () => {
  const [{ RingWriter }, { FakeMemory }, { event, TCPIP }] = await Promise.all(workerData.modules.map((each) => import(each)));
  const memory = new FakeMemory();
  const writer = new RingWriter({ ring: workerData.ring, copy: memory.copy, addressOf: memory.addressOf });
  const payload = Buffer.alloc(40);
  const address = memory.record(event(TCPIP, 1033, 0, payload));
  // The record is built once; its pid and its payload change.
  const pid = new Uint8Array(4), number = new Uint32Array(pid.buffer);
  const from = memory.addressOf(pid);
  for (let i = 0; i < workerData.count; i++) {
    number[0] = i;
    memory.copy(address + 12, from, 4);
    const before = Atomics.load(workerData.ring.words, 32);
    writer.write(address);
    if (Atomics.load(workerData.ring.words, 32) !== before) i--;
  }
})();
`;

test('two threads, 50,000 events through a small ring: each one, in order', { timeout: 60_000 }, async () => {
  const ring = createRing(4096);
  const view = new EventView();
  const reader = new RingReader(ring, view);
  const count = 50_000;
  const modules = [
    '../../../src/sources/etw/ring-writer.ts',
    '../../helpers/etw-memory.ts',
    '../../helpers/etw-builder.ts',
  ];
  const workerData = { ring, count, modules: modules.map((each) => new URL(each, import.meta.url).href) };
  const worker = new Worker(writing, { eval: true, workerData });
  const failed = new Promise<never>((_, reject) => worker.once('error', reject));
  const read = (async () => {
    for (let next = 0; next < count; ) {
      while (reader.next()) {
        assert.equal(view.pid, next);
        next++;
      }
      await new Promise(setImmediate);
    }
  })();
  await Promise.race([read, failed]);
});
