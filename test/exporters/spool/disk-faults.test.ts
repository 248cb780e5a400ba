// A disk that is full, read-only or broken: payloads wait in memory, in order and bounded, until it works again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diskFiles } from '../../../src/exporters/spool/spool-files.ts';
import type { SpoolOptions } from '../../../src/exporters/spool/spool-options.ts';
import { type FileCall, faultyFiles } from './faulty-files.ts';
import { FakeClock, HEADER, numbersIn, openSpool, payloadOf, temporaryFolder } from './support.ts';

/** A spool on a disk that fails with `code` at `calls`, all by default, while `isBroken`. */
function onFaultyDisk(folder: string, code: string, more: Partial<SpoolOptions> = {}, calls?: readonly FileCall[]) {
  const state = { isBroken: true, clock: new FakeClock(), messages: [] as string[] };
  const spool = openSpool(folder, {
    files: faultyFiles((call) => (state.isBroken && (calls?.includes(call) ?? true) ? code : undefined)),
    clock: state.clock,
    log: (level, message) => state.messages.push(`${level} ${message}`),
    ...more,
  });
  return { spool, state };
}

const cases: readonly [code: string, problem: RegExp][] = [
  ['ENOSPC', /is on a full disk \(ENOSPC\): free some space, or lower max-spool-size/],
  ['EDQUOT', /is on a full disk \(EDQUOT\): free some space/],
  ['EACCES', /is not writable \(EACCES\): let the account of the agent change the folder/],
  ['EROFS', /is not writable \(EROFS\)/],
  ['EIO', /cannot be used: EIO.*check the disk, or set another wal-dir/],
];

for (const [code, problem] of cases)
  for (const calls of [undefined, ['create'], ['rename'], ['syncFolder']] as const)
    test(`${code} at ${calls ?? 'each call'}: payloads wait in memory until the disk works again`, async () => {
      using folder = temporaryFolder();
      const { spool, state } = onFaultyDisk(folder.path, code, {}, calls);
      const queue = spool.queue('metrics');
      await queue.append(payloadOf(1));
      await queue.append(payloadOf(2));
      assert.match(spool.status().problem, problem);
      assert.match(spool.status().problem, /until then up to 16 MB of payloads are kept in memory$/);
      const [first] = await queue.first({ maxPayloads: 1, maxBytes: 1 });
      await queue.remove([first!.seq]);
      await queue.append(payloadOf(3));
      assert.deepEqual(await numbersIn(spool), [2, 3]);
      state.isBroken = false;
      await queue.append(payloadOf(4));
      assert.match(spool.status().problem, problem, 'the disk is tried again later');
      state.clock.now += 10_000;
      await queue.append(payloadOf(5));
      assert.equal(spool.status().problem, '');
      assert.equal(spool.status().memoryBytes, 0);
      assert.deepEqual(await numbersIn(spool), [2, 3, 4, 5]);
      assert.equal(state.messages.length, 2, state.messages.join('\n'));
      assert.match(state.messages[1]!, /^info .* works again$/);
      await spool.close();
      const next = openSpool(folder.path);
      assert.deepEqual(await numbersIn(next), [2, 3, 4, 5]);
      await next.close();
    });

for (const [code, reason] of [
  ['ENOSPC', 'disk_full'],
  ['EROFS', 'disk_error'],
] as const)
  test(`${code}: the oldest payloads in memory are dropped as ${reason} beyond the limit`, async () => {
    using folder = temporaryFolder();
    const { spool } = onFaultyDisk(folder.path, code, { memoryBytes: 3 * (HEADER + 100) });
    const queue = spool.queue('metrics');
    const body = Buffer.alloc(100);
    await queue.append(payloadOf(1, { body }));
    // It is being sent.
    await queue.first({ maxPayloads: 1, maxBytes: 1000 });
    for (const number of [2, 3, 4, 5]) await queue.append(payloadOf(number, { body }));
    assert.deepEqual(queue.totals().dropped, new Map([[reason, { payloads: 2, items: 2 + 3 }]]));
    assert.deepEqual(await numbersIn(spool), [1, 4, 5]);
    await spool.close();
    assert.deepEqual(queue.totals().dropped, new Map([[reason, { payloads: 5, items: 1 + 2 + 3 + 4 + 5 }]]));
    assert.equal(queue.size().payloads, 0);
  });

test('keeps a payload in memory that is larger than the limit of the memory', async () => {
  using folder = temporaryFolder();
  const { spool } = onFaultyDisk(folder.path, 'ENOSPC', { memoryBytes: 100 });
  await spool.queue('metrics').append(payloadOf(1));
  await spool.queue('metrics').append(payloadOf(2, { body: Buffer.alloc(1000) }));
  assert.deepEqual(await numbersIn(spool), [2]);
  await spool.close();
});

