// Turns of the reader: a share for each channel, limits of time and size, and what is left for the next turn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventLogFixture, numbers } from '../../helpers/event-log-fixture.ts';
import { FakeEventLog } from '../../helpers/fake-event-log.ts';

const all = (channel: string) => ({ channel, xpath: '*' });

test('one busy channel does not keep nine others waiting', () => {
  const log = new FakeEventLog();
  const channels = ['Busy', ...numbers(1, 9).map((at) => `Quiet ${at}`)];
  for (const channel of channels) log.write(channel, 1);
  const reader = new EventLogFixture(log, { channels: channels.map(all) });
  reader.turn();
  log.write('Busy', 5000);
  for (const channel of channels.slice(1)) log.write(channel, 2);
  const { records, more } = reader.turn();
  assert.equal(records.length, 1000);
  assert.equal(more, true);
  for (const channel of channels.slice(1))
    assert.deepEqual(
      records.filter((record) => record.channel === channel).map(({ recordId }) => recordId),
      ['2', '3'],
      channel,
    );
});

test('channels that all have many records get the same share of each batch', () => {
  const log = new FakeEventLog();
  const channels = numbers(1, 10).map((at) => `Channel ${at}`);
  for (const channel of channels) log.write(channel, 1);
  const reader = new EventLogFixture(log, { channels: channels.map(all) });
  reader.turn();
  for (const channel of channels) log.write(channel, 1000);
  const counts = new Map<string, number>();
  for (let turn = 0; turn < 5; turn++)
    for (const { channel } of reader.turn().records) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  const shares = channels.map((channel) => counts.get(channel) ?? 0);
  assert.ok(Math.max(...shares) - Math.min(...shares) <= 64, shares.join());
});

test('the position covers what the batch holds, and no event that is left for the next one', () => {
  const log = new FakeEventLog();
  log.write('System', 1);
  const reader = new EventLogFixture(log);
  reader.turn();
  log.write('System', 300);
  // The time of the turn is over after some events.
  reader.stepMs = 2;
  const read: number[] = [];
  while (read.length < 300) {
    const { records, batch } = reader.turn();
    assert.ok(records.length > 0 && records.length < 64, `${records.length} records`);
    read.push(...records.map(({ recordId }) => Number(recordId)));
    assert.match(batch.positions['event-log/System']!, new RegExp(`RecordId='${read.at(-1)}'`));
  }
  assert.deepEqual(read, numbers(2, 301));
});

test('a turn without time reads one event, so that the reader is never stopped', () => {
  const log = new FakeEventLog();
  log.write('System', 1);
  const reader = new EventLogFixture(log);
  reader.turn();
  log.write('System', 3);
  assert.deepEqual(
    reader.turn(250, 0).records.map(({ recordId }) => recordId),
    ['2'],
  );
});

test('a batch ends at a million characters of messages', () => {
  const log = new FakeEventLog();
  log.write('System', 1);
  const reader = new EventLogFixture(log);
  reader.turn();
  log.write(
    'System',
    Array.from({ length: 100 }, () => ({ data: 'x'.repeat(60_000) })),
  );
  const first = reader.turn();
  assert.equal(first.records.length, 18);
  assert.equal(first.more, true);
  const rest = Array.from({ length: 6 }, () => reader.turn().records.length);
  assert.equal(first.records.length + rest.reduce((sum, count) => sum + count), 100);
});

test('without events a turn makes no call of the service', () => {
  const log = new FakeEventLog();
  log.write('System', 1);
  const reader = new EventLogFixture(log);
  reader.turn();
  log.log.length = 0;
  reader.turn();
  assert.deepEqual(log.log, []);
});

test('each channel has one signal, which is set while there are events', () => {
  const log = new FakeEventLog();
  for (const channel of ['System', 'Application']) log.write(channel, 1);
  const reader = new EventLogFixture(log, { channels: [all('System'), all('Application')] });
  const [system, application] = reader.reader.signals();
  reader.turn();
  assert.deepEqual([log.isSet(system!), log.isSet(application!)], [false, false]);
  log.write('Application', 1);
  assert.deepEqual([log.isSet(system!), log.isSet(application!)], [false, true]);
  reader.turn();
  assert.deepEqual([log.isSet(system!), log.isSet(application!)], [false, false]);
});
