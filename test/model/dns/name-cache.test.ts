// Names of addresses: replacement, expiry and limits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NameCache } from '../../../src/model/dns/name-cache.ts';

test('keeps the name of the last answer, expires idle names and limits their number', () => {
  const names = new NameCache();
  names.learn(['10.0.0.1'], 'a', false, 0);
  names.learn(['10.0.0.1'], 'b', false, 1);
  assert.equal(names.nameOf('10.0.0.1')?.fqdn, 'b');
  names.learn(['10.0.0.2'], 'c', false, 50 * 60_000);
  names.expire(70 * 60_000);
  assert.deepEqual([names.nameOf('10.0.0.1'), names.nameOf('10.0.0.2')?.fqdn], [undefined, 'c']);
  for (let i = 0; i < 100_000; i++)
    names.learn([`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}x`], 'd', false, 80 * 60_000 + i);
  assert.ok(names.size <= 32_768);
  assert.equal(names.nameOf('10.1.134.159x')?.fqdn, 'd');
});

const HOUR_MS = 3_600_000;
const all = (names: NameCache) =>
  [...names.all()].map(({ ip, fqdn, sharedName }) => `${ip} ${fqdn}${sharedName ? ' shared' : ''}`);

test('keeps the object of a name until it is replaced, and changes the generation then', () => {
  const names = new NameCache();
  names.learn(['10.0.0.1', '10.0.0.2'], 'a', false, 0);
  const [first, generation] = [names.nameOf('10.0.0.1')!, names.generation];
  first.connected = true;
  names.learn(['10.0.0.1'], 'a', false, 10);
  names.learn(['10.0.0.1'], 'a', false, 5);
  assert.deepEqual([names.nameOf('10.0.0.1') === first, first.usedMonoMs, names.generation], [true, 10, generation]);
  names.learn(['10.0.0.1'], 'a', true, 20);
  const second = names.nameOf('10.0.0.1')!;
  assert.deepEqual(
    [first.removed, second.removed, second.sharedName, second.connected, second.usedMonoMs],
    [true, false, true, true, 20],
  );
  assert.ok(names.generation > generation);
  assert.equal(names.nameOf('10.0.0.2')?.connected, false);
  assert.deepEqual([all(names), names.size], [['10.0.0.2 a', '10.0.0.1 a shared'], 2]);
});

test('removes a name an hour after its last use, not before, and changes the generation', () => {
  const names = new NameCache();
  names.learn(['10.0.0.1', '10.0.0.2'], 'a', false, 0);
  const [one, two] = [names.nameOf('10.0.0.1')!, names.nameOf('10.0.0.2')!];
  one.usedMonoMs = 5;
  const { generation } = names;
  names.expire(HOUR_MS);
  assert.deepEqual([names.size, names.generation], [2, generation]);
  names.expire(HOUR_MS + 1);
  assert.deepEqual([names.size, one.removed, two.removed, names.evicted], [1, false, true, 0]);
  assert.ok(names.generation > generation);
  assert.equal(names.nameOf('10.0.0.2'), undefined);
});

test('takes from the last answer whether a name is shared by several addresses', () => {
  const names = new NameCache();
  assert.equal(names.isSharedName('a'), false);
  names.learn(['1.1.1.1', '1.1.1.2'], 'a', true, 0);
  assert.equal(names.isSharedName('a'), true);
  names.learn(['1.1.1.1'], 'a', false, 1);
  assert.equal(names.isSharedName('a'), false);
  // The limit is that of addresses; the name that was learned last stays.
  names.learn([], 'kept', true, 2);
  names.learn([], 'lost', true, 2);
  for (let i = 0; i < 32_766; i++) names.learn([], `n${i}`, true, 3);
  assert.deepEqual([names.isSharedName('kept'), names.isSharedName('lost')], [true, true]);
  names.learn([], 'kept', true, 4);
  names.learn([], 'one more', true, 4);
  assert.deepEqual(
    [names.isSharedName('kept'), names.isSharedName('lost'), names.isSharedName('one more')],
    [true, false, true],
  );
});

test('evicts and counts the least recently used sixteenth if the cache is full', () => {
  const names = new NameCache();
  const ip = (i: number) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
  for (let i = 0; i < 32_768; i++) names.learn([ip(i)], 'a', false, 1_000_000 - i);
  names.learn([ip(5)], 'b', false, 1_000_000);
  assert.deepEqual([names.size, names.evicted], [32_768, 0]);
  const oldest = names.nameOf(ip(32_767))!;
  names.learn(['192.0.2.1'], 'c', false, 0);
  assert.deepEqual([names.size, names.evicted, oldest.removed], [32_768 - 2048 + 1, 2048, true]);
  assert.deepEqual(
    [names.nameOf(ip(32_767 - 2047)), names.nameOf(ip(32_767 - 2048))?.fqdn, names.nameOf('192.0.2.1')?.fqdn],
    [undefined, 'a', 'c'],
  );
});
