// The recent messages: order, bounds that containers share, and listeners.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecentMessage } from '../../../src/model/logs/recent-message.ts';
import { RecentMessages } from '../../../src/model/logs/recent-messages.ts';

const message = (containerId: string, body = 'x', more: Partial<RecentMessage> = {}): RecentMessage => ({
  seq: 0,
  containerId,
  containerName: containerId,
  source: 'EventLog',
  level: 'info',
  body,
  hash: '',
  atMs: 0,
  nanoseconds: 0,
  attributes: {},
  event: undefined,
  traceId: undefined,
  spanId: undefined,
  ...more,
});

const bodies = (messages: readonly RecentMessage[]): string[] => messages.map(({ body }) => body);
const all = (recent: RecentMessages): string[] => bodies(recent.after(0));

test('numbers messages of all containers in their order of arrival', () => {
  const recent = new RecentMessages();
  for (const [id, body] of [
    ['/win/a', '1'],
    ['/win/b', '2'],
    ['', '3'],
    ['/win/a', '4'],
  ] as const)
    recent.add(message(id, body));
  assert.deepEqual(
    recent.after(0).map(({ seq, body }) => [seq, body]),
    [
      [1, '1'],
      [2, '2'],
      [3, '3'],
      [4, '4'],
    ],
  );
  assert.deepEqual(bodies(recent.after(2)), ['3', '4']);
  assert.deepEqual([bodies(recent.after(4)), recent.lastSeq], [[], 4]);
});

test('selects the newest messages that the filter accepts, oldest first', () => {
  const recent = new RecentMessages();
  for (let i = 1; i <= 6; i++) recent.add(message(i % 2 ? '/win/a' : '/win/b', String(i)));
  const ofA = ({ containerId }: RecentMessage) => containerId === '/win/a';
  assert.deepEqual(bodies(recent.select(ofA, 2)), ['3', '5']);
  assert.deepEqual(bodies(recent.select(ofA, 9)), ['1', '3', '5']);
  assert.deepEqual(recent.select(ofA, 0), []);
});

test('evicts messages of the container with the most, whatever container adds the next one', () => {
  const recent = new RecentMessages({ messages: 10, bytes: 1e6 });
  for (const id of ['/win/a', '/win/b']) recent.add(message(id, `${id} first`));
  for (let i = 0; i < 1000; i++) recent.add(message('/win/noisy', String(i)));
  recent.add(message('/win/c', 'late'));
  assert.deepEqual(all(recent), [
    '/win/a first',
    '/win/b first',
    ...[993, 994, 995, 996, 997, 998, 999].map(String),
    'late',
  ]);
  assert.deepEqual([recent.size, recent.evicted, recent.lastSeq], [10, 993, 1003]);
});

test('evicts by bytes, so that few long messages do not evict many short ones', () => {
  const recent = new RecentMessages({ messages: 1000, bytes: 100_000 });
  for (let i = 0; i < 20; i++) recent.add(message('/win/short', `s${i}`));
  for (let i = 0; i < 20; i++) recent.add(message('/win/long', `${i} ${'x'.repeat(20_000)}`));
  assert.ok(recent.bytes <= 100_000);
  assert.equal(recent.select(({ containerId }) => containerId === '/win/short', 100).length, 20);
  assert.equal(recent.select(({ containerId }) => containerId === '/win/long', 100).length, 4);
});

test('counts two bytes for each character of texts beyond Latin-1, and the bytes of attributes', () => {
  const bytesOf = (each: RecentMessage): number => {
    const recent = new RecentMessages();
    recent.add(each);
    return recent.bytes;
  };
  const plain = bytesOf(message('', 'x'.repeat(1000)));
  assert.equal(bytesOf(message('', 'ж'.repeat(1000))) - plain, 1000);
  assert.ok(bytesOf(message('', 'x'.repeat(1000), { attributes: { name: 'y'.repeat(500) } })) - plain > 500);
});

test('evicts the oldest message of all if containers have equal shares', () => {
  const recent = new RecentMessages({ messages: 3, bytes: 1e6 });
  for (let i = 0; i < 5; i++) recent.add(message(`/win/${i}`, String(i)));
  assert.deepEqual(all(recent), ['2', '3', '4']);
});

test('keeps no message that is larger than the bounds, and passes it to listeners', () => {
  const recent = new RecentMessages({ messages: 10, bytes: 1000 });
  const heard: number[] = [];
  recent.subscribe(({ seq }) => heard.push(seq));
  recent.add(message('/win/a', 'x'.repeat(2000)));
  assert.deepEqual([recent.size, recent.bytes, recent.evicted, heard], [0, 0, 1, [1]]);
});

test('bytes return to zero after many additions and evictions', () => {
  const recent = new RecentMessages({ messages: 50, bytes: 50_000 });
  for (let i = 0; i < 5000; i++) recent.add(message(`/win/${i % 7}`, 'x'.repeat((i * 37) % 900)));
  assert.ok(recent.size <= 50 && recent.bytes <= 50_000);
  assert.equal(recent.after(0).length, recent.size);
  const seqs = recent.after(0).map(({ seq }) => seq);
  assert.deepEqual(
    seqs,
    [...seqs].sort((a, b) => a - b),
  );
  assert.equal(recent.evicted, 5000 - recent.size);
});

test('calls each listener until it is unsubscribed, also one that subscribed twice', () => {
  const recent = new RecentMessages();
  const heard: string[] = [];
  const listener = ({ body }: RecentMessage) => void heard.push(body);
  const first = recent.subscribe(listener);
  const second = recent.subscribe(listener);
  recent.add(message('/win/a', '1'));
  first();
  first();
  recent.add(message('/win/a', '2'));
  second();
  recent.add(message('/win/a', '3'));
  assert.deepEqual(heard, ['1', '1', '2']);
});
