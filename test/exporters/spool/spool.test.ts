// The spool keeps payloads in order, over restarts, within its limit.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import type { Payload } from '../../../src/exporters/payload.ts';
import { ALL, HEADER, numbersIn, openSpool, payloadOf, temporaryFolder } from './support.ts';

const one = (items: number) => ({ payloads: 1, items });

test('returns payloads in the order in which they were added, with all their fields', async () => {
  using folder = temporaryFolder();
  const spool = openSpool(folder.path);
  const queue = spool.queue('logs');
  const payloads: Payload[] = [
    payloadOf(7, { kind: 'logs', encoding: 'gzip', body: Buffer.from([1, 2, 3]) }),
    payloadOf(8, { kind: 'traces', encoding: 'zstd', body: Buffer.alloc(300_000, 'x') }),
    payloadOf(9, { kind: 'profiles', encoding: 'identity', body: Buffer.alloc(0) }),
    payloadOf(10, { oldestMs: 5, newestMs: 6 }),
  ];
  for (const payload of payloads) await queue.append(payload);
  const found = await queue.first(ALL);
  assert.deepEqual(
    found.map(({ payload }) => ({ ...payload, body: Buffer.from(payload.body) })),
    payloads,
  );
  const seqs = found.map(({ seq }) => seq);
  assert.deepEqual([...new Set(seqs)].sort(), seqs);
  assert.deepEqual(queue.size(), { payloads: 4, items: 34, bytes: 4 * HEADER + 300_003 + 10, oldestMs: 5 });
  await spool.close();
});

test('writes the documented file, readable by the owner only', async () => {
  using folder = temporaryFolder();
  const spool = openSpool(join(folder.path, 'data', 'spool'));
  await spool.queue('metrics').append(payloadOf(1500, { body: Buffer.from('abc'), oldestMs: 1000, newestMs: 2000 }));
  const path = join(folder.path, 'data', 'spool', 'metrics', '0000000000000001-1500-1000.payload');
  const header = Buffer.alloc(40);
  header.write('COROOTSP', 'latin1');
  header.writeUInt16LE(1, 8);
  header[10] = 1;
  header[11] = 1;
  header.writeUInt32LE(1500, 16);
  header.writeUInt32LE(3, 20);
  header.writeDoubleLE(1000, 24);
  header.writeDoubleLE(2000, 32);
  header.writeUInt32LE(crc32(Buffer.concat([Buffer.from('abc'), header])), 12);
  assert.deepEqual(readFileSync(path), Buffer.concat([header, Buffer.from('abc')]));
  if (process.platform !== 'win32') {
    assert.equal(statSync(path).mode & 0o777, 0o600);
    for (const name of ['', 'metrics', 'rejected'])
      assert.equal(statSync(join(folder.path, 'data', 'spool', name)).mode & 0o777, 0o700);
  }
  await spool.close();
});

test('limits what it returns by payloads and bytes, but returns at least one', async () => {
  using folder = temporaryFolder();
  const spool = openSpool(folder.path);
  const queue = spool.queue('metrics');
  for (const number of [1, 2, 3, 4]) await queue.append(payloadOf(number, { body: Buffer.alloc(100) }));
  const counts = async (maxPayloads: number, maxBytes: number) =>
    (await queue.first({ maxPayloads, maxBytes })).map(({ payload }) => payload.count);
  assert.deepEqual(await counts(3, 1000), [1, 2, 3]);
  assert.deepEqual(await counts(10, 200), [1, 2]);
  assert.deepEqual(await counts(10, 199), [1]);
  assert.deepEqual(await counts(10, 1), [1]);
  assert.deepEqual(await counts(0, 1000), []);
  await spool.close();
});

test('continues after a restart with payloads and numbers, also when no file is left', async () => {
  using folder = temporaryFolder();
  const seqs: number[] = [];
  for (const round of [1, 2, 3]) {
    const spool = openSpool(folder.path);
    const queue = spool.queue('metrics');
    await queue.append(payloadOf(round * 10));
    await queue.append(payloadOf(round * 10 + 1));
    const found = await queue.first(ALL);
    seqs.push(...found.map(({ seq }) => seq));
    if (round === 2) {
      assert.deepEqual(await numbersIn(spool), [10, 11, 20, 21]);
      assert.deepEqual(queue.totals().recovered, { payloads: 2, items: 21 });
    }
    if (round === 3) assert.deepEqual(await numbersIn(spool), [30, 31]);
    if (round !== 1) await queue.remove(found.map(({ seq }) => seq));
    await spool.close();
  }
  assert.deepEqual(
    [...new Set(seqs)].sort((a, b) => a - b),
    [...new Set(seqs)],
  );
  assert.equal(new Set(seqs).size, 6);
});

test('puts payloads that are added before the folder was read after those on disk', async () => {
  using folder = temporaryFolder();
  const before = openSpool(folder.path);
  for (const number of [1, 2]) await before.queue('metrics').append(payloadOf(number));
  await before.close();
  const spool = openSpool(folder.path);
  const queue = spool.queue('metrics');
  void queue.append(payloadOf(3));
  void queue.append(payloadOf(4));
  assert.equal(spool.status().isOpen, false);
  assert.deepEqual(await numbersIn(spool), [1, 2, 3, 4]);
  assert.equal(spool.status().isOpen, true);
  await spool.close();
});

