// The last messages in shared memory: order, limits, and another thread's view.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecentMessages } from '../../src/base/recent-messages.ts';

test('lists messages from the oldest to the newest for another reader of the same memory', () => {
  const messages = new RecentMessages();
  messages.note('first');
  messages.note('Zweitens: größer');
  assert.deepEqual(new RecentMessages(messages.shared).list(), ['first', 'Zweitens: größer']);
});

test('keeps the last 32 messages', () => {
  const messages = new RecentMessages();
  for (let i = 1; i <= 100; i++) messages.note(`message ${i}`);
  const kept = messages.list();
  assert.equal(kept.length, 32);
  assert.deepEqual([kept[0], kept.at(-1)], ['message 69', 'message 100']);
});

test('cuts a long text between two characters and does not change its neighbours', () => {
  const messages = new RecentMessages();
  messages.note('before');
  messages.note('é'.repeat(5000));
  messages.note('after');
  const [before, long, after] = messages.list();
  assert.deepEqual([before, after], ['before', 'after']);
  assert.equal(long, 'é'.repeat(191));
});
