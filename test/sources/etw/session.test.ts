// What surrounds a session: sizes of its buffers, waits between attempts, losses over several sessions, packed raw events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../../src/sources/etw/backoff.ts';
import { EventDecoder } from '../../../src/sources/etw/decoder.ts';
import { EventView } from '../../../src/sources/etw/event-view.ts';
import { LossTotal } from '../../../src/sources/etw/loss.ts';
import { guidBytes, providers } from '../../../src/sources/etw/providers.ts';
import { RawPacker } from '../../../src/sources/etw/raw.ts';
import { planBuffers } from '../../../src/sources/etw/session.ts';
import { decodeLine, encodeObservation, parseLine } from '../../../src/sources/tape/format.ts';
import { type BuiltEvent, connectionResult, event, TCPIP } from '../../helpers/etw-builder.ts';
import { decodeAll, viewOf } from '../../helpers/etw-decode.ts';
import { allLayouts } from '../../helpers/etw-layouts.ts';
import { observation } from '../../helpers/observations.ts';

test('buffers: two a processor at the least, 4 MB on small machines, 32 MB on large ones', () => {
  for (const processors of [1, 4, 16, 32, 33, 64, 128, 256]) {
    const { kilobytes, least, most } = planBuffers(processors);
    assert.ok(least >= 2 * processors && least >= 64 && most > least, `${processors} processors`);
    assert.ok(kilobytes <= 1024, 'the most that Windows takes');
  }
  const megabytes = (processors: number) => (planBuffers(processors).kilobytes * planBuffers(processors).least) / 1024;
  assert.deepEqual([megabytes(4), megabytes(128)], [4, 32]);
});

test('waits grow to five minutes, and are short again after a session that held', () => {
  const backoff = new Backoff();
  const waits = Array.from({ length: 11 }, () => backoff.next(100) / 1000);
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  assert.deepEqual([backoff.next(60_000), backoff.next(0), backoff.next(59_999)], [1000, 2000, 4000]);
});

test('losses of one session after the other add up, whether its beginning was told or shows by smaller counts', () => {
  const loss = new LossTotal();
  loss.begin();
  loss.take({ events: 5, buffers: 1, realTimeBuffers: 0 });
  loss.take({ events: 9, buffers: 1, realTimeBuffers: 2 });
  loss.begin();
  loss.take({ events: 20, buffers: 0, realTimeBuffers: 2 });
  assert.deepEqual(loss.total(), { events: 29, buffers: 1, realTimeBuffers: 4 });
  loss.take({ events: 3, buffers: 0, realTimeBuffers: 0 });
  assert.deepEqual(loss.total(), { events: 32, buffers: 1, realTimeBuffers: 4 });
});

test('the GUIDs of the providers are the documented ones, in the order of memory', () => {
  assert.deepEqual(
    providers.map(({ guid }) => guidBytes(guid).toString('hex')),
    ['eee2072fdb15f14090ef9d7ba282188a', '6e12951cea7ea949a3fea378b03ddb4d', 'd62cfb227b0e2b42a0c72fad1fd0e716'],
  );
});

/** Takes packed events apart, by the documented form. */
function unpack(bytes: Uint8Array): BuiltEvent[] {
  const buffer = Buffer.from(bytes);
  const events: BuiltEvent[] = [];
  for (let at = 0; at < buffer.length; ) {
    const text = (from: number, to: number) => buffer.toString('hex', at + from, at + to);
    const turned = (from: number, to: number) =>
      Buffer.from(buffer.subarray(at + from, at + to).toReversed()).toString('hex');
    const payloadLength = buffer.readUInt32LE(at + 32);
    const payload = buffer.subarray(at + 40, at + 40 + payloadLength);
    const end = at + 40 + payloadLength + buffer.readUInt32LE(at + 36);
    const containerId = buffer.toString('latin1', at + 40 + payloadLength, end);
    events.push({
      provider: `${turned(0, 4)}-${turned(4, 6)}-${turned(6, 8)}-${text(8, 10)}-${text(10, 16)}`,
      id: buffer.readUInt16LE(at + 16),
      version: buffer.readUInt8(at + 18),
      pid: buffer.readUInt32LE(at + 20),
      ticks: buffer.readBigUInt64LE(at + 24),
      payload,
      ...(containerId === '' ? {} : { containerId }),
      ...(buffer.readUInt8(at + 19) === 4 ? { narrow: true } : {}),
    });
    at = end;
  }
  return events;
}

test('raw events on a tape are the events as they came, and decode as they did', () => {
  const packer = new RawPacker();
  const view = new EventView();
  const decoder = new EventDecoder();
  for (const each of allLayouts) {
    viewOf(each, view);
    assert.ok(packer.add(view));
    decoder.decode(view);
  }
  const line = encodeObservation(observation('rawEvents', packer.take()));
  const read = decodeLine(parseLine(Buffer.from(line)));
  assert.ok('observation' in read && read.observation.kind === 'rawEvents' && read.observation.data);
  assert.equal(read.observation.data.count, allLayouts.length);
  const events = unpack(read.observation.data.bytes);
  assert.deepEqual(events, allLayouts);
  const again = decodeAll(events);
  assert.deepEqual(again.tcp, decoder.tcp.take());
  assert.deepEqual([again.dns, again.processes], [decoder.dns, decoder.processes]);
  assert.deepEqual([packer.count, packer.take().bytes.length], [0, 0]);
});

test('raw events are bounded: what an observation cannot hold is refused, and the next one has room', () => {
  const packer = new RawPacker();
  const large = viewOf(event(TCPIP, 1033, 0, Buffer.alloc(65_000)));
  let count = 0;
  while (packer.add(large)) count++;
  assert.ok(count > 50 && count < 70, `${count} events`);
  assert.ok(packer.take().bytes.length <= 4 * 1024 * 1024);
  assert.ok(packer.add(viewOf(connectionResult(1033, 1, {}))));
});
