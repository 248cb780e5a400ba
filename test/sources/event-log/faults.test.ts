// What the reader does when the Event Log service fails: restarts, silence, batches that are too large, refusals.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventLogFixture, numbers } from '../../helpers/event-log-fixture.ts';
import { FakeEventLog } from '../../helpers/fake-event-log.ts';

const OVERSIZED = 'larger than EvtNext returns';

function started(log = new FakeEventLog(), records = 1): EventLogFixture {
  log.write('System', records);
  const reader = new EventLogFixture(log);
  reader.turn();
  return reader;
}

test('reads everything once after the service was away, whatever its calls return', () => {
  for (const code of [6, 1702, 1722, 1726, 1727, 1753, 1775, 1115, 1062]) {
    const reader = started();
    reader.log.down = code;
    reader.log.write('System', 3);
    assert.deepEqual(reader.idsFor(20), []);
    assert.match(reader.state().problem!, new RegExp(`\\(${code}\\)|error ${code}`), `${code}`);
    reader.log.restart();
    reader.log.write('System', 2);
    assert.deepEqual(reader.idsFor(60), numbers(2, 6), `${code}`);
    const { problem, resubscribed, lag, skipped } = reader.state();
    assert.deepEqual(
      { problem, resubscribed, lag, skipped },
      { problem: undefined, resubscribed: 1, lag: 0, skipped: 0 },
    );
  }
});

test('finds invalid handles after a restart of the service that it did not see', () => {
  const reader = started();
  reader.log.restart();
  reader.log.write('System', 2);
  assert.deepEqual(reader.idsFor(20), [2, 3]);
  assert.equal(reader.state().resubscribed, 1);
});

test('waits longer after each failed attempt, up to five minutes', () => {
  const reader = started();
  reader.log.down = 1722;
  reader.log.write('System', 1);
  reader.idsFor(3600);
  const attempts = reader.log.log.filter((call) => call.startsWith('subscribe')).length;
  // 1, 2, 4, ... 256, 300 s: nine attempts within nine minutes, then one every five minutes.
  assert.ok(attempts >= 18 && attempts <= 22, `${attempts} attempts`);
});

test('a clock that jumps by hours causes no more than one check', () => {
  const reader = started();
  const before = reader.log.log.length;
  reader.turn(7 * 3_600_000);
  assert.deepEqual(reader.log.log.slice(before), ['range System']);
  assert.equal(reader.state().resubscribed, 0);
});

test('reads records for which the service has set no signal', () => {
  const reader = started();
  reader.log.isSilent = true;
  reader.log.write('System', 3);
  assert.deepEqual(reader.idsFor(6), [2, 3, 4]);
  assert.equal(reader.state().resubscribed, 0);
});

test('opens a subscription again that returns nothing although there are new records', () => {
  const reader = started();
  reader.log.stick();
  reader.log.write('System', 3);
  assert.deepEqual(reader.idsFor(4), []);
  reader.turn(2000);
  assert.equal(reader.state().lag, 3);
  assert.deepEqual(reader.idsFor(15), [2, 3, 4]);
  const { lag, resubscribed, problem } = reader.state();
  assert.deepEqual({ lag, resubscribed, problem }, { lag: 0, resubscribed: 1, problem: undefined });
});

test('finds the matching records of a silent subscription with a query', () => {
  const log = new FakeEventLog();
  log.write('System', 1);
  const reader = new EventLogFixture(log, { channels: [{ channel: 'System', xpath: '*[System[Level=1]]' }] });
  reader.turn();
  log.stick();
  log.write('System', [{}, { matches: true }, {}]);
  assert.deepEqual(reader.idsFor(70), [3]);
  assert.equal(reader.state().resubscribed, 1);
});

test('does not take back pressure for silence', () => {
  const reader = started();
  reader.log.write('System', 10);
  assert.deepEqual(reader.ids(600_000), numbers(2, 11));
  reader.log.write('System', 10);
  assert.deepEqual(reader.ids(600_000), numbers(12, 21));
  assert.equal(reader.state().resubscribed, 0);
});

test('asks for fewer events after a batch that was too large, and reads each event once', () => {
  const reader = started();
  reader.log.mostEvents = 10;
  reader.log.write('System', 100);
  assert.deepEqual(reader.idsFor(1), numbers(2, 101));
  const { dropped, skipped, resubscribed } = reader.state();
  assert.deepEqual({ dropped, skipped, resubscribed }, { dropped: {}, skipped: 0, resubscribed: 0 });
});

