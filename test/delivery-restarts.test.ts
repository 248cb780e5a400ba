// Restarts of both sides and faults of the disk over the whole chain: the agent goes on, and status says what to do.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { faultyFiles } from './exporters/spool/faulty-files.ts';
import { CorootCollector } from './helpers/coroot-collector.ts';
import { FakeClock } from './helpers/delivery.ts';
import { DeliveryChain, INTERVAL_MS, serverCount, untilTrue } from './helpers/delivery-chain.ts';

const folder = mkdtempSync(join(tmpdir(), 'delivery-restarts-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(folder, String(++folders));
const payloadsIn = (walDir: string): string[] => readdirSync(join(walDir, 'spool', 'metrics'));

const STOP_MS = 3000;

test('agent and server restart in turn: every pass arrives once and in order', async () => {
  await using collector = await CorootCollector.open();
  const walDir = newFolder();
  const clock = new FakeClock();
  let produced = 0;
  for (let restart = 0; restart < 12; restart++) {
    const chain = new DeliveryChain(collector, { walDir, clock });
    await chain.passes(2);
    if (restart % 2 === 1) await collector.refuse();
    await chain.passes(2);
    produced += chain.status().producedItems;
    assert.equal(await chain.delivery.stop(STOP_MS), true, `restart ${restart}`);
    if (restart % 2 === 1) await collector.accept();
    assert.deepEqual([chain.status().state, chain.status().droppedItems], ['stopped', {}]);
  }
  const last = new DeliveryChain(collector, { walDir, clock });
  await last.passes(1);
  await last.drain();
  assert.equal(serverCount(collector).distinct, produced + last.status().producedItems);
  assert.deepEqual([serverCount(collector).isInOrder, serverCount(collector).repeated], [true, 0]);
  assert.equal(last.status().problem, '');
  assert.equal(await last.delivery.stop(STOP_MS), true);
});

test('a stop of 3 s while the server does not answer keeps the passes for the next start', async () => {
  await using collector = await CorootCollector.open();
  const walDir = newFolder();
  const clock = new FakeClock();
  const chain = new DeliveryChain(collector, { walDir, clock });
  const answers = Promise.withResolvers<void>();
  collector.faults.set('/v1/metrics', { kind: 'delay', until: answers.promise });
  const passes = chain.pass();
  await untilTrue(() => chain.status().state === 'delivering');
  const stopped = chain.delivery.stop(STOP_MS);
  // The share of the stop for requests passes.
  await untilTrue(() => clock.waits.length > 0);
  await clock.advance(STOP_MS);
  assert.equal(await stopped, true);
  await passes;
  assert.equal(payloadsIn(walDir).length, 1);
  collector.faults.clear();
  answers.resolve();
  await clock.advance(INTERVAL_MS);
  const next = new DeliveryChain(collector, { walDir, clock });
  await next.passes(1);
  await next.drain();
  const { recoveredItems, producedItems, deliveredItems } = next.status();
  assert.equal(recoveredItems, chain.status().producedItems);
  assert.equal(recoveredItems + producedItems, deliveredItems);
  assert.equal(serverCount(collector).distinct, deliveredItems);
  assert.deepEqual(payloadsIn(walDir), []);
  await next.delivery.stop(STOP_MS);
});

for (const [code, problem] of [
  ['ENOSPC', /is on a full disk \(ENOSPC\): free some space, or lower max-spool-size/],
  ['EACCES', /is not writable \(EACCES\): let the account of the agent change the folder/],
  ['EIO', /cannot be used: .*EIO.*; check the disk, or set another wal-dir/],
] as const)
  test(`${code} while the server is down: passes wait in memory, and all arrive`, async () => {
    await using collector = await CorootCollector.open();
    let isFaulty = false;
    const files = faultyFiles((call) => (isFaulty && call === 'create' ? code : undefined));
    const chain = new DeliveryChain(collector, { walDir: newFolder(), files });
    await chain.passes(1);
    await collector.refuse();
    isFaulty = true;
    await chain.passes(3);
    assert.match(chain.delivery.spool().problem, problem);
    assert.match(chain.delivery.spool().problem, /up to 16 MB of payloads are kept in memory/);
    assert.equal(chain.status().queuedPayloads, 3);
    chain.check(collector);
    await collector.accept();
    await chain.drain();
    chain.check(collector);
    assert.deepEqual([chain.status().problem, chain.status().droppedItems], ['', {}]);
    assert.deepEqual([serverCount(collector).isInOrder, serverCount(collector).repeated], [true, 0]);
    assert.ok(chain.log.some((line) => problem.test(line)));
    await chain.delivery.stop(STOP_MS);
  });

test('a disk that fails until the stop: what only memory held is dropped and counted', async () => {
  await using collector = await CorootCollector.open();
  const files = faultyFiles((call) => (call === 'create' ? 'ENOSPC' : undefined));
  const chain = new DeliveryChain(collector, { walDir: newFolder(), files });
  await collector.refuse();
  await chain.passes(3);
  await chain.delivery.stop(STOP_MS);
  const { producedItems, droppedItems, queuedItems } = chain.status();
  assert.deepEqual([droppedItems, queuedItems], [{ disk_full: producedItems }, 0]);
});

test('a folder that is deleted while the agent runs costs what was in it, and delivery goes on', async () => {
  await using collector = await CorootCollector.open();
  const walDir = newFolder();
  const chain = new DeliveryChain(collector, { walDir });
  await chain.passes(1);
  await collector.refuse();
  await chain.passes(2);
  const { queuedItems } = chain.status();
  rmSync(walDir, { recursive: true });
  await chain.passes(2);
  assert.equal(payloadsIn(walDir).length, 2);
  await collector.accept();
  await chain.drain();
  assert.deepEqual(chain.status().droppedItems, { missing: queuedItems });
  assert.deepEqual([chain.status().problem, chain.delivery.spool().problem], ['', '']);
  chain.check(collector);
  await chain.delivery.stop(STOP_MS);
});

test('a wal-dir that is a file: delivery goes on from memory, and status names the setting', async () => {
  await using collector = await CorootCollector.open();
  const walDir = newFolder();
  writeFileSync(walDir, '');
  const chain = new DeliveryChain(collector, { walDir });
  await chain.passes(2);
  await chain.drain();
  chain.check(collector);
  assert.match(chain.delivery.spool().problem, /set another wal-dir/);
  assert.equal(chain.status().problem, '');
  await chain.delivery.stop(STOP_MS);
});

test('two agents with one wal-dir deliver both, and the status of the second names the setting', async () => {
  await using collector = await CorootCollector.open();
  const walDir = newFolder();
  mkdirSync(walDir);
  const first = new DeliveryChain(collector, { walDir });
  await first.passes(1);
  const second = new DeliveryChain(collector, { walDir, clock: new FakeClock() });
  await second.clock.advance(1000);
  await second.passes(1);
  assert.match(second.delivery.spool().problem, /is in use: .*stop the other agent, or set another wal-dir/);
  assert.equal(first.delivery.spool().problem, '');
  await first.passes(1);
  await second.passes(1);
  const delivered = first.status().deliveredItems + second.status().deliveredItems;
  assert.equal(serverCount(collector).distinct, delivered);
  assert.deepEqual([first.status().queuedItems, second.status().queuedItems], [0, 0]);
  await second.delivery.stop(STOP_MS);
  await first.delivery.stop(STOP_MS);
});