test('counts and deletes the oldest of all queues when the limit is reached', async () => {
  using folder = temporaryFolder();
  const size = HEADER + 100;
  const body = Buffer.alloc(100);
  const spool = openSpool(folder.path, { maxBytes: 3 * size });
  const [metrics, logs] = [spool.queue('metrics'), spool.queue('logs')];
  await logs.append(payloadOf(1, { body }));
  await metrics.append(payloadOf(2, { body }));
  await metrics.append(payloadOf(3, { body }));
  await metrics.append(payloadOf(4, { body }));
  await metrics.append(payloadOf(5, { body }));
  assert.deepEqual(await numbersIn(spool, 'logs'), []);
  assert.deepEqual(await numbersIn(spool), [3, 4, 5]);
  assert.deepEqual(logs.totals().dropped, new Map([['spool_full', one(1)]]));
  assert.deepEqual(metrics.totals().dropped, new Map([['spool_full', one(2)]]));
  assert.equal(spool.status().diskBytes, 3 * size);
  await spool.close();
});

test('deletes rejected payloads before others, and counts them by destination', async () => {
  using folder = temporaryFolder();
  const body = Buffer.alloc(100);
  const spool = openSpool(folder.path, { maxBytes: 3 * (HEADER + 100) });
  const queue = spool.queue('metrics');
  for (const number of [1, 2, 3]) await queue.append(payloadOf(number, { body }));
  const [, , third] = await queue.first(ALL);
  await queue.setAside(third!, 'out_of_order');
  assert.equal(spool.status().rejectedPayloads, 1);
  assert.equal(readdirSync(join(folder.path, 'rejected')).length, 1);
  await queue.append(payloadOf(4, { body }));
  assert.equal(spool.status().rejectedPayloads, 0);
  assert.deepEqual(readdirSync(join(folder.path, 'rejected')), []);
  assert.deepEqual(await numbersIn(spool), [1, 2, 4]);
  const { setAside, dropped, rejectedDropped } = queue.totals();
  assert.deepEqual(setAside, new Map([['out_of_order', one(3)]]));
  assert.deepEqual(dropped, new Map());
  assert.deepEqual(rejectedDropped, new Map([['spool_full', one(3)]]));
  await spool.close();
});

for (const maxBytes of [0, 1, HEADER + 99])
  test(`sends the newest payload from memory with a limit of ${maxBytes} bytes, and says so`, async () => {
    using folder = temporaryFolder();
    const messages: string[] = [];
    const spool = openSpool(folder.path, { maxBytes, log: (level, message) => messages.push(`${level} ${message}`) });
    const queue = spool.queue('metrics');
    const body = Buffer.alloc(100);
    await queue.append(payloadOf(1, { body }));
    assert.match(spool.status().problem, /is too small for one payload .*raise max-spool-size/);
    assert.equal(spool.status().diskBytes, 0);
    const [sent] = await queue.first(ALL);
    assert.equal(sent?.payload.count, 1);
    // The first one is being sent.
    await queue.append(payloadOf(2, { body }));
    await queue.append(payloadOf(3, { body }));
    assert.deepEqual(queue.totals().dropped, new Map([['spool_full', one(2)]]));
    await queue.remove([sent!.seq]);
    assert.deepEqual(await numbersIn(spool), [3]);
    await spool.close();
    const dropped: [string, { payloads: number; items: number }][] = [
      ['spool_full', one(2)],
      ['closed', one(3)],
    ];
    assert.deepEqual([...queue.totals().dropped], dropped);
    assert.equal(messages.length, 1);
    assert.match(messages[0]!, /^warn .*is too small for one payload/);
  });

test('keeps a payload larger than the limit in order, and evicts nothing for it', async () => {
  using folder = temporaryFolder();
  const spool = openSpool(folder.path, { maxBytes: 1000 });
  const queue = spool.queue('metrics');
  await queue.append(payloadOf(1));
  await queue.append(payloadOf(2, { body: Buffer.alloc(1001 - HEADER) }));
  await queue.append(payloadOf(3));
  assert.deepEqual(await numbersIn(spool), [1, 2, 3]);
  assert.deepEqual(queue.totals().dropped, new Map());
  await spool.close();
});

test('says that the limit was reached until a payload is written without deleting another', async () => {
  using folder = temporaryFolder();
  const messages: string[] = [];
  const body = Buffer.alloc(100);
  const log = (level: string, message: string): number => messages.push(`${level} ${message}`);
  const spool = openSpool(folder.path, { maxBytes: 2 * (HEADER + 100), log });
  const queue = spool.queue('metrics');
  for (const number of [1, 2]) await queue.append(payloadOf(number, { body }));
  assert.equal(spool.status().problem, '');
  for (const number of [3, 4]) await queue.append(payloadOf(number, { body }));
  assert.match(spool.status().problem, /is full, and the oldest payloads are dropped.*raise max-spool-size/);
  assert.equal(messages.length, 1);
  await queue.remove((await queue.first(ALL)).map(({ seq }) => seq));
  await queue.append(payloadOf(5, { body }));
  assert.equal(spool.status().problem, '');
  await spool.close();
});

