// Samples of a pass: label sets are built once and sorted, and duplicates are dropped and counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { MetricDefinition } from '../../src/collectors/catalogue.ts';
import { SampleGatherer } from '../../src/collectors/samples.ts';
import { samplesOf, shown } from '../helpers/samples.ts';

const things: MetricDefinition = {
  name: 'things',
  type: 'gauge',
  help: '',
  labels: ['zebra', 'apple'],
  scope: 'self',
  unit: '',
  emittedWhen: '',
};
const others: MetricDefinition = { ...things, name: 'others', labels: ['x'] };
const ofNode: MetricDefinition = { ...things, name: 'of_node', labels: [], scope: 'node' };
const ofContainer: MetricDefinition = { ...things, name: 'of_container', labels: ['image'], scope: 'container' };

type Row = [definition: MetricDefinition, owner: object, labels: () => Record<string, string>, value?: number];

function pass(gatherer: SampleGatherer, ...rows: Row[]) {
  gatherer.begin();
  for (const [definition, owner, labels, value = 1] of rows) gatherer.add(definition, owner, labels, value);
  return gatherer.finish(77);
}

/** The label objects of a snapshot, to compare identities. */
const labelsOf = (snapshot: ReturnType<typeof pass>, name = 'things') =>
  snapshot.families
    .filter(({ definition }) => definition.name === name)
    .flatMap((family) => [...family.samples()].map(({ labels }) => labels));

test('sorts labels with those of the scope, adds missing ones empty, and drops additional ones', () => {
  const snapshot = pass(
    new SampleGatherer(),
    [things, {}, () => ({ zebra: 'z', apple: 'a', foreign: 'x' })],
    [ofNode, {}, () => ({ system_uuid: 'S', machine_id: 'M' })],
    [ofContainer, {}, () => ({ container_id: '/win/a', machine_id: 'M' })],
  );
  assert.deepEqual(
    snapshot.families.map((family) => [family.definition.name, Object.entries(shown(family)[0]!.labels)]),
    [
      [
        'of_container',
        [
          ['container_id', '/win/a'],
          ['image', ''],
          ['machine_id', 'M'],
          ['system_uuid', ''],
        ],
      ],
      [
        'of_node',
        [
          ['machine_id', 'M'],
          ['system_uuid', 'S'],
        ],
      ],
      [
        'things',
        [
          ['apple', 'a'],
          ['zebra', 'z'],
        ],
      ],
    ],
  );
  assert.deepEqual([snapshot.atMs, snapshot.series], [77, 3]);
});

test('builds labels once for an owner and all families with the same label names', () => {
  const gatherer = new SampleGatherer();
  const owner = {};
  let made = 0;
  const labels = () => ({ apple: String(++made) });
  const alike: MetricDefinition = { ...things, name: 'alike' };
  const first = pass(gatherer, [things, owner, labels, 1], [alike, owner, labels, 2]);
  const second = pass(gatherer, [alike, owner, labels, 3], [things, owner, labels, 4]);
  assert.equal(made, 1);
  assert.deepEqual(
    [first, second].flatMap(({ families }) =>
      families.flatMap(shown).map(({ name, labels: { apple }, value }) => [name, apple, value]),
    ),
    [
      ['alike', '1', 2],
      ['things', '1', 1],
      ['alike', '1', 3],
      ['things', '1', 4],
    ],
  );
  const [kept] = labelsOf(first);
  assert.equal(labelsOf(first, 'alike')[0], kept);
  assert.equal(labelsOf(second)[0], kept);
  pass(gatherer);
  assert.equal(labelsOf(pass(gatherer, [things, owner, labels]))[0], kept);
});

test('keeps a snapshot unchanged while later passes run', () => {
  const gatherer = new SampleGatherer();
  const owner = {};
  const other = {};
  const labels = (name: string) => () => ({ apple: name });
  const first = pass(gatherer, [things, owner, labels('a'), 1], [things, other, labels('b'), 2]);
  for (let value = 3; value < 8; value++)
    pass(gatherer, [things, other, labels('b'), value], [things, {}, labels('c'), value]);
  assert.deepEqual(
    samplesOf(first, 'things').map(({ labels: { apple }, value }) => [apple, value]),
    [
      ['a', 1],
      ['b', 2],
    ],
  );
  assert.equal(first.series, 2);
});

test('adds a series of one owner to each family', () => {
  const gatherer = new SampleGatherer();
  const owner = {};
  const rows: Row[] = [things, others, ofNode].map((definition) => [
    definition,
    owner,
    () => ({ x: definition.name, apple: definition.name }),
  ]);
  for (let i = 0; i < 3; i++) {
    const snapshot = pass(gatherer, ...rows);
    assert.deepEqual([snapshot.series, gatherer.duplicates], [3, 0]);
    assert.deepEqual(
      [samplesOf(snapshot, 'others')[0]!.labels.x, samplesOf(snapshot, 'things')[0]!.labels.apple],
      ['others', 'things'],
    );
  }
});

test('drops and counts a second sample of a series, from the same or another owner', () => {
  const gatherer = new SampleGatherer();
  const owner = {};
  const same = () => ({ apple: 'a' });
  const snapshot = pass(
    gatherer,
    [things, owner, same, 1],
    [things, {}, same, 2],
    [things, owner, same, 3],
    [others, {}, same, 4],
  );
  assert.deepEqual(
    samplesOf(snapshot, 'things').map(({ value }) => value),
    [1],
  );
  assert.deepEqual([gatherer.duplicates, snapshot.series], [2, 2]);
  pass(gatherer, [things, owner, same]);
  assert.equal(gatherer.duplicates, 0);
});

