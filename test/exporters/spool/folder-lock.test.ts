// One process uses the folder; others wait in memory until it is released, or until that process has ended.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FakeClock, numbersIn, openSpool, payloadOf, temporaryFolder } from './support.ts';

test('uses a folder that another process uses only after that has released it', async () => {
  using folder = temporaryFolder();
  const first = openSpool(folder.path);
  await first.queue('metrics').append(payloadOf(1));
  const clock = new FakeClock();
  const messages: string[] = [];
  const second = openSpool(folder.path, { clock, log: (level, message) => messages.push(`${level} ${message}`) });
  await second.queue('metrics').append(payloadOf(2));
  assert.match(second.status().problem, /is in use: .*stop the other agent, or set another wal-dir/);
  assert.deepEqual(await numbersIn(second), [2]);
  await first.close();
  clock.now += 10_000;
  await second.queue('metrics').append(payloadOf(3));
  assert.deepEqual(await numbersIn(second), [1, 2, 3]);
  assert.equal(second.status().problem, '');
  assert.equal(messages.length, 2, messages.join('\n'));
  assert.match(messages[1]!, /^info .* works again$/);
  await second.close();
});

test('takes over the lock of a process that ended, also if its pid was reused', async () => {
  using folder = temporaryFolder();
  for (const lock of ['', '999999999 1\n', `${process.ppid} 1\n`, `${process.pid} 1\n`, 'hello']) {
    writeFileSync(join(folder.path, 'lock'), lock);
    const spool = openSpool(folder.path);
    await spool.queue('metrics').append(payloadOf(1));
    assert.equal(spool.status().problem, '', JSON.stringify(lock));
    await spool.close();
  }
  mkdirSync(join(folder.path, 'lock'));
  const spool = openSpool(folder.path);
  await spool.queue('metrics').append(payloadOf(1));
  assert.equal(spool.status().problem, '');
  await spool.close();
});

test('respects the lock of another process that runs', { skip: process.platform !== 'linux' }, async () => {
  using folder = temporaryFolder();
  // proc_pid_stat(5): the start is field 22, and no field of this process has spaces.
  const start = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
    .replace(/\(.*\)/, 'name')
    .split(' ')[21];
  writeFileSync(join(folder.path, 'lock'), `${process.ppid} ${start}\n`);
  const spool = openSpool(folder.path);
  await spool.queue('metrics').append(payloadOf(1));
  assert.match(spool.status().problem, new RegExp(`is in use: process ${process.ppid} uses it`));
  assert.deepEqual(await numbersIn(spool), [1]);
  await spool.close();
  assert.deepEqual(spool.queue('metrics').totals().dropped, new Map([['locked', { payloads: 1, items: 1 }]]));
});

test('payloads that are sent before the folder can be read are removed by the numbers they had', async () => {
  using folder = temporaryFolder();
  const first = openSpool(folder.path);
  for (const number of [1, 2]) await first.queue('metrics').append(payloadOf(number));
  const clock = new FakeClock();
  const second = openSpool(folder.path, { clock });
  const queue = second.queue('metrics');
  for (const number of [3, 4]) await queue.append(payloadOf(number));
  const sent = await queue.first({ maxPayloads: 1, maxBytes: 1000 });
  await first.close();
  clock.now += 10_000;
  await queue.append(payloadOf(5));
  assert.deepEqual(queue.totals().recovered, { payloads: 2, items: 3 });
  await queue.remove(sent.map(({ seq }) => seq));
  assert.deepEqual(await numbersIn(second), [1, 2, 4, 5]);
  await second.close();
});