test('a disk that fails again and again is logged at most once a minute', async () => {
  using folder = temporaryFolder();
  const { spool, state } = onFaultyDisk(folder.path, 'EIO');
  for (let attempt = 1; attempt <= 60; attempt++) {
    state.clock.now += 10_000;
    state.isBroken = attempt % 2 === 0;
    await spool.queue('metrics').append(payloadOf(attempt));
  }
  assert.ok(state.messages.length <= 2 * 11, `${state.messages.length} messages in ten minutes`);
  assert.ok(state.messages.length >= 2);
  await spool.close();
});

test('a payload that was delivered from memory does not come back from a half-finished write', async () => {
  using folder = temporaryFolder();
  // The write is complete, the rename and the removal of the temporary file fail.
  const { spool, state } = onFaultyDisk(folder.path, 'EIO', {}, ['rename', 'remove']);
  const queue = spool.queue('metrics');
  state.isBroken = false;
  await queue.append(payloadOf(1));
  state.isBroken = true;
  await queue.append(payloadOf(2));
  await queue.remove((await queue.first({ maxPayloads: 2, maxBytes: 1000 })).map(({ seq }) => seq));
  assert.match(spool.status().problem, /EIO/);
  state.isBroken = false;
  state.clock.now += 10_000;
  await queue.append(payloadOf(3));
  assert.equal(spool.status().problem, '');
  await spool.close();
  const next = openSpool(folder.path);
  assert.deepEqual(await numbersIn(next), [3]);
  await next.close();
});

test('a file that is in use for a moment is renamed, read and deleted all the same', async () => {
  using folder = temporaryFolder();
  const failed = new Set<string>();
  const files = faultyFiles((call, path) => {
    const key = `${call} ${path}`;
    if (!['rename', 'read', 'remove'].includes(call) || !path.includes('metrics') || failed.has(key)) return undefined;
    failed.add(key);
    return call === 'rename' ? 'EPERM' : 'EBUSY';
  });
  const spool = openSpool(folder.path, { files });
  const queue = spool.queue('metrics');
  await queue.append(payloadOf(1));
  assert.deepEqual(await numbersIn(spool), [1]);
  await queue.remove((await queue.first({ maxPayloads: 1, maxBytes: 1 })).map(({ seq }) => seq));
  assert.equal(spool.status().problem, '');
  assert.equal(spool.status().diskBytes, 0);
  assert.deepEqual([...failed].map((key) => key.split(' ')[0]).sort(), ['read', 'remove', 'rename']);
  await spool.close();
});

test('sets a file aside after several failed reads, but not for lack of descriptors', async () => {
  using folder = temporaryFolder();
  const { spool, state } = onFaultyDisk(folder.path, 'EMFILE', {}, ['read']);
  const queue = spool.queue('metrics');
  state.isBroken = false;
  await queue.append(payloadOf(1));
  state.isBroken = true;
  for (let attempt = 0; attempt < 10; attempt++) assert.deepEqual(await numbersIn(spool), []);
  state.isBroken = false;
  assert.deepEqual(await numbersIn(spool), [1]);
  await spool.close();

  const second = onFaultyDisk(folder.path, 'EIO', {}, ['read']);
  second.state.isBroken = false;
  await second.spool.queue('metrics').append(payloadOf(2));
  second.state.isBroken = true;
  for (let attempt = 0; attempt < 5; attempt++) assert.deepEqual(await numbersIn(second.spool), []);
  assert.deepEqual(second.spool.queue('metrics').totals().setAside, new Map([['damaged', { payloads: 1, items: 1 }]]));
  second.state.isBroken = false;
  assert.deepEqual(await numbersIn(second.spool), [2]);
  await second.spool.close();
});

test('a disk that does not answer is a problem after 30 s, until it answers', async () => {
  using folder = temporaryFolder();
  const clock = new FakeClock();
  const answer = Promise.withResolvers<void>();
  const files = {
    ...diskFiles,
    create: async (...args: Parameters<typeof diskFiles.create>) => {
      await answer.promise;
      return diskFiles.create(...args);
    },
  };
  const spool = openSpool(folder.path, { clock, files });
  const appended = spool.queue('metrics').append(payloadOf(1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  clock.now += 29_000;
  assert.equal(spool.status().problem, '');
  clock.now += 2000;
  assert.match(spool.status().problem, /has not answered for 31 s/);
  answer.resolve();
  await appended;
  assert.equal(spool.status().problem, '');
  assert.deepEqual(await numbersIn(spool), [1]);
  await spool.close();
});
