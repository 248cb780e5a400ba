// The whole chain against a real Prometheus after the clock of the host was set back.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { prometheusPackage, whyNoPeer } from '../../scripts/lib/debian-peers.ts';
import { CorootCollector } from '../helpers/coroot-collector.ts';
import { FakeClock } from '../helpers/delivery.ts';
import { DeliveryChain, INTERVAL_MS } from '../helpers/delivery-chain.ts';
import { openPrometheus } from '../helpers/peers/prometheus.ts';
import { storedSeries } from '../helpers/peers/promql.ts';

const skip = await whyNoPeer(prometheusPackage);
const folder = mkdtempSync(join(tmpdir(), 'delivery-clock-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const BACK_MS = 60_000;

test('a clock set back drops passes as out of order until it has caught up', { skip }, async () => {
  await using prometheus = await openPrometheus();
  await using collector = await CorootCollector.open();
  const clock = new FakeClock();
  // Prometheus refuses samples far from its own time.
  const startMs = Date.now() - 20 * INTERVAL_MS;
  clock.set(startMs - clock.wallMs());
  const flags = { 'metrics-endpoint': prometheus.writeUrl.href };
  const chain = new DeliveryChain(collector, { walDir: folder, clock, flags });
  await chain.passes(4);
  const before = chain.status().deliveredItems;
  clock.set(-BACK_MS - 1);
  await chain.passes(2);
  const { state, problem, droppedItems, queuedItems, deliveredItems, producedItems } = chain.status();
  assert.deepEqual([state, queuedItems], ['delivering', 0]);
  assert.match(
    problem,
    /the clock was set back by 60 s; the receiver refuses samples until 20\d\d-.*, which are dropped/,
  );
  assert.ok(droppedItems.out_of_order! > 0);
  assert.equal(deliveredItems + droppedItems.out_of_order!, producedItems);
  await chain.passes(6);
  const after = chain.status();
  assert.equal(after.problem, '');
  assert.ok(after.deliveredItems > before);
  assert.equal(after.producedItems, after.deliveredItems + after.droppedItems.out_of_order!);
  const [info] = await storedSeries(prometheus.server, 'node_agent_info', Date.now(), 3_600_000);
  const times = info!.samples.map(([atMs]) => atMs);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  // Every series of each pass that it stored, as the status has it.
  const stored = await storedSeries(prometheus.server, '{job="coroot-node-agent"}', Date.now(), 3_600_000);
  assert.equal(
    stored.reduce((sum, { samples }) => sum + samples.length, 0),
    after.deliveredItems,
  );
  await chain.delivery.stop(3000);
});
