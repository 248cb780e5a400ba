// The scrape endpoint: renders the last finished pass, and nothing before the first one or after the stop.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import type { MetricDefinition } from '../../src/collectors/catalogue.ts';
import { catalogue } from '../../src/collectors/catalogue.ts';
import { SampleGatherer } from '../../src/collectors/samples.ts';
import { EXPOSITION_TYPE } from '../../src/exporters/exposition.ts';
import { ScrapeOutput } from '../../src/exporters/scrape.ts';
import { parseExposition } from '../helpers/exposition.ts';

const things: MetricDefinition = {
  name: 'things',
  type: 'gauge',
  help: 'Things',
  labels: [],
  scope: 'self',
  unit: '',
  emittedWhen: '',
};

function pass(value: number) {
  const gatherer = new SampleGatherer();
  gatherer.begin();
  gatherer.add(things, {}, () => ({}), value);
  return gatherer.finish(value);
}

async function textOf(scrape: ScrapeOutput): Promise<string> {
  let text = '';
  for await (const piece of scrape.exposition()!.pieces) text += piece;
  return text;
}

test('renders the pass that it received last', async () => {
  const scrape = new ScrapeOutput(async () => '');
  scrape.start();
  for (const value of [1, 2]) scrape.afterPass(pass(value));
  const [family] = parseExposition(await textOf(scrape));
  assert.deepEqual([family!.name, family!.samples[0]!.value], ['things', 2]);
  assert.equal(scrape.exposition()!.type, EXPOSITION_TYPE);
});

test('renders one pass in a scrape, although the next pass finishes meanwhile', async () => {
  const scrape = new ScrapeOutput(async () => '');
  scrape.afterPass(pass(1));
  const { pieces } = scrape.exposition()!;
  scrape.afterPass(pass(2));
  let text = '';
  for await (const piece of pieces) text += piece;
  assert.equal(parseExposition(text)[0]!.samples[0]!.value, 1);
});

test('renders the self-metrics after the pass, as one valid exposition', async () => {
  const selfMetrics = new SelfMetrics();
  const scrape = new ScrapeOutput(() => selfMetrics.text());
  scrape.afterPass(pass(1));
  assert.equal(parseExposition(await textOf(scrape)).length, 1);
  selfMetrics.increment(catalogue.selfReadings, { kind: 'tcp', result: 'good' });
  selfMetrics.observe(catalogue.selfPassDuration, {}, 0.02);
  const families = parseExposition(await textOf(scrape)).map(({ name, samples }) => [name, samples.length]);
  assert.deepEqual(families, [
    ['things', 1],
    ['coroot_agent_readings_total', 1],
    ['coroot_agent_pass_duration_seconds', 11],
  ]);
  // Without a family only the self-metrics are rendered.
  scrape.afterPass({ atMs: 1, nodeLabels: { machine_id: '', system_uuid: '' }, families: [], series: 0 });
  assert.equal(parseExposition(await textOf(scrape)).length, 2);
});

test('has no exposition before the first pass and after the stop', async () => {
  const scrape = new ScrapeOutput(async () => '');
  assert.equal(scrape.exposition(), undefined);
  scrape.afterPass(pass(1));
  assert.ok(scrape.exposition());
  assert.equal(await scrape.stop(), true);
  assert.equal(scrape.exposition(), undefined);
});

test('reports scrapes and series in its status', () => {
  const scrape = new ScrapeOutput(async () => '');
  scrape.exposition();
  assert.deepEqual(scrape.status(), { detail: { scrapes: 0, series: 0 }, problem: '' });
  scrape.afterPass(pass(1));
  scrape.exposition();
  assert.deepEqual(scrape.status(), { detail: { scrapes: 1, series: 1 }, problem: '' });
});
