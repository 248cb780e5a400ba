// The agent as a process fills real receivers and a Coroot collector from the demo tape, as `npm start` does.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { prometheusPackage, victoriaMetricsPackage, whyNoPeer } from '../../scripts/lib/debian-peers.ts';
import { AgentClient } from '../../src/api/client.ts';
import { openTape } from '../../src/sources/tape/read-tape.ts';
import { startCli } from '../helpers/agent-process.ts';
import { CorootCollector } from '../helpers/coroot-collector.ts';
import { parseExposition } from '../helpers/exposition.ts';
import { openPrometheus } from '../helpers/peers/prometheus.ts';
import { query, storedSeries } from '../helpers/peers/promql.ts';
import { openVictoriaMetrics } from '../helpers/peers/victoria-metrics.ts';
import { until } from '../helpers/poll.ts';
import { freePort } from '../helpers/ports.ts';
import { corootQueries } from '../helpers/promql/coroot-queries.ts';
import { labelKey } from '../helpers/promql/vector.ts';

const skip = await whyNoPeer(prometheusPackage);
const receivers = [
  { name: 'Prometheus', skip, open: () => openPrometheus() },
  { name: 'VictoriaMetrics', skip: await whyNoPeer(victoriaMetricsPackage), open: () => openVictoriaMetrics() },
];
const demo = 'docs/demo/shop.tape.gz';
const TIMEOUT_MS = 60_000;
const INTERVAL_MS = 5000;
const folder = mkdtempSync(join(tmpdir(), 'coroot-agent-run-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function ticksOf(file: string): Promise<number> {
  await using tape = await openTape(file);
  let ticks = 0;
  for await (const { kind } of tape.observations) if (kind === 'tick') ticks++;
  return ticks;
}

async function startAgent(name: string, args: readonly string[], env: Record<string, string> = {}) {
  const address = `127.0.0.1:${await freePort()}`;
  const replay = ['run', '--host', `tape:${demo}`, '--speed', 'max'];
  const running = startCli([...replay, '--listen', address, '--wal-dir', join(folder, name), ...args], env);
  return {
    ...running,
    address,
    client: new AgentClient({ address, timeoutMs: TIMEOUT_MS }),
    async [Symbol.asyncDispose]() {
      running.child.kill('SIGTERM');
      const { code, stderr } = await running.ended;
      assert.equal(code, 0, stderr);
    },
  };
}

for (const { name, skip: why, open } of receivers)
  test(`fills ${name} up to the present at once, then goes on live`, { skip: why }, async () => {
    await using receiver = await open();
    const startedMs = Date.now();
    await using agent = await startAgent(name, ['--loop', '--metrics-endpoint', String(receiver.writeUrl)]);
    const passes = await ticksOf(demo);
    const stored = async () =>
      (await storedSeries(receiver.server, 'node_info', Date.now() + INTERVAL_MS, 600_000))[0]?.samples ?? [];
    const filled = await until('the history', TIMEOUT_MS, async () => {
      const samples = await stored();
      return samples.length >= passes ? samples : undefined;
    });
    const [latestMs] = filled[passes - 1]!;
    assert.ok(latestMs <= Date.now(), 'no sample is in the future');
    assert.ok(latestMs >= startedMs - INTERVAL_MS, 'the history ends at the present');

    const text = await (await fetch(`http://${agent.address}/metrics`)).text();
    const emitted = new Set(['up', ...parseExposition(text).map(({ name }) => name)]);
    const queries = corootQueries.filter(({ metric }) => emitted.has(metric));
    assert.ok(queries.length > 30);
    for (const { promql } of queries) {
      const results = await query(receiver.server, promql.replaceAll('$RANGE', '30s'), latestMs);
      assert.ok(results.length > 0, `${promql} has no result`);
      for (const { labels } of results)
        if (!promql.startsWith('sum by')) assert.equal(labels.job, 'coroot-node-agent', promql);
    }

    const live = await until('the next pass', TIMEOUT_MS, async () => {
      const samples = await stored();
      return samples.length > passes ? samples : undefined;
    });
    const [liveMs] = live[passes]!;
    assert.ok(liveMs > latestMs && liveMs <= Date.now(), 'the next pass is live');
  });

test('sends to a collector what a scrape shows, with the key in a header', { skip }, async () => {
  await using prometheus = await openPrometheus();
  await using collector = await CorootCollector.open({ keys: ['canary-key'], prometheus: prometheus.writeUrl });
  await using agent = await startAgent('collector', ['--collector-endpoint', String(collector.url)], {
    COROOT_API_KEY: 'canary-key',
  });
  const passes = await ticksOf(demo);
  const isOfPass = (name: string): boolean => !name.startsWith('coroot_agent_');
  await until('all passes', TIMEOUT_MS, async () => {
    const [info] = await storedSeries(prometheus.server, 'node_info', Date.now(), 600_000);
    return info && info.samples.length >= passes ? true : undefined;
  });
  const [info] = await storedSeries(prometheus.server, 'node_info', Date.now(), 600_000);
  const lastMs = info!.samples.at(-1)![0];
  const text = await (await fetch(`http://${agent.address}/metrics`)).text();
  const scraped = parseExposition(text).filter(({ name }) => isOfPass(name));
  const { instance, job } = info!.labels;
  const expected = scraped.flatMap(({ samples }) =>
    samples.map(({ name, labels, value }) => {
      const present = Object.entries(labels).filter(([, label]) => label !== '');
      return [labelKey({ instance: instance!, job: job!, ...Object.fromEntries(present), __name__: name }), value];
    }),
  );
  const stored = (await storedSeries(prometheus.server, '{job="coroot-node-agent"}', lastMs, 1))
    .filter(({ labels }) => isOfPass(labels.__name__!) && labels.__name__ !== 'up')
    .map(({ labels, samples }) => [labelKey(labels), samples.at(-1)![1]]);
  assert.deepEqual(Object.fromEntries(stored.sort()), Object.fromEntries(expected.sort()));
  const [own] = await query(prometheus.server, 'count({__name__=~"coroot_agent_.+"})', lastMs);
  assert.ok(own!.value > 10, 'the metrics of the agent itself are sent too');

  assert.equal(collector.refusedMetrics.length, 0);
  const sent = collector.requests.filter(({ path }) => path === '/v1/metrics');
  for (const { headers, status } of sent) {
    assert.deepEqual(
      [status, headers['content-type'], headers['content-encoding'], headers['x-prometheus-remote-write-version']],
      [204, 'application/x-protobuf', 'snappy', '0.1.0'],
    );
    assert.equal(headers['x-api-key'], 'canary-key');
  }
  assert.doesNotMatch(agent.stderr() + agent.stdout(), /canary-key/);
});