test('a folder below /proc, which no call can create, is a problem and not an endless call', {
  skip: process.platform !== 'linux' && '/proc is a folder of Linux',
  timeout: 10_000,
}, async () => {
  const spool = openSpool('/proc/no-such-folder/spool');
  await spool.queue('metrics').append(payloadOf(1));
  assert.match(spool.status().problem, /cannot be used: ENOENT/);
  assert.deepEqual(await numbersIn(spool), [1]);
  await spool.close();
});

test('respects a smaller limit at once after a restart', async () => {
  using folder = temporaryFolder();
  const before = openSpool(folder.path);
  const body = Buffer.alloc(100);
  for (const number of [1, 2, 3, 4]) await before.queue('metrics').append(payloadOf(number, { body }));
  await before.close();
  const spool = openSpool(folder.path, { maxBytes: 2 * (HEADER + 100) });
  assert.deepEqual(await numbersIn(spool), [3, 4]);
  assert.deepEqual(spool.queue('metrics').totals().dropped, new Map([['spool_full', { payloads: 2, items: 3 }]]));
  await spool.close();
});

test('does not delete what is being sent: drops a new payload if there is no other', async () => {
  using folder = temporaryFolder();
  const body = Buffer.alloc(100);
  const spool = openSpool(folder.path, { maxBytes: 3 * (HEADER + 100) });
  const queue = spool.queue('metrics');
  for (const number of [1, 2, 3]) await queue.append(payloadOf(number, { body }));
  const sent = await queue.first({ maxPayloads: 2, maxBytes: 1000 });
  await queue.append(payloadOf(4, { body }));
  await queue.append(payloadOf(5, { body }));
  assert.deepEqual(queue.totals().dropped, new Map([['spool_full', { payloads: 2, items: 3 + 4 }]]));
  await queue.first(ALL);
  await queue.append(payloadOf(6, { body }));
  assert.deepEqual(queue.totals().dropped, new Map([['spool_full', { payloads: 3, items: 3 + 4 + 6 }]]));
  await queue.remove(sent.map(({ seq }) => seq));
  await queue.remove(sent.map(({ seq }) => seq));
  assert.deepEqual(queue.totals().removed, { payloads: 2, items: 3 });
  await queue.append(payloadOf(7, { body }));
  assert.deepEqual(await numbersIn(spool), [5, 7]);
  await spool.close();
});

test('a sender waits for a payload without polling, and is woken by the signal', async () => {
  using folder = temporaryFolder();
  const spool = openSpool(folder.path);
  const queue = spool.queue('metrics');
  const { signal } = new AbortController();
  assert.deepEqual(await queue.first(ALL), []);
  const waiting = queue.changed(signal);
  await queue.append(payloadOf(1));
  await waiting;
  await queue.changed(signal);
  await queue.first(ALL);
  const abort = new AbortController();
  let isWoken = false;
  const aborted = queue.changed(abort.signal).then(() => {
    isWoken = true;
  });
  await new Promise(setImmediate);
  assert.equal(isWoken, false);
  abort.abort();
  await aborted;
  await spool.close();
});

test('a sender is woken by payloads that are found on disk', async () => {
  using folder = temporaryFolder();
  const before = openSpool(folder.path);
  await before.queue('metrics').append(payloadOf(1));
  await before.close();
  const spool = openSpool(folder.path);
  await spool.queue('metrics').changed(new AbortController().signal);
  assert.equal(spool.queue('metrics').size().payloads, 1);
  await spool.close();
});

test('refuses names of queues that are no names of folders', () => {
  using folder = temporaryFolder();
  const spool = openSpool(folder.path);
  for (const name of ['', '..', 'a/b', 'A', 'rejected', 'con.', 'x'.repeat(40)])
    assert.throws(() => spool.queue(name), /no name of a queue/, name);
});

test('stores numbers that do not fit the header as the nearest that do', async () => {
  using folder = temporaryFolder();
  const spool = openSpool(folder.path);
  const queue = spool.queue('metrics');
  await queue.append(payloadOf(1, { count: Number.NaN, oldestMs: -5, newestMs: Number.POSITIVE_INFINITY }));
  await queue.append(payloadOf(2, { count: 2 ** 40, oldestMs: 1.5, newestMs: 1e300 }));
  const found = (await queue.first(ALL)).map(({ payload }) => [payload.count, payload.oldestMs, payload.newestMs]);
  assert.deepEqual(found, [
    [0, 0, 8.64e15],
    [2 ** 32 - 1, 1, 8.64e15],
  ]);
  await spool.close();
});

test('counts a payload that is added after the end as closed', async () => {
  using folder = temporaryFolder();
  const spool = openSpool(folder.path);
  await spool.close();
  await spool.queue('metrics').append(payloadOf(1));
  assert.deepEqual(spool.queue('metrics').totals().dropped, new Map([['closed', one(1)]]));
});
