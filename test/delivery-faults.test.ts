// Faults of the server over the whole chain: nothing is lost that the spool holds, and status says why.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type CollectorFault, CorootCollector } from './helpers/coroot-collector.ts';
import { DeliveryChain, INTERVAL_MS, serverCount, untilTrue } from './helpers/delivery-chain.ts';
import { logRecord } from './helpers/otlp-logs.ts';

const folder = mkdtempSync(join(tmpdir(), 'delivery-faults-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(folder, String(++folders));

const MINUTE_MS = 60_000;
const HOUR_PASSES = 240;

/** All was delivered once, in order, and nothing of the fault is left in the status. */
async function checkRecovered(chain: DeliveryChain, collector: CorootCollector, repeated = 0): Promise<void> {
  await chain.drain();
  chain.check(collector);
  const { state, problem, nextAttemptAtMs, droppedItems, producedItems, recoveredItems, deliveredItems } =
    chain.status();
  assert.deepEqual([state, problem, nextAttemptAtMs, droppedItems], ['delivering', '', 0, {}]);
  assert.equal(deliveredItems, recoveredItems + producedItems);
  const count = serverCount(collector);
  assert.deepEqual([count.isInOrder, count.repeated], [true, repeated]);
  assert.equal(await chain.delivery.stop(3000), true);
}

test('a server that is down for an hour costs nothing, and is caught up with in few requests', async () => {
  await using collector = await CorootCollector.open();
  const chain = new DeliveryChain(collector, { walDir: newFolder() });
  await chain.passes(1);
  await collector.refuse();
  await chain.passes(HOUR_PASSES);
  const { state, problem, nextAttemptAtMs, queuedPayloads, oldestAgeSeconds } = chain.status();
  assert.deepEqual([state, queuedPayloads], ['retrying', HOUR_PASSES]);
  assert.match(problem, /127\.0\.0\.1:\d+ refuses connections: check that it runs/);
  const waitMs = nextAttemptAtMs - chain.clock.wallMs();
  assert.ok(waitMs > 0 && waitMs <= MINUTE_MS, `next attempt in ${waitMs} ms`);
  assert.equal(Math.round(oldestAgeSeconds), 3600);
  chain.check(collector);
  await collector.accept();
  await chain.drain();
  assert.ok(collector.requests.length <= 6, `${collector.requests.length} requests`);
  await checkRecovered(chain, collector);
});

interface Case {
  readonly name: string;
  readonly fault: CollectorFault;
  readonly state: string;
  readonly problem: RegExp;
  /** The next attempt, in milliseconds from the failure. */
  readonly wait: readonly [least: number, most: number];
}

const refused = { state: 'refused', wait: [MINUTE_MS, 5 * MINUTE_MS] } as const;
const retrying = { state: 'retrying', wait: [5000, MINUTE_MS] } as const;
const status = (code: number, headers: Record<string, string> = {}): CollectorFault => ({
  kind: 'status',
  status: code,
  headers,
});

const cases: readonly Case[] = [
  { name: '401', fault: status(401), ...refused, problem: /answered 401: .*credentials: check api-key/ },
  { name: '403', fault: status(403), ...refused, problem: /answered 403: .*credentials: check api-key/ },
  { name: '404', fault: status(404), ...refused, problem: /answered 404: .*unknown key: check the endpoint/ },
  { name: '405', fault: status(405), ...refused, problem: /answered 405: .*check the endpoint/ },
  { name: '302', fault: status(302), ...refused, problem: /answered 302: redirects are not followed/ },
  { name: '408', fault: status(408), ...retrying, problem: /answered 408/ },
  { name: '500', fault: status(500), ...retrying, problem: /answered 500: the receiver or a proxy before it fails/ },
  { name: '503', fault: status(503), ...retrying, problem: /answered 503/ },
  {
    name: '429 with Retry-After in seconds',
    fault: status(429, { 'retry-after': '120' }),
    state: 'retrying',
    problem: /answered 429: the receiver limits the rate/,
    wait: [2 * MINUTE_MS, 2.2 * MINUTE_MS],
  },
  {
    name: '503 with Retry-After as a date',
    fault: status(503, { date: 'Fri, 27 Nov 2026 10:00:00 GMT', 'retry-after': 'Fri, 27 Nov 2026 10:03:00 GMT' }),
    state: 'retrying',
    problem: /answered 503/,
    wait: [3 * MINUTE_MS, 3.3 * MINUTE_MS],
  },
  {
    name: 'a connection cut before acceptance',
    fault: { kind: 'cut', when: 'before' },
    ...retrying,
    problem: /closed the connection before its answer/,
  },
];

for (const { name, fault, state, problem, wait } of cases)
  test(`${name}: status says what to do and when, and all passes arrive once when it ends`, async () => {
    await using collector = await CorootCollector.open();
    const chain = new DeliveryChain(collector, { walDir: newFolder() });
    await chain.passes(2);
    collector.faults.set('/v1/metrics', fault);
    await chain.pass();
    const failed = chain.status();
    assert.equal(failed.state, state);
    assert.match(failed.problem, problem);
    const waitMs = failed.nextAttemptAtMs - chain.clock.wallMs();
    assert.ok(waitMs >= wait[0] && waitMs <= wait[1], `next attempt in ${waitMs} ms`);
    await chain.advance(INTERVAL_MS);
    await chain.passes(8);
    assert.equal(chain.status().queuedPayloads, 9);
    chain.check(collector);
    collector.faults.clear();
    await checkRecovered(chain, collector);
  });

test('400 for every request: items are dropped by reason and set aside, and later passes arrive', async () => {
  await using collector = await CorootCollector.open();
  const chain = new DeliveryChain(collector, { walDir: newFolder() });
  await chain.passes(2);
  const { producedItems } = chain.status();
  collector.faults.set('/v1/metrics', { kind: 'status', status: 400, answer: 'canary' });
  await chain.passes(3);
  const { state, problem, droppedItems, queuedItems } = chain.status();
  assert.deepEqual([state, queuedItems], ['delivering', 0]);
  assert.match(problem, /answered 400: the receiver does not accept the data/);
  assert.deepEqual(droppedItems, { invalid: chain.status().producedItems - producedItems });
  assert.equal(chain.delivery.spool().rejectedPayloads, 3);
  chain.check(collector);
  collector.faults.clear();
  await chain.passes(2);
  chain.check(collector);
  assert.deepEqual([chain.status().problem, chain.status().droppedItems], ['', droppedItems]);
  await chain.delivery.stop(3000);
});

test('413 for the first requests: smaller ones follow, and nothing is dropped', async () => {
  await using collector = await CorootCollector.open();
  const chain = new DeliveryChain(collector, { walDir: newFolder() });
  collector.faults.set('/v1/metrics', { kind: 'status', status: 503 });
  await chain.passes(5);
  // Two merged requests and one whole payload are too large.
  collector.faults.set('/v1/metrics', { kind: 'status', status: 413, times: 4 });
  await checkRecovered(chain, collector);
});

test('an answer that is slow delays passes, and none is sent twice', async () => {
  await using collector = await CorootCollector.open();
  const chain = new DeliveryChain(collector, { walDir: newFolder() });
  const answer = Promise.withResolvers<void>();
  collector.faults.set('/v1/metrics', { kind: 'delay', until: answer.promise, times: 1 });
  const passes = chain.pass();
  await untilTrue(() => !collector.faults.has('/v1/metrics'));
  assert.deepEqual([chain.status().state, chain.status().problem], ['delivering', '']);
  answer.resolve();
  await passes;
  await chain.advance(INTERVAL_MS);
  await chain.passes(3);
  assert.equal(collector.requests.length, 4);
  await checkRecovered(chain, collector);
});

test('a connection cut after acceptance repeats this request only', async () => {
  await using collector = await CorootCollector.open();
  const chain = new DeliveryChain(collector, { walDir: newFolder() });
  collector.faults.set('/v1/metrics', { kind: 'cut', when: 'after', times: 1 });
  await chain.pass();
  assert.equal(chain.status().state, 'retrying');
  const first = serverCount(collector).distinct;
  assert.equal(chain.status().deliveredItems, 0);
  await chain.clock.advance(MINUTE_MS);
  await chain.passes(3);
  await checkRecovered(chain, collector, first);
});

test('a key that is rotated holds the queue until the agent starts with the new one', async () => {
  await using collector = await CorootCollector.open({ keys: ['old-canary-key'] });
  const walDir = newFolder();
  const chain = new DeliveryChain(collector, { walDir, flags: { 'api-key': 'old-canary-key' } });
  await chain.passes(2);
  collector.keys.clear();
  collector.keys.add('new-canary-key');
  await chain.passes(40);
  const { state, problem, queuedPayloads } = chain.status();
  assert.deepEqual([state, queuedPayloads], ['refused', 40]);
  assert.match(problem, /404: .*unknown key: check the endpoint and api-key/);
  chain.check(collector);
  assert.equal(await chain.delivery.stop(3000), true);
  const delivered = chain.status().deliveredItems;
  const { clock } = chain;
  const next = new DeliveryChain(collector, { walDir, clock, flags: { 'api-key': 'new-canary-key' } });
  await next.passes(1);
  await next.drain();
  assert.equal(next.status().recoveredItems + next.status().producedItems, next.status().deliveredItems);
  assert.equal(serverCount(collector).distinct, delivered + next.status().deliveredItems);
  assert.deepEqual([next.status().state, next.status().problem], ['delivering', '']);
  assert.ok(serverCount(collector).isInOrder);
  assert.doesNotMatch([...chain.log, ...next.log].join(''), /canary/);
  await next.delivery.stop(3000);
});

test('a proxy in front that fails for a while ends with the same accounting', async () => {
  await using collector = await CorootCollector.open();
  const chain = new DeliveryChain(collector, { walDir: newFolder() });
  const kinds: readonly CollectorFault[] = [status(502), status(504), { kind: 'cut', when: 'before' }, status(404)];
  for (const fault of kinds) {
    collector.faults.set('/v1/metrics', fault);
    await chain.passes(3);
    collector.faults.clear();
    await chain.drain();
    chain.check(collector);
    assert.equal(chain.status().problem, '');
  }
  await chain.advance(INTERVAL_MS);
  await checkRecovered(chain, collector);
});

test('a receiver that takes metrics but refuses logs: logs wait, and metrics arrive', async () => {
  await using collector = await CorootCollector.open({ clickhouse: false });
  const walDir = newFolder();
  const chain = new DeliveryChain(collector, { walDir });
  const sink = await chain.delivery.logSink({ hostName: 'web-1', machineId: 'm1' });
  for (let record = 0; record < 3; record++) assert.equal(sink!.emit('/svc/shop', logRecord()), true);
  await untilTrue(() => chain.status('logs').state === 'refused');
  await chain.passes(3);
  assert.match(chain.status('logs').problem, /answered 404: .*clickhouse integration is not configured/);
  assert.deepEqual([chain.status('logs').queuedItems, chain.status('logs').droppedItems], [3, {}]);
  assert.deepEqual([chain.status().state, chain.status().problem], ['delivering', '']);
  chain.check(collector);
  await chain.delivery.stop(3000);
  assert.equal(chain.status('logs').queuedItems, 3);
  await using complete = await CorootCollector.open();
  const next = new DeliveryChain(complete, { walDir });
  await untilTrue(() => next.status('logs').deliveredItems === 3);
  assert.deepEqual([next.status('logs').problem, complete.logs.length], ['', 1]);
  await next.delivery.stop(3000);
});
