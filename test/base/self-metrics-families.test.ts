// Self-metrics as families, compared with their text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import { parseExposition } from '../helpers/exposition.ts';

test('has the families and series of the text, without families that have no series', async () => {
  const metrics = new SelfMetrics();
  const label = 'quote " backslash \\ line\nfeed';
  metrics.increment(
    { name: 'calls_total', type: 'counter', help: 'Help \\ of\ncalls', labels: ['a'] },
    { a: label },
    2,
  );
  metrics.set({ name: 'size', type: 'gauge', help: 'Size', labels: [] }, {}, Number.NaN);
  const timing = { name: 'call_seconds', type: 'histogram', help: 'Time', labels: ['a'], buckets: [0.5, 2] } as const;
  metrics.observe(timing, { a: '1' }, 1);
  metrics.setTotals({ name: 'empty_total', type: 'counter', help: 'None', labels: ['a'] }, []);
  const families = await metrics.families();
  assert.deepEqual(
    families.map(({ series, ...family }) => ({ ...family, samples: series })),
    parseExposition(await metrics.text()),
  );
  assert.deepEqual(
    families.map(({ name }) => name),
    ['calls_total', 'size', 'call_seconds'],
  );
});

test('has the metrics of Node with texts as labels', async () => {
  const metrics = new SelfMetrics();
  metrics.startNodeMetrics();
  const families = await metrics.families();
  const version = families.find(({ name }) => name === 'coroot_agent_nodejs_version_info');
  assert.deepEqual(version?.series[0]?.labels.version, process.version);
  for (const { series } of families)
    for (const { labels } of series) for (const text of Object.values(labels)) assert.equal(typeof text, 'string');
});
