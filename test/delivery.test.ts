// The delivery of an agent to a double of Coroot's collector: spool, transports and destinations together.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pino from 'pino';
import { SelfMetrics } from '../src/base/self-metrics.ts';
import { createDelivery } from '../src/delivery.ts';
import type { Delivery } from '../src/exporters/delivery/delivery.ts';
import type { DeliveryStatus } from '../src/exporters/delivery/delivery-status.ts';
import { loadDelivery } from '../src/load-delivery.ts';
import { CorootCollector } from './helpers/coroot-collector.ts';
import { untilTrue } from './helpers/delivery-chain.ts';
import { passAt } from './helpers/passes.ts';
import { resolve } from './helpers/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'delivery-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(folder, String(++folders));
const logger = pino({ level: 'silent' });

function open(walDir: string, collector: CorootCollector, flags: Record<string, string> = {}): Delivery {
  const config = resolve({
    'collector-endpoint': collector.url.href,
    'wal-dir': walDir,
    'no-proxy': '127.0.0.1',
    ...flags,
  });
  const delivery = createDelivery(config, new SelfMetrics(), logger);
  delivery.start();
  return delivery;
}

const metricsOf = (delivery: Delivery): DeliveryStatus => delivery.statuses().find(({ name }) => name === 'metrics')!;

/** Waits until every pass has been delivered, and checks that nothing was dropped. */
async function untilDelivered(delivery: Delivery): Promise<void> {
  const isDone = ({ recoveredItems, producedItems, deliveredItems, queuedItems }: DeliveryStatus): boolean =>
    producedItems > 0 && queuedItems === 0 && recoveredItems + producedItems === deliveredItems;
  await untilTrue(() => isDone(metricsOf(delivery)));
  assert.deepEqual(metricsOf(delivery).droppedItems, {});
}

const timesOf = ({ metrics }: CorootCollector): number[] =>
  metrics.flatMap(({ timeseries }) =>
    timeseries
      .filter(({ labels }) => labels.some(({ value }) => value === 'node_agent_info'))
      .flatMap(({ samples }) => samples.map(({ timestamp }) => Number(timestamp))),
  );

test('nothing is loaded or spooled without an endpoint', async () => {
  assert.equal(await loadDelivery(resolve(), logger), undefined);
});

test('passes arrive in order with the API key, and the counts add up', async () => {
  await using collector = await CorootCollector.open({ keys: ['k1'] });
  const delivery = open(newFolder(), collector, { 'api-key': 'k1' });
  for (const atMs of [1000, 2000, 3000]) delivery.afterPass(passAt(atMs));
  await untilDelivered(delivery);
  assert.deepEqual(timesOf(collector), [1000, 2000, 3000]);
  const { state, problem, lastStatus } = metricsOf(delivery);
  assert.deepEqual([state, problem, lastStatus], ['delivering', '', 200]);
  assert.equal(collector.requests[0]!.headers['x-api-key'], 'k1');
  assert.equal(await delivery.stop(3000), true);
});

test('a key that the server does not know costs nothing: after it is known all passes arrive', async () => {
  await using collector = await CorootCollector.open({ keys: ['new'] });
  const walDir = newFolder();
  const first = open(walDir, collector, { 'api-key': 'old' });
  first.afterPass(passAt(1000));
  await untilTrue(() => metricsOf(first).state === 'refused');
  const { problem, queuedItems, nextAttemptAtMs } = metricsOf(first);
  assert.match(problem, /key/);
  assert.doesNotMatch(problem, /old/);
  assert.ok(queuedItems > 0);
  assert.ok(nextAttemptAtMs > Date.now());
  first.afterPass(passAt(2000));
  await untilTrue(() => metricsOf(first).queuedPayloads === 2);
  await first.stop(1000);
  assert.equal(readdirSync(join(walDir, 'spool', 'metrics')).length, 2);
  const second = open(walDir, collector, { 'api-key': 'new' });
  second.afterPass(passAt(3000));
  await untilDelivered(second);
  assert.deepEqual(timesOf(collector), [1000, 2000, 3000]);
  assert.ok(metricsOf(second).recoveredItems > queuedItems);
  await second.stop(3000);
  assert.deepEqual(readdirSync(join(walDir, 'spool', 'metrics')), []);
});

test('a stop while the server is down keeps the last pass in the spool', async () => {
  await using collector = await CorootCollector.open();
  const walDir = newFolder();
  await collector.refuse();
  const delivery = open(walDir, collector);
  delivery.afterPass(passAt(1000));
  assert.equal(await delivery.stop(3000), true);
  assert.equal(readdirSync(join(walDir, 'spool', 'metrics')).length, 1);
  await collector.accept();
  const again = open(walDir, collector);
  await untilTrue(() => collector.metrics.length === 1);
  assert.deepEqual(timesOf(collector), [1000]);
  await again.stop(3000);
});

test('a spool that another process uses is a problem, and delivery goes on from memory', async () => {
  await using collector = await CorootCollector.open();
  const walDir = newFolder();
  const owner = open(walDir, collector);
  owner.afterPass(passAt(1000));
  await untilDelivered(owner);
  const other = open(walDir, collector);
  other.afterPass(passAt(2000));
  await untilDelivered(other);
  assert.match(other.spool().problem, /another|uses/);
  assert.deepEqual(timesOf(collector), [1000, 2000]);
  await other.stop(3000);
  await owner.stop(3000);
});

test('metrics and logs have a destination each; one that is down does not stop the other', async () => {
  await using collector = await CorootCollector.open({ clickhouse: false });
  const delivery = open(newFolder(), collector);
  assert.deepEqual(
    delivery.statuses().map(({ name, endpoint }) => [name, endpoint]),
    [
      ['metrics', `${collector.url.href}v1/metrics`],
      ['logs', `${collector.url.href}v1/logs`],
    ],
  );
  delivery.afterPass(passAt(1000));
  await untilDelivered(delivery);
  await delivery.stop(3000);
});