test('accepts a series that changes its owner and back, without a pass between', () => {
  const gatherer = new SampleGatherer();
  const owners = [{}, {}];
  const same = () => ({ apple: 'a' });
  for (let i = 0; i < 6; i++) {
    const snapshot = pass(gatherer, [things, owners[i % 2]!, same, i]);
    assert.deepEqual([samplesOf(snapshot, 'things')[0]?.value, gatherer.duplicates], [i, 0]);
  }
});

test('accepts one owner in a pass for a series that other passes lacked', () => {
  const gatherer = new SampleGatherer();
  const owners = [{}, {}];
  const same = () => ({ apple: 'a' });
  pass(gatherer, [things, owners[0]!, same], [things, owners[1]!, same]);
  pass(gatherer, [others, {}, same]);
  const snapshot = pass(gatherer, [things, owners[0]!, same, 5], [things, owners[1]!, same, 6]);
  assert.deepEqual([samplesOf(snapshot, 'things').length, gatherer.duplicates], [1, 1]);
});

test('keeps label values apart that are equal when joined', () => {
  const gatherer = new SampleGatherer();
  const snapshot = pass(
    gatherer,
    [things, {}, () => ({ apple: 'ab', zebra: 'c' })],
    [things, {}, () => ({ apple: 'a', zebra: 'bc' })],
    [things, {}, () => ({ apple: 'abc', zebra: '' })],
    [things, {}, () => ({ apple: '', zebra: 'abc' })],
  );
  assert.deepEqual([snapshot.series, gatherer.duplicates], [4, 0]);
});

test('drops a series with texts that are equal when written as UTF-8', () => {
  const gatherer = new SampleGatherer();
  pass(gatherer, [things, {}, () => ({ apple: '\ud800' })], [things, {}, () => ({ apple: '\ufffd' })]);
  assert.equal(gatherer.duplicates, 1);
});

test('builds every set again, once, after a relabelling', () => {
  const gatherer = new SampleGatherer();
  const owner = {};
  let id = 'old';
  let made = 0;
  const labels = () => ({ machine_id: id, apple: String(++made) });
  pass(gatherer, [ofNode, owner, labels], [things, owner, labels]);
  id = 'new';
  gatherer.relabel({ machine_id: 'new', system_uuid: '' });
  for (let i = 0; i < 3; i++) {
    const snapshot = pass(gatherer, [ofNode, owner, labels], [things, owner, labels]);
    assert.deepEqual([samplesOf(snapshot, 'of_node')[0]!.labels.machine_id, snapshot.series], ['new', 2]);
  }
  assert.equal(made, 4);
});

const sizes: MetricDefinition = { ...others, name: 'sizes', type: 'histogram', buckets: [1, 2] };

test('builds labels of a histogram once, counts its series, and drops a second one as a whole', () => {
  const gatherer = new SampleGatherer();
  const owner = {};
  let made = 0;
  const run = (counts: number[], twice = false) => {
    gatherer.begin();
    for (const each of twice ? [owner, {}] : [owner]) {
      gatherer.addHistogram(sizes, each, () => ({ x: String(++made && 'x') }), { counts, sum: 7 });
    }
    return gatherer.finish(0);
  };
  const first = run([1, 2, 3]);
  assert.deepEqual(
    samplesOf(first, 'sizes').map(({ name, labels, value }) => [name, labels.le, value]),
    [
      ['sizes_bucket', '1', 1],
      ['sizes_bucket', '2', 3],
      ['sizes_bucket', '+Inf', 6],
      ['sizes_sum', undefined, 7],
      ['sizes_count', undefined, 6],
    ],
  );
  assert.deepEqual(Object.keys(samplesOf(first, 'sizes')[0]!.labels), ['le', 'x']);
  const sets = labelsOf(first, 'sizes');
  const before = made;
  const second = run([1, 2, 3]);
  assert.equal(made, before);
  for (const [i, labels] of labelsOf(second, 'sizes').entries()) assert.equal(labels, sets[i]);
  assert.deepEqual([second.series, gatherer.duplicates], [5, 0]);
  assert.deepEqual([run([4, 0, 0], true).series, gatherer.duplicates], [5, 5]);
});

test('sorts families by name, and drops those without samples', () => {
  const gatherer = new SampleGatherer();
  const names = (snapshot: ReturnType<typeof pass>) => snapshot.families.map(({ definition }) => definition.name);
  assert.deepEqual(names(pass(gatherer, [things, {}, () => ({})], [others, {}, () => ({})])), ['others', 'things']);
  assert.deepEqual(names(pass(gatherer, [things, {}, () => ({})])), ['things']);
});

test('emits a series once when an owner reappears and another one has it', () => {
  const gatherer = new SampleGatherer();
  const owners = [{}, {}];
  const same = () => ({ apple: 'a' });
  pass(gatherer, [things, owners[0]!, same]);
  pass(gatherer);
  pass(gatherer, [things, owners[1]!, same]);
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const snapshot = pass(gatherer, ...order.map((i): Row => [things, owners[i!]!, same, i!]));
    assert.deepEqual([samplesOf(snapshot, 'things').length, gatherer.duplicates], [1, 1]);
  }
});

test('frees the sets of removed owners, over 200 passes with 500 new series each', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const gatherer = new SampleGatherer();
  const row = (i: number): Row => [things, {}, () => ({ apple: `${i}-${'x'.repeat(1000)}` })];
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let round = 0; round < 200; round++)
    pass(gatherer, ...Array.from({ length: 500 }, (_, i) => row(round * 500 + i)));
  collectGarbage();
  // A leak would need at least 100 MB.
  assert.ok(process.memoryUsage().heapUsed - before < 20_000_000);
  pass(gatherer);
});
