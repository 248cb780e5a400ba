// Session helpers: buffer sizes, backoff, losses over several sessions, provider GUIDs, packed raw events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../../src/sources/backoff.ts';
import { EventDecoder } from '../../../src/sources/etw/decoder.ts';
import { EventView } from '../../../src/sources/etw/event-view.ts';
import { guidBytes } from '../../../src/sources/etw/guid.ts';
import { LossTotal } from '../../../src/sources/etw/loss.ts';
import { providers } from '../../../src/sources/etw/providers/index.ts';
import { RawPacker } from '../../../src/sources/etw/raw.ts';
import { planBuffers } from '../../../src/sources/etw/session.ts';
import { decodeLine, encodeObservation, parseLine } from '../../../src/sources/tape/format.ts';
import { type BuiltEvent, connectionResult, event, TCPIP } from '../../helpers/etw-builder.ts';
import { decodeAll, flushRows, viewOf } from '../../helpers/etw-decode.ts';
import { allLayouts } from '../../helpers/etw-layouts.ts';
import { observation } from '../../helpers/observations.ts';

test('plans at least two buffers a processor: 4 MB on small machines, 32 MB on large ones', () => {
  for (const processors of [1, 4, 16, 32, 33, 64, 128, 256]) {
    const { kilobytes, least, most } = planBuffers(processors);
    assert.ok(least >= 2 * processors && least >= 64 && most > least, `${processors} processors`);
    assert.ok(kilobytes <= 1024, 'the documented maximum');
  }
  const megabytes = (processors: number) => (planBuffers(processors).kilobytes * planBuffers(processors).least) / 1024;
  assert.deepEqual([megabytes(4), megabytes(128)], [4, 32]);
});

test('the backoff doubles up to five minutes and restarts after a session of a minute', () => {
  const backoff = new Backoff();
  const waits = Array.from({ length: 11 }, () => backoff.next(100) / 1000);
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  assert.deepEqual([backoff.next(60_000), backoff.next(0), backoff.next(59_999)], [1000, 2000, 4000]);
});

test('sums losses over sessions, also when only decreasing counts reveal a new session', () => {
  const loss = new LossTotal();
  loss.beginSession();
  loss.update({ events: 5, buffers: 1, realTimeBuffers: 0 });
  loss.update({ events: 9, buffers: 1, realTimeBuffers: 2 });
  loss.beginSession();
  loss.update({ events: 20, buffers: 0, realTimeBuffers: 2 });
  assert.deepEqual(loss.total(), { events: 29, buffers: 1, realTimeBuffers: 4 });
  loss.update({ events: 3, buffers: 0, realTimeBuffers: 0 });
  assert.deepEqual(loss.total(), { events: 32, buffers: 1, realTimeBuffers: 4 });
});

test('a small step back or one wrong reading of the losses is no new session', () => {
  const loss = new LossTotal();
  const totals = [100, 98, 101, 0, 103].map((events) => {
    loss.update({ events, buffers: events * 2, realTimeBuffers: 0 });
    return [loss.total().events, loss.total().buffers];
  });
  assert.deepEqual(totals, [
    [100, 200],
    [100, 200],
    [101, 202],
    [101, 202],
    [103, 206],
  ]);
});

test('the providers have the documented GUIDs, in memory order', () => {
  assert.deepEqual(
    providers.map(({ guid }) => guidBytes(guid).toString('hex')),
    ['eee2072fdb15f14090ef9d7ba282188a', '6e12951cea7ea949a3fea378b03ddb4d', 'd62cfb227b0e2b42a0c72fad1fd0e716'],
  );
});

/** Unpacks events by the documented format. */
function unpack(bytes: Uint8Array): BuiltEvent[] {
  const buffer = Buffer.from(bytes);
  const events: BuiltEvent[] = [];
  for (let at = 0; at < buffer.length; ) {
    const text = (from: number, to: number) => buffer.toString('hex', at + from, at + to);
    const reversed = (from: number, to: number) =>
      Buffer.from(buffer.subarray(at + from, at + to).toReversed()).toString('hex');
    const payloadLength = buffer.readUInt32LE(at + 32);
    const payload = buffer.subarray(at + 40, at + 40 + payloadLength);
    const end = at + 40 + payloadLength + buffer.readUInt32LE(at + 36);
    const containerId = buffer.toString('latin1', at + 40 + payloadLength, end);
    events.push({
      provider: `${reversed(0, 4)}-${reversed(4, 6)}-${reversed(6, 8)}-${text(8, 10)}-${text(10, 16)}`,
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

test('raw events survive a tape unchanged and decode to the same rows', () => {
  const packer = new RawPacker();
  const view = new EventView();
  const decoder = new EventDecoder();
  for (const each of allLayouts) {
    viewOf(each, view);
    assert.ok(packer.add(view));
    decoder.decode(view);
  }
  const line = encodeObservation(observation('rawEvents', packer.drain()));
  const read = decodeLine(parseLine(Buffer.from(line)));
  assert.ok('observation' in read && read.observation.kind === 'rawEvents' && read.observation.data);
  assert.equal(read.observation.data.count, allLayouts.length);
  const events = unpack(read.observation.data.bytes);
  assert.deepEqual(events, allLayouts);
  const { tcp, dns, processes } = decodeAll(events);
  assert.deepEqual({ tcp, dns, processes }, flushRows(decoder));
  assert.deepEqual([packer.count, packer.drain().bytes.length], [0, 0]);
});

test('refuses raw events above the limit of an observation, and accepts them after a drain', () => {
  const packer = new RawPacker();
  const large = viewOf(event(TCPIP, 1033, 0, Buffer.alloc(65_000)));
  let count = 0;
  while (packer.add(large)) count++;
  assert.ok(count > 50 && count < 70, `${count} events`);
  assert.ok(packer.drain().bytes.length <= 4 * 1024 * 1024);
  assert.ok(packer.add(viewOf(connectionResult(1033, 1, {}))));
});