test('asks for 64 events again after batches of large events', () => {
  const reader = started();
  reader.log.mostEvents = 10;
  reader.log.write('System', 100);
  reader.idsFor(1);
  reader.log.mostEvents = 64;
  reader.log.write('System', 500);
  reader.idsFor(1);
  reader.log.log.length = 0;
  reader.log.write('System', 10);
  assert.deepEqual(reader.ids(), numbers(602, 611));
  assert.equal(
    reader.log.log.find((call) => call.startsWith('next')),
    'next 64',
  );
});

test('leaves out and counts a single event that is too large, wherever it is', () => {
  for (const at of [0, 1, 70, 99]) {
    for (const staysAtOversized of [false, true]) {
      const reader = started();
      reader.log.staysAtOversized = staysAtOversized;
      reader.log.write(
        'System',
        Array.from({ length: 100 }, (_, index) => ({ isOversized: index === at })),
      );
      const expected = numbers(2, 101).filter((id) => id !== at + 2);
      assert.deepEqual(reader.idsFor(60), expected, `${at} ${staysAtOversized}`);
      const { dropped, skipped, lag, resubscribed } = reader.state();
      assert.deepEqual(
        { dropped, skipped, lag, resubscribed },
        { dropped: { [OVERSIZED]: 1 }, skipped: 0, lag: 0, resubscribed: 0 },
        `${at} ${staysAtOversized}`,
      );
      reader.log.write('System', 1);
      assert.deepEqual(reader.restarted().ids(), [102], `${at} ${staysAtOversized}`);
    }
  }
});

test('counts each of several oversized events in a row', () => {
  for (const xpath of ['*', '*[System[Level=1]]']) {
    const log = new FakeEventLog();
    log.write('System', [{ matches: true }]);
    const reader = new EventLogFixture(log, { channels: [{ channel: 'System', xpath }] });
    reader.turn();
    log.write(
      'System',
      Array.from({ length: 20 }, (_, at) => ({ isOversized: at > 4 && at < 9, matches: true })),
    );
    assert.deepEqual(reader.idsFor(10), [...numbers(2, 6), ...numbers(11, 21)], xpath);
    assert.deepEqual([reader.state().dropped, reader.state().skipped], [{ [OVERSIZED]: 4 }, 0], xpath);
  }
});

test('one event that cannot be rendered costs only itself', () => {
  for (const code of [13, 15005, 1722, 6]) {
    const reader = started();
    reader.log.write('System', [{}, { renderError: code }, {}, { isTooLarge: true }, { xml: '<Event garbage' }, {}]);
    assert.deepEqual(reader.idsFor(20), [2, 4, 7], `${code}`);
    const dropped = { 'refused by the Event Log service': 1, 'text too large': 1, malformed: 1 };
    const state = reader.state();
    assert.deepEqual([state.dropped, state.read, state.lag, state.skipped], [dropped, 6, 0, 0], `${code}`);
  }
});

test('a refused or unknown channel and a wrong query are retried and cost no other channel', () => {
  const log = new FakeEventLog();
  log.write('System', 1);
  log.write('Application', 1);
  log.write('Security', 1);
  log.refused.set('Security', 5);
  log.wrongQueries.set('*[System[', 'The specified query is invalid at position 10');
  const reader = new EventLogFixture(log, {
    channels: [
      { channel: 'Security', xpath: '*' },
      { channel: 'No such channel', xpath: '*' },
      { channel: 'Application', xpath: '*[System[' },
      { channel: 'System', xpath: '*' },
    ],
  });
  reader.turn();
  for (const channel of ['Security', 'Application', 'System']) log.write(channel, 2);
  assert.deepEqual(reader.ids(), [2, 3]);
  const { problem, code } = reader.state('Security');
  assert.deepEqual([problem, code], ['EvtQuery: access denied (5)', 5]);
  assert.equal(reader.state('No such channel').problem, 'EvtQuery: no such channel (15007)');
  assert.equal(
    reader.state('Application').problem,
    'EvtSubscribe: invalid query (15001): The specified query is invalid at position 10',
  );
  assert.equal(reader.state('System').problem, undefined);
  log.refused.clear();
  log.wrongQueries.clear();
  reader.idsFor(10);
  for (const channel of ['Security', 'Application']) {
    const { problem, code } = reader.state(channel);
    assert.deepEqual([problem, code], [undefined, undefined], channel);
  }
});

test('closes each handle, also after faults', () => {
  const reader = started();
  reader.log.mostEvents = 3;
  reader.log.write(
    'System',
    Array.from({ length: 30 }, (_, at) => ({ isOversized: at === 7, isTooLarge: at === 9 })),
  );
  reader.idsFor(5);
  reader.log.down = 1722;
  reader.log.write('System', 5);
  reader.idsFor(5);
  reader.log.restart();
  reader.stepMs = 20;
  reader.log.write('System', 50);
  reader.turn();
  reader.reader.close();
  assert.equal(reader.log.handles, 0);
});
