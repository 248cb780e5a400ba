// Times of log records in further passes of a looped tape.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '../../../src/sources/host.ts';
import { LoopShift } from '../../../src/sources/tape/loop-shift.ts';
import { aMessage, anEvent, counted, fileMessages } from '../../helpers/logs.ts';
import { wall } from '../../helpers/model.ts';
import { observation } from '../../helpers/observations.ts';

const tape: Observation[] = [
  observation('eventRecords', [anEvent({ atMs: 500, subject: { pid: 7, createdAtMs: 1000 } })], { seq: 1, atMs: 1000 }),
  observation('fileMessages', [fileMessages({ counted: [counted()], records: [aMessage()] })], { seq: 2, atMs: 1000 }),
  observation('tick', { intervalMs: 10_000 }, { seq: 3, atMs: 1000 }),
];

test('moves the times of events and messages with the clock, and keeps identities of processes', () => {
  const shift = new LoopShift();
  for (const each of tape) shift.apply(each);
  shift.startPass();
  const [events, messages] = tape.map((each) => shift.apply(each)) as [Observation, Observation];
  assert.equal(events.tWall, wall(11_000));
  assert.ok(events.kind === 'eventRecords' && events.data);
  assert.deepEqual([events.data[0]!.atMs, events.data[0]!.subject], [wall(10_500), { pid: 7, createdAtMs: 1000 }]);
  assert.ok(messages.kind === 'fileMessages' && messages.data);
  const [batch] = messages.data;
  assert.deepEqual(
    [batch!.records[0]!.atMs, batch!.counted[0]!.firstAtMs, batch!.counted[0]!.lastAtMs],
    [wall(10_000), wall(10_000), wall(10_000)],
  );
});
