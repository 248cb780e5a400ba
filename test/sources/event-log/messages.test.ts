// Messages of events: the publisher's in the set language, in that of the system, or none; and the cache of publishers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PublisherMessages } from '../../../src/sources/event-log/publisher-messages.ts';
import { TextBuffer } from '../../../src/sources/event-log/text-buffer.ts';
import { EventLogFixture } from '../../helpers/event-log-fixture.ts';
import { FakeEventLog } from '../../helpers/fake-event-log.ts';

function logOf(messages: Record<string, string>): { log: FakeEventLog; event: bigint } {
  const log = new FakeEventLog();
  for (const [key, text] of Object.entries(messages)) log.messages.set(key, text);
  log.write('System', 1);
  const [event] = log.next(log.subscribe('System', '*', log.createSignal(), 'oldest'), 1);
  log.log.length = 0;
  return { log, event: event! };
}

test('takes the message of the publisher in the set locale, else in that of the system', () => {
  const { log, event } = logOf({ 'A@1033': 'english', 'A@0': 'system', 'B@0': 'system' });
  const messages = new PublisherMessages(log, 1033);
  assert.equal(messages.message('A', event, 0), 'english 1');
  assert.equal(messages.message('B', event, 0), 'system 1');
  assert.equal(new PublisherMessages(log, 0).message('A', event, 0), 'system 1');
});

test('stops asking for the set locale when the publisher has no texts in it', () => {
  for (const code of [15033, 15100, 15105, 1815]) {
    const { log, event } = logOf({ 'A@0': 'system' });
    log.messageErrors.set('A@1033', code);
    const messages = new PublisherMessages(log, 1033);
    assert.equal(messages.message('A', event, 0), 'system 1');
    log.log.length = 0;
    assert.equal(messages.message('A', event, 0), 'system 1');
    assert.deepEqual(log.log, ['formatMessage']);
  }
});

test('an event without a message of its own does not change the locale of the others', () => {
  const { log, event } = logOf({ 'A@1033': 'english', 'A@0': 'system' });
  log.messageErrors.set('A@1033', 15027);
  const messages = new PublisherMessages(log, 1033);
  assert.equal(messages.message('A', event, 0), 'system 1');
  log.messageErrors.clear();
  assert.equal(messages.message('A', event, 0), 'english 1');
});

test('opens a publisher once for all its events, whatever the letter case of its name', () => {
  const { log, event } = logOf({ 'USER32@1033': 'x' });
  const messages = new PublisherMessages(log, 1033);
  for (const name of ['USER32', 'User32', 'user32']) assert.equal(messages.message(name, event, 0), 'x 1');
  assert.equal(log.log.filter((call) => call.startsWith('openPublisher')).length, 1);
});

test('asks for a missing publisher again after ten minutes, and finds one that was installed', () => {
  const { log, event } = logOf({});
  const messages = new PublisherMessages(log, 1033);
  const opened = () => log.log.filter((call) => call.startsWith('openPublisher')).length;
  assert.equal(messages.message('A', event, 0), undefined);
  log.messages.set('A@1033', 'installed');
  for (const nowMs of [1, 1000, 599_999]) assert.equal(messages.message('A', event, nowMs), undefined);
  assert.equal(opened(), 2, 'once for each locale');
  assert.equal(messages.message('A', event, 600_000), 'installed 1');
});

test('keeps the publishers that were used last, and closes the others', () => {
  const { log, event } = logOf({ 'A@0': 'a', 'B@0': 'b', 'C@0': 'c' });
  const messages = new PublisherMessages(log, 0, 2);
  for (const name of ['A', 'B', 'A', 'C']) messages.message(name, event, 0);
  assert.deepEqual(log.publishers.sort(), ['A@0', 'C@0']);
  messages.close();
  assert.deepEqual(log.publishers, []);
});

test('a flood of unknown publishers keeps no more entries than known ones', () => {
  const { log, event } = logOf({ 'A@0': 'a' });
  const messages = new PublisherMessages(log, 0, 4);
  for (let at = 0; at < 1000; at++) messages.message(`unknown ${at}`, event, 0);
  log.log.length = 0;
  for (let at = 996; at < 1000; at++) messages.message(`unknown ${at}`, event, 0);
  assert.deepEqual(log.log, []);
  messages.message('unknown 995', event, 0);
  assert.equal(log.log.length, 1);
});

test('opens the metadata again when it became invalid with a restart of the service', () => {
  const { log } = logOf({ 'A@1033': 'english' });
  const messages = new PublisherMessages(log, 1033);
  const read = () => log.next(log.subscribe('System', '*', log.createSignal(), 'oldest'), 1)[0]!;
  assert.equal(messages.message('A', read(), 0), 'english 1');
  log.restart();
  assert.equal(messages.message('A', read(), 0), 'english 1');
});

test('the reader uses the text of the publisher, of the event, or the joined data', () => {
  const log = new FakeEventLog();
  log.write('System', 1);
  log.messages.set("O'Brien & Co@1033", 'formatted');
  const reader = new EventLogFixture(log);
  reader.turn();
  const forwarded = (data: string) =>
    `<Event><System><Provider Name='Other'/><EventID>1</EventID><EventRecordID>3</EventRecordID><Channel>System` +
    `</Channel></System><EventData><Data>${data}</Data></EventData>` +
    `<RenderingInfo Culture='en-US'><Message>own text</Message></RenderingInfo></Event>`;
  log.write('System', [
    { provider: 'O&apos;Brien &amp; Co' },
    { xml: forwarded('data').replace("'Other'", '"Other"').replaceAll('"', "'") },
    { provider: 'Other', data: 'joined' },
  ]);
  const messages = reader.turn().records.map(({ message }) => message);
  assert.deepEqual(messages, ['formatted 2', 'own text', 'joined']);
});

test('a text buffer grows to what the call needs, and refuses what never fits', () => {
  const buffer = new TextBuffer();
  const write = (text: string) =>
    buffer.fill('Call', (bytes) => {
      const needed = (text.length + 1) * 2;
      if (bytes.length < needed) return { code: 122, bytes: needed };
      bytes.write(`${text}\0`, 'utf16le');
      return { code: 0, bytes: needed };
    });
  for (const length of [0, 1, 16_383, 16_384, 100_000, 1_000_000, 5])
    assert.equal(write('é'.repeat(length)), 'é'.repeat(length));
  assert.throws(() => write('x'.repeat(2_000_000)), /Call: a text of 4000002 bytes is too large/);
  assert.throws(() => buffer.fill('Call', () => ({ code: 122, bytes: 0xffff_fffe })), /too large/);
  assert.throws(() => buffer.fill('Call', () => ({ code: 122, bytes: 0 })), /Call: buffer too small \(122\)/);
  assert.throws(() => buffer.fill('Call', (bytes) => ({ code: 0, bytes: bytes.length + 2 })), /too large/);
  assert.throws(() => buffer.fill('Call', () => ({ code: 1722, bytes: 0 })), /1722/);
});
