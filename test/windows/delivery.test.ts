// Delivery of the Windows build under Wine to a double of Coroot's collector: outage, spool and restart.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { CorootCollector } from '../helpers/coroot-collector.ts';
import { until } from '../helpers/poll.ts';
import { startWineAgent } from '../helpers/wine-agent.ts';

const skip = await whyNoWine();
const WAIT_MS = 60_000;

/** Times of the passes that arrived, in the order of their arrival. */
function passTimes({ metrics }: CorootCollector): number[] {
  const infos = metrics.flatMap(({ timeseries }) =>
    timeseries.filter(({ labels }) => labels.some(({ name, value }) => name === '__name__' && value === 'node_info')),
  );
  return infos.flatMap(({ samples }) => samples.map(({ timestamp }) => Number(timestamp)));
}

test('delivery of the Windows build', { skip }, async (t) => {
  await using wine = await openWine();
  const folder = mkdtempSync('/tmp/coroot-agent-delivery-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await using collector = await CorootCollector.open({ keys: ['key-1'] });
  const args = ['--collector-endpoint', collector.url.href, '--wal-dir', wine.toWindowsPath(folder)];
  const queue = join(folder, 'spool', 'metrics');
  const files = (): number => (existsSync(queue) ? readdirSync(queue).length : 0);
  const env = { COROOT_API_KEY: 'key-1' };

  await t.test('passes arrive with the key, the labels job and instance, and up', async () => {
    const agent = await startWineAgent(wine, { args, env });
    await until('a pass arrives', WAIT_MS, async () => (collector.metrics.length > 0 ? true : undefined));
    const labels = collector.metrics[0]!.timeseries.map((series) =>
      Object.fromEntries(series.labels.map(({ name, value }) => [name, value])),
    );
    const up = labels.find(({ __name__ }) => __name__ === 'up');
    assert.deepEqual(Object.keys(up!).sort(), ['__name__', 'instance', 'job']);
    assert.equal(up!.job, 'coroot-node-agent');
    assert.match(up!.instance!, /^[0-9a-f]{32}$/);
    assert.ok(labels.every(({ instance }) => instance === up!.instance));
    assert.equal(collector.requests.find(({ path }) => path === '/v1/metrics')!.headers['x-api-key'], 'key-1');
    const { deliveries } = await agent.client.status();
    assert.deepEqual(
      deliveries.map(({ destination, problem }) => [destination, problem]),
      [
        ['metrics', ''],
        ['logs', ''],
      ],
    );
    await collector.refuse();
    await until('two passes wait in the spool', WAIT_MS, async () => (files() >= 2 ? true : undefined));
    const { code } = await agent.stop();
    assert.equal(code, 0);
    assert.ok(files() >= 2);
  });

  await t.test('after a restart the spooled passes arrive before new ones, in the order of time', async () => {
    const before = passTimes(collector).length;
    await collector.accept();
    const agent = await startWineAgent(wine, { args, env });
    await until('the spooled passes arrive', WAIT_MS, async () =>
      passTimes(collector).length >= before + 3 ? true : undefined,
    );
    const times = passTimes(collector);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    const [metrics] = (await agent.client.status()).deliveries;
    assert.ok(metrics!.recoveredItems > 0);
    assert.deepEqual(metrics!.droppedItems, {});
    await agent.stop();
  });
});
