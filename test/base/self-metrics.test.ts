// The registry of self-metrics: families appear with their first value, totals replace series, and Node has a prefix.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gauge, Registry } from 'prom-client';
import { excludeSamplingInterval, NODE_PREFIX, SelfMetrics } from '../../src/base/self-metrics.ts';
import { parseExposition } from '../helpers/exposition.ts';

const plain = { name: 'a_total', type: 'counter', help: 'A', labels: [] } as const;
const labelled = { name: 'b_total', type: 'counter', help: 'B', labels: ['kind', 'result'] } as const;
const level = { name: 'level', type: 'gauge', help: 'Level', labels: [] } as const;
const duration = { name: 'd_seconds', type: 'histogram', help: 'D', labels: [], buckets: [0.1, 1] } as const;

test('sums the increments of a family and its labels', async () => {
  const metrics = new SelfMetrics();
  metrics.increment(plain, {});
  metrics.increment(plain, {}, 4);
  metrics.increment(labelled, { kind: 'x', result: 'good' });
  metrics.increment(labelled, { kind: 'x', result: 'failed' }, 2);
  metrics.increment(labelled, { kind: 'x', result: 'good' });
  assert.deepEqual(await metrics.counterValues(), {
    a_total: 5,
    'b_total{kind="x",result="good"}': 2,
    'b_total{kind="x",result="failed"}': 2,
  });
});

test('setTotals replaces all series of the counter', async () => {
  const metrics = new SelfMetrics();
  metrics.setTotals(labelled, [
    [{ kind: 'x', result: 'good' }, 7],
    [{ kind: 'y', result: 'good' }, 1],
  ]);
  metrics.setTotals(labelled, [[{ kind: 'x', result: 'good' }, 9]]);
  metrics.setTotals(plain, [[{}, 3]]);
  metrics.setTotals(plain, [[{}, 4]]);
  assert.deepEqual(await metrics.counterValues(), { 'b_total{kind="x",result="good"}': 9, a_total: 4 });
});

test('counterValues has only the counters of the agent, keyed by escaped series', async () => {
  const metrics = new SelfMetrics();
  metrics.increment(labelled, { kind: 'C:\\temp\n', result: '1",result="2' });
  metrics.set(level, {}, 5);
  metrics.observe(duration, {}, 0.5);
  assert.deepEqual(await metrics.counterValues(), { 'b_total{kind="C:\\\\temp\\n",result="1\\",result=\\"2"}': 1 });
});

test('text contains the families with a value, and is empty without any', async () => {
  const metrics = new SelfMetrics();
  assert.equal(await metrics.text(), '');
  metrics.set(level, {}, 5);
  metrics.set(level, {}, 6);
  for (const seconds of [0.05, 0.5, 5]) metrics.observe(duration, {}, seconds);
  const families = parseExposition(await metrics.text());
  assert.deepEqual(
    families.map(({ name, type, samples }) => [name, type, samples.map(({ value }) => value)]),
    [
      ['level', 'gauge', [6]],
      ['d_seconds', 'histogram', [1, 2, 3, 5.55, 3]],
    ],
  );
});

test('two registries do not share series', async () => {
  const [one, other] = [new SelfMetrics(), new SelfMetrics()];
  one.increment(plain, {});
  other.increment(plain, {}, 10);
  assert.deepEqual([await one.counterValues(), await other.counterValues()], [{ a_total: 1 }, { a_total: 10 }]);
});

test('Node and the process are measured under the prefix, without families that have no series', async () => {
  const metrics = new SelfMetrics();
  metrics.startNodeMetrics();
  metrics.increment(plain, {});
  const families = parseExposition(await metrics.text());
  assert.equal(families[0]!.name, 'a_total');
  assert.ok(families.length > 15);
  for (const { name } of families.slice(1)) assert.match(name, /^coroot_agent_(nodejs|process)_/);
});

test('the lag of the event loop is what exceeds the interval of its samples', async () => {
  const registry = new Registry();
  const gauge = (part: string) =>
    new Gauge({ name: `${NODE_PREFIX}nodejs_eventloop_lag${part}_seconds`, help: 'h', registers: [registry] });
  const gauges = Object.fromEntries(
    ['', '_min', '_max', '_mean', '_stddev', '_p50'].map((part) => [part, gauge(part)]),
  );
  excludeSamplingInterval(registry, 1);
  gauges['']!.set(0.002);
  gauges._min!.set(0.999);
  gauges._max!.set(1.5);
  gauges._mean!.set(1.25);
  gauges._stddev!.set(0.3);
  gauges._p50!.set(Number.NaN);
  const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  assert.deepEqual(
    lines.map((line) => line.replace('coroot_agent_nodejs_eventloop_', '')),
    [
      'lag_seconds 0.002',
      'lag_min_seconds 0',
      'lag_max_seconds 0.5',
      'lag_mean_seconds 0.25',
      'lag_stddev_seconds 0.3',
      'lag_p50_seconds Nan',
    ],
  );
});

test('an event loop that is idle has a lag far below the interval of its samples', { timeout: 30_000 }, async () => {
  const metrics = new SelfMetrics();
  metrics.startNodeMetrics();
  const lag = async () =>
    /^coroot_agent_nodejs_eventloop_lag_min_seconds (\S+)$/m.exec(await metrics.text())?.[1] ?? 'absent';
  let value = await lag();
  while (value === 'NaN') {
    await new Promise((resolve) => setTimeout(resolve, 2500));
    value = await lag();
  }
  assert.ok(Number(value) < 0.5, value);
});
