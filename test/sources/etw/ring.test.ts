// The ring between two threads: order, content, wrap-around, and counters of the events that are left out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { EventDecoder } from '../../../src/sources/etw/decoder.ts';
import { EventView } from '../../../src/sources/etw/event-view.ts';
import { createRing, RingReader, WORD } from '../../../src/sources/etw/ring.ts';
import { connectionResult, DNS_CLIENT, dnsAnswered, event, KERNEL_PROCESS, TCPIP } from '../../helpers/etw-builder.ts';
import { decodeAll, flushRows } from '../../helpers/etw-decode.ts';
import { allLayouts } from '../../helpers/etw-layouts.ts';
import { openRing, receivedFields, sentFields, word } from '../../helpers/etw-ring.ts';
import { below, seeded } from '../../helpers/random.ts';

const RT_LOST = '6a399ae0-4bc6-4de9-870b-3657f8947e7e';
/** A provider without competitors can fill the whole ring. */
const tcpipOnly = [{ guid: TCPIP, ringShare: 1 }];

test('an event is read as it was written: header, payload and container id', () => {
  const { memory, writer, reader, view } = openRing(4096);
  const events = [
    { ...connectionResult(1033, 1, { processId: 7 }, { pid: 0xffff_fffc }), ticks: 0xfedc_ba98_7654_3210n },
    { ...event(DNS_CLIENT, 0xffff, 255, Buffer.from([1, 2, 3])), containerId: 'c0ffee-42' },
    event(TCPIP, 1, 0, Buffer.alloc(0)),
    event(KERNEL_PROCESS, 1, 0, Buffer.from([4]), { narrow: true }),
  ];
  for (const each of events) writer.write(memory.record(each));
  const received = events.map(() => {
    assert.ok(reader.next());
    return receivedFields(view);
  });
  const expected = [0, 1, 0, 2].map((provider, index) => sentFields(events[index]!, provider));
  assert.deepEqual(received, expected);
  assert.equal(reader.next(), false);
});

test('every layout decodes the same with and without the ring', () => {
  const { memory, writer, reader, view } = openRing(1 << 16);
  const decoder = new EventDecoder();
  for (const each of allLayouts) writer.write(memory.record(each));
  while (reader.next()) decoder.decode(view);
  const { tcp, dns, processes } = decodeAll(allLayouts);
  assert.deepEqual(flushRows(decoder), { tcp, dns, processes });
  assert.equal(decoder.dropped.size, 0);
});

test('random writes and reads lose, repeat and change no event that is not counted', () => {
  const random = seeded(3);
  const { ring, memory, writer, reader, view } = openRing(1024);
  const addresses = Array.from({ length: 200 }, (_, pid) => {
    const payload = Buffer.alloc(below(random, 300), pid);
    return memory.record(event(TCPIP, 1033, 0, payload, { pid }));
  });
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

test('a full ring keeps the events that fit, and has room again after it is read', () => {
  const { ring, memory, writer, reader } = openRing(1024, tcpipOnly);
  const address = memory.record(event(TCPIP, 1033, 0, Buffer.alloc(72)));
  for (let i = 0; i < 20; i++) writer.write(address);
  // 24 bytes of header and 72 of payload: ten slots of 96 bytes fit into 1024.
  assert.equal(word(ring, WORD.ringFull), 10);
  let count = 0;
  while (reader.next()) count++;
  assert.equal(count, 10);
  for (let i = 0; i < 5; i++) writer.write(address);
  assert.equal(word(ring, WORD.ringFull), 10);
});

test('an empty ring restarts at its beginning, so a low rate touches little memory', () => {
  const { ring, memory, writer, reader } = openRing(1024);
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

test('positions wrap at 2^32', () => {
  // As after 4 GB of events.
  const { ring, memory, writer, reader, view } = openRing(1024, undefined, -64);
  for (let round = 0; round < 50; round++) {
    writer.write(memory.record(event(TCPIP, 1033, 0, Buffer.alloc(72), { pid: round })));
    assert.ok(reader.next());
    assert.equal(view.pid, round);
  }
  assert.equal(word(ring, WORD.ringFull), 0);
});

test('an oversized event and unreadable memory are counted, and the next event passes', () => {
  const { ring, memory, writer, reader, view } = openRing(1024);
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

test('loss events of the session and events of unknown providers are counted, not passed on', () => {
  const { ring, memory, writer, reader } = openRing(4096);
  const lost = event(RT_LOST, 0, 0, Buffer.alloc(0));
  for (const opcode of [32, 32, 33, 34]) writer.write(memory.record(lost, opcode));
  // EventTraceGuid of evntrace.h: the header of the session.
  writer.write(memory.record(event('68fdd900-4a3e-11d1-84f4-0000f80464e3', 0, 0, Buffer.alloc(300))));
  writer.write(memory.record(event('2f07e2ee-15db-40f1-90ef-9d7ba282188b', 1033, 0, Buffer.alloc(8))));
  assert.deepEqual(
    [word(ring, WORD.lostEvents), word(ring, WORD.lostBuffers), word(ring, WORD.unknownProvider)],
    [2, 1, 1],
  );
  assert.equal(reader.next(), false);
});

test('a container id above the limit is left out, the event is not', () => {
  const { memory, writer, reader, view } = openRing(4096);
  writer.write(memory.record({ ...dnsAnswered({ name: 'a' }), containerId: 'x'.repeat(300) }));
  assert.ok(reader.next());
  assert.equal(view.containerId(), '');
});

/** Writes `count` events as fast as there is room; `pid` numbers them. */
const writing = `
const { workerData } = require('node:worker_threads');
(async () => {
  const [{ RingWriter }, { FakeMemory }, { event, TCPIP }] =
    await Promise.all(workerData.modules.map((each) => import(each)));
  const memory = new FakeMemory();
  const writer = new RingWriter({ ring: workerData.ring, copy: memory.copy, addressOf: memory.addressOf });
  const payload = Buffer.alloc(40);
  const address = memory.record(event(TCPIP, 1033, 0, payload));
  // The record is built once; only its pid changes.
  const pid = new Uint8Array(4), number = new Uint32Array(pid.buffer);
  const from = memory.addressOf(pid);
  const { words } = workerData.ring;
  for (let i = 0; i < workerData.count; i++) {
    number[0] = i;
    memory.copy(address + 12, from, 4);
    const before = Atomics.load(words, workerData.ringFull);
    writer.write(address);
    if (Atomics.load(words, workerData.ringFull) !== before) i--;
  }
})();
`;

test('50,000 events between two threads through a small ring arrive once and in order', {
  timeout: 60_000,
}, async () => {
  const ring = createRing(4096);
  const view = new EventView();
  const reader = new RingReader(ring, view);
  const count = 50_000;
  const files = [
    '../../../src/sources/etw/ring-writer.ts',
    '../../helpers/etw-memory.ts',
    '../../helpers/etw-builder.ts',
  ];
  const modules = files.map((each) => new URL(each, import.meta.url).href);
  const worker = new Worker(writing, { eval: true, workerData: { ring, count, modules, ringFull: WORD.ringFull } });
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
