// Where reading of a channel starts: at the first start, after a crash, and when the stored position is of no use.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventLogFixture, numbers } from '../../helpers/event-log-fixture.ts';
import { FakeEventLog } from '../../helpers/fake-event-log.ts';

function logWith(records: number): FakeEventLog {
  const log = new FakeEventLog();
  log.write('System', records);
  return log;
}

test('starts behind the newest record at the first start, and reports that position at once', () => {
  const log = logWith(5);
  const reader = new EventLogFixture(log);
  assert.deepEqual(reader.ids(), []);
  assert.match(reader.positions['event-log/System']!, /RecordId='5'/);
  // The agent crashes before it has read anything.
  log.write('System', 2);
  assert.deepEqual(reader.restarted().ids(), [6, 7]);
});

test('reads what was written after the first start to a channel that was empty then', () => {
  const log = logWith(0);
  const reader = new EventLogFixture(log);
  reader.turn();
  log.write('System', 3);
  const next = reader.restarted();
  assert.deepEqual(next.ids(), [1, 2, 3]);
  assert.equal(next.state().skipped, 0);
});

test('continues behind the last record of the stored position', () => {
  const log = logWith(1);
  const reader = new EventLogFixture(log);
  reader.turn();
  log.write('System', 4);
  assert.deepEqual(reader.ids(), [2, 3, 4, 5]);
  log.write('System', 2);
  const next = reader.restarted();
  assert.deepEqual(next.ids(), [6, 7]);
  const { read, skipped, lag, invalidPositions } = next.state();
  assert.deepEqual({ read, skipped, lag, invalidPositions }, { read: 2, skipped: 0, lag: 0, invalidPositions: 0 });
});

test('counts the records that were overwritten while the agent was stopped', () => {
  const log = logWith(10);
  const reader = new EventLogFixture(log);
  reader.turn();
  log.write('System', 20);
  log.overwrite('System', 25);
  const next = reader.restarted();
  assert.deepEqual(next.ids(), numbers(26, 30));
  assert.equal(next.state().skipped, 15);
});

test('counts the records that were overwritten between two turns', () => {
  const log = logWith(1);
  const reader = new EventLogFixture(log);
  reader.turn();
  log.write('System', 50);
  log.overwrite('System', 40);
  assert.deepEqual(reader.ids(), numbers(41, 51));
  assert.equal(reader.state().skipped, 39);
});

test('reads a channel from its first record after it was cleared and its numbers restarted', () => {
  const log = logWith(100);
  const reader = new EventLogFixture(log);
  reader.turn();
  log.clear('System', true);
  log.write('System', 3);
  const next = reader.restarted();
  assert.deepEqual(next.ids(), [1, 2, 3]);
  assert.deepEqual([next.state().skipped, next.state().lag], [0, 0]);
});

test('reads on when the channel is cleared while the agent runs, whether or not numbers restart', () => {
  for (const restart of [true, false]) {
    const log = logWith(10);
    const reader = new EventLogFixture(log);
    reader.turn();
    log.clear('System', restart);
    reader.idsFor(20);
    log.write('System', 2);
    assert.deepEqual(reader.idsFor(20), restart ? [1, 2] : [11, 12]);
    assert.deepEqual([reader.state().skipped, reader.state().lag, reader.state().resubscribed], [0, 0, 0]);
  }
});

test('opens a subscription that is silent after its channel was cleared at the first record', () => {
  const log = logWith(10);
  const reader = new EventLogFixture(log);
  reader.turn();
  log.stick();
  log.clear('System', true);
  log.write('System', 2);
  assert.deepEqual(reader.idsFor(30), [1, 2]);
  assert.equal(reader.state().resubscribed, 1);
});

test('a malformed position is counted, explained, and replaced by that of the newest record', () => {
  const cases = [
    'nonsense',
    '{}',
    '[]',
    'null',
    '""',
    '{"xpath":"*"}',
    '{"xpath":"*","bookmark":"<BookmarkList"}',
    '{"xpath":"*","bookmark":"<BookmarkList></BookmarkList>"}',
    `{"xpath":"*","bookmark":"<BookmarkList><Bookmark Channel='System' IsCurrent='true'/></BookmarkList>"}`,
    `{"xpath":"*","bookmark":"<BookmarkList><Bookmark Channel='Other' RecordId='3'/></BookmarkList>"}`,
    `{"xpath":"*","bookmark":"<BookmarkList><Bookmark Channel='System' RecordId='-3'/></BookmarkList>"}`,
    JSON.stringify({ xpath: '*', bookmark: 'x'.repeat(20_000) }),
  ];
  for (const position of cases) {
    const log = logWith(5);
    const reader = new EventLogFixture(log, { positions: { 'event-log/System': position } });
    reader.turn();
    assert.equal(reader.state().invalidPositions, 1, position);
    assert.match(reader.state().problem!, /stored position is malformed.*began at the newest record/, position);
    assert.match(reader.positions['event-log/System']!, /RecordId='5'/, position);
    log.write('System', 1);
    assert.deepEqual(reader.ids(), [6], position);
    assert.equal(reader.state().problem, undefined, position);
  }
});

test('a bookmark that the service refuses is counted as malformed', () => {
  const log = logWith(5);
  log.badBookmark = "RecordId='2'";
  const bookmark = "<BookmarkList><Bookmark Channel='System' RecordId='2'/></BookmarkList>";
  const reader = new EventLogFixture(log, {
    positions: { 'event-log/System': JSON.stringify({ xpath: '*', bookmark }) },
  });
  reader.turn();
  assert.equal(reader.state().invalidPositions, 1);
});

test('a position of another query is not used, and is no error', () => {
  const log = logWith(5);
  const first = new EventLogFixture(log);
  first.turn();
  log.write('System', [{ matches: true }, { matches: true }]);
  const next = first.restarted({ channels: [{ channel: 'System', xpath: '*[System[Level<=2]]' }] });
  assert.deepEqual(next.ids(), []);
  assert.deepEqual([next.state().invalidPositions, next.state().problem], [0, undefined]);
  log.write('System', [{ matches: true }]);
  assert.deepEqual(next.ids(), [8]);
});

test('a channel that appears later is read from its first record', () => {
  const log = new FakeEventLog();
  const reader = new EventLogFixture(log);
  assert.deepEqual(reader.idsFor(10), []);
  assert.match(reader.state().problem!, /: no such channel \(15007\)$/);
  log.write('System', 3);
  assert.deepEqual(reader.idsFor(30), [1, 2, 3]);
  assert.equal(reader.state().problem, undefined);
});

test('moves the position of a query on when nothing matches, so that no record counts as lost', () => {
  const log = logWith(5);
  const channels = [{ channel: 'System', xpath: '*[System[Level=1]]' }];
  const reader = new EventLogFixture(log, { channels });
  reader.turn();
  log.write('System', 40);
  reader.idsFor(130);
  assert.equal(reader.state().lag, 0);
  log.overwrite('System', 30);
  log.write('System', [{ matches: true }]);
  const next = reader.restarted({ channels });
  assert.deepEqual(next.ids(), [46]);
  assert.deepEqual([next.state().skipped, next.state().resubscribed, reader.state().resubscribed], [0, 0, 0]);
});
