// Tests of the counts of events by channel, provider, id and level.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventCounts } from '../../../src/model/logs/event-counts.ts';
import type { EventRecord } from '../../../src/sources/host.ts';

const event = (values: Partial<EventRecord>): EventRecord => ({
  channel: 'System',
  provider: 'disk',
  eventId: 153,
  recordId: '1',
  level: 'warning',
  atMs: 0,
  nanoseconds: 0,
  message: 'text',
  ...values,
});

const total = (counts: EventCounts): number => [...counts.all()].reduce((sum, { count }) => sum + count, 0);

test('counts events that differ in channel, provider, id or level separately', () => {
  const counts = new EventCounts();
  for (const values of [
    {},
    {},
    { channel: 'Setup' },
    { provider: 'ftdisk' },
    { eventId: 7 },
    { level: 'error' as const },
  ])
    counts.add(event(values));
  assert.deepEqual(
    [...counts.all()].map(({ channel, provider, eventId, level, count }) => [channel, provider, eventId, level, count]),
    [
      ['System', 'disk', '153', 'warning', 2],
      ['Setup', 'disk', '153', 'warning', 1],
      ['System', 'ftdisk', '153', 'warning', 1],
      ['System', 'disk', '7', 'warning', 1],
      ['System', 'disk', '153', 'error', 1],
    ],
  );
});

test('counts a provider in other letter case as the same one', () => {
  const counts = new EventCounts();
  for (const provider of ['disk', 'Disk', 'DISK']) counts.add(event({ provider }));
  assert.deepEqual(
    [...counts.all()].map(({ provider, count }) => [provider, count]),
    [['disk', 3]],
  );
});

test('counts combinations beyond the limit as ~other of their channel and level', () => {
  const counts = new EventCounts();
  for (let eventId = 0; eventId < 1500; eventId++) counts.add(event({ eventId }));
  counts.add(event({ eventId: 5 }));
  const others = [...counts.all()].filter(({ provider }) => provider === '~other');
  assert.deepEqual(others, [
    { channel: 'System', provider: '~other', eventId: '~other', level: 'warning', count: 500 },
  ]);
  assert.equal(total(counts), 1501);
});

test('is bounded for events of any number of channels, and loses none', () => {
  const counts = new EventCounts();
  for (let i = 0; i < 20_000; i++)
    counts.add(event({ channel: `Channel ${i}`, level: i % 2 === 0 ? 'info' : 'error' }));
  const all = [...counts.all()];
  assert.ok(all.length <= 1110, `${all.length}`);
  assert.equal(total(counts), 20_000);
  assert.ok(all.some(({ channel, provider }) => channel === '~other' && provider === '~other'));
});
