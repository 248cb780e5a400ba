// A pass as Prometheus text, parsed by an independent parser and, if installed, by promtool.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { MetricDefinition } from '../../src/collectors/catalogue.ts';
import type { Family } from '../../src/collectors/family-samples.ts';
import { SampleGatherer, type Snapshot } from '../../src/collectors/samples.ts';
import { EXPOSITION_TYPE, expositionPieces, renderExposition } from '../../src/exporters/exposition.ts';
import { parseExposition } from '../helpers/exposition.ts';

const family = (name: string, labels: string[] = ['x'], values: Partial<MetricDefinition> = {}): MetricDefinition => {
  return {
    name,
    type: 'gauge',
    help: `Help of ${name}`,
    labels,
    scope: 'self',
    unit: 'things',
    emittedWhen: 'always',
    ...values,
  };
};

const a = family('a_things');

/** One pass with these values of the label `x` and numbers. */
function pass(values: readonly [string, number][], definition = a, gatherer = new SampleGatherer()): Snapshot {
  gatherer.begin();
  for (const [x, value] of values) gatherer.add(definition, { x }, (owner) => owner, value);
  return gatherer.finish(0);
}

test('renders names, types, help texts, labels and values', () => {
  const gatherer = new SampleGatherer();
  gatherer.begin();
  const counter = family('b_total', ['zebra', 'apple'], { type: 'counter', help: "it's", scope: 'container' });
  gatherer.add(
    counter,
    {},
    () => ({ zebra: 'z', apple: 'a', container_id: '/win/a', system_uuid: 'S', machine_id: 'M' }),
    2.5,
  );
  gatherer.add(a, {}, () => ({ x: '1' }), 1);
  gatherer.add(a, {}, () => ({ x: '2' }), 0);
  assert.deepEqual(parseExposition(renderExposition(gatherer.finish(0))), [
    {
      name: 'a_things',
      type: 'gauge',
      help: 'Help of a_things',
      samples: [
        { name: 'a_things', labels: { x: '1' }, value: 1 },
        { name: 'a_things', labels: { x: '2' }, value: 0 },
      ],
    },
    {
      name: 'b_total',
      type: 'counter',
      help: "it's",
      samples: [
        {
          name: 'b_total',
          labels: { apple: 'a', container_id: '/win/a', machine_id: 'M', system_uuid: 'S', zebra: 'z' },
          value: 2.5,
        },
      ],
    },
  ]);
});

const hardValues = [
  '',
  ' ',
  'C:\\Windows\\n',
  '"quoted"',
  'line\nfeed',
  '\\',
  '\\"',
  '\\\n',
  '{a="b"} 1',
  '# HELP',
  '名前 ü 🙂',
  '\r\t\0',
  ',',
  '}',
];

test('escapes label values so that they parse to the same text', () => {
  const text = renderExposition(pass(hardValues.map((value, i) => [value, i])));
  const [parsed] = parseExposition(text);
  assert.deepEqual(
    parsed!.samples.map(({ labels }) => labels.x),
    hardValues,
  );
});

test('escapes help texts', () => {
  const text = renderExposition(pass([['1', 1]], family('a_things', ['x'], { help: 'C:\\new\nline' })));
  assert.equal(parseExposition(text)[0]!.help, 'C:\\new\nline');
});

test('replaces lone surrogates, and keeps pairs', () => {
  const text = renderExposition(
    pass([
      ['a\ud800b', 1],
      ['\udc00', 2],
      ['🙂', 3],
    ]),
  );
  assert.deepEqual(
    parseExposition(text)[0]!.samples.map(({ labels }) => labels.x),
    ['a\ufffdb', '\ufffd', '🙂'],
  );
});

test('renders numbers of every size so that they parse to the same value', () => {
  const numbers = [
    0,
    -1,
    0.1,
    1e-9,
    123456789.123456,
    2 ** 53,
    1e21,
    1.7976931348623157e308,
    5e-324,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  const text = renderExposition(pass(numbers.map((value, i) => [String(i), value])));
  assert.deepEqual(
    parseExposition(text)[0]!.samples.map(({ value }) => value),
    numbers,
  );
});

const latency = family('latency_seconds', ['x'], { type: 'histogram', buckets: [0.005, 1, 10] });

test('renders cumulative buckets, sum and count of a histogram', () => {
  const gatherer = new SampleGatherer();
  gatherer.begin();
  gatherer.addHistogram(latency, {}, () => ({ x: 'a' }), { counts: [2, 0, 3, 1], sum: 40.5 });
  gatherer.addHistogram(latency, {}, () => ({ x: 'b' }), { counts: [], sum: 0 });
  const [parsed] = parseExposition(renderExposition(gatherer.finish(0)));
  assert.equal(parsed!.type, 'histogram');
  assert.deepEqual(
    parsed!.samples.map(
      ({ name, labels: { le = '', x }, value }) => `${name.replace('latency_seconds', '')} ${x} ${le} ${value}`,
    ),
    [
      '_bucket a 0.005 2',
      '_bucket a 1 2',
      '_bucket a 10 5',
      '_bucket a +Inf 6',
      '_sum a  40.5',
      '_count a  6',
      '_bucket b 0.005 0',
      '_bucket b 1 0',
      '_bucket b 10 0',
      '_bucket b +Inf 0',
      '_sum b  0',
      '_count b  0',
    ],
  );
});

test('renders an empty text for an empty pass', () => {
  assert.equal(renderExposition(pass([])), '');
});

test('renders NaN in the spelling of the format', () => {
  const text = renderExposition(pass([['1', Number.NaN]]));
  assert.ok(Number.isNaN(parseExposition(text)[0]!.samples[0]!.value));
});

test('renders the same text as prom-client', async () => {
  const gatherer = new SampleGatherer();
  gatherer.begin();
  const registry = new Registry();
  const registers = [registry];
  const gauge = new Gauge({ name: a.name, help: a.help, labelNames: ['x'], registers });
  const histogram = new Histogram({
    name: latency.name,
    help: latency.help,
    labelNames: ['x'],
    buckets: [0.005, 1, 10],
    registers,
  });
  const plain = family('plain_total', [], { type: 'counter', help: 'a \\ and a \n' });
  new Counter({ name: plain.name, help: plain.help, registers }).inc(3.25);
  for (const [i, x] of hardValues.entries()) {
    gauge.set({ x }, i / 7 - 1);
    gatherer.add(a, {}, () => ({ x }), i / 7 - 1);
    for (const observed of [0.001, i, 2, 100]) histogram.observe({ x }, observed);
    const counts = [1 + Number(i === 0), Number(i === 1), 1 + Number(i > 1 && i <= 10), 1 + Number(i > 10)];
    gatherer.addHistogram(latency, {}, () => ({ x }), { counts, sum: 0.001 + i + 2 + 100 });
  }
  gatherer.add(plain, {}, () => ({}), 3.25);
  assert.equal(renderExposition(gatherer.finish(0)), await registry.metrics());
});

test('renders the pieces of a large pass on demand', () => {
  const snapshot = pass(Array.from({ length: 5000 }, (_, i) => [`${i}`.padStart(100, '-'), i]));
  const [large] = snapshot.families;
  let made = 0;
  const counted = {
    definition: large!.definition,
    labelNames: large!.labelNames,
    *samples() {
      for (const sample of large!.samples()) {
        made++;
        yield sample;
      }
    },
  } as Family;
  const pieces = expositionPieces({ ...snapshot, families: [counted] });
  const first = pieces.next().value as string;
  assert.ok(made > 100 && made < 500, `${made}`);
  const all = [first, ...pieces];
  assert.equal(made, 5000);
  assert.equal(all.join(''), renderExposition(snapshot));
  assert.ok(all.every((piece) => piece.length < 40_000));
});

test('does not mix the texts of two passes that are rendered at the same time', async () => {
  const gatherer = new SampleGatherer();
  const owner = {};
  const one = (value: number): Snapshot => {
    gatherer.begin();
    gatherer.add(a, owner, () => ({ x: '1' }), value);
    return gatherer.finish(value);
  };
  const first = renderExposition(one(1));
  const second = renderExposition(one(2));
  assert.equal(parseExposition(await first)[0]!.samples[0]!.value, 1);
  assert.equal(parseExposition(await second)[0]!.samples[0]!.value, 2);
});

test('names the format in the MIME type', () => {
  assert.equal(EXPOSITION_TYPE, 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(EXPOSITION_TYPE, Registry.PROMETHEUS_CONTENT_TYPE);
});

test('rejects invalid expositions in the parser of this test', () => {
  const head = '# HELP a x\n# TYPE a gauge\n';
  const bad = [
    'a 1',
    'a 1\n',
    `${head}b 1\n`,
    `${head}a{x="1",x="2"} 1\n`,
    `${head}a{y="1",x="2"} 1\n`,
    `${head}a{x="1",} 1\n`,
    `${head}a{x="\\t"} 1\n`,
    `${head}a{x="1} 1\n`,
    `${head}a 1\na 2\n`,
    `${head}a one\n`,
    `${head}a Nan\n`,
    `${head}a 1\n${head}a{x="1"} 1\n`,
    head,
    '# HELP a x\n',
    '# TYPE a gauge\na 1\n',
  ];
  const histogram = '# HELP h x\n# TYPE h histogram\n';
  const whole = ['h_bucket{le="1"} 1\n', 'h_bucket{le="+Inf"} 2\n', 'h_sum 3\n', 'h_count 2\n'];
  assert.equal(parseExposition(histogram + whole.join('')).length, 1);
  bad.push(
    `${histogram}h 1\n`,
    `${histogram}${whole.toSpliced(0, 1, 'h_bucket 1\n').join('')}`,
    `${histogram}${whole.toSpliced(0, 1, 'h_bucket{le="x"} 1\n').join('')}`,
    `${histogram}${whole.toSpliced(0, 1, 'h_bucket{le="1"} 3\n').join('')}`,
    `${histogram}${whole.toSpliced(0, 2, whole[1]!, whole[0]!).join('')}`,
    `${histogram}${whole.toSpliced(1, 1).join('')}`,
    `${histogram}${whole.toSpliced(2, 1).join('')}`,
    `${histogram}${whole.toSpliced(3, 1).join('')}`,
    `${histogram}${whole.toSpliced(3, 1, 'h_count 3\n').join('')}`,
    `${histogram}${whole.toSpliced(2, 0, 'h_bucket{le="1",x="2"} 1\n').join('')}`,
  );
  for (const text of bad) assert.throws(() => parseExposition(text), Error, text);
  assert.equal(parseExposition(`${head}a{x="1"} 1\n`).length, 1);
});

// An extra pair of eyes: the reader above must find everything by itself, so its absence is no gap.
test('renders text that promtool accepts', async (t) => {
  const gatherer = new SampleGatherer();
  gatherer.begin();
  for (const [i, x] of hardValues.entries()) {
    gatherer.add(a, {}, () => ({ x }), i);
    gatherer.addHistogram(latency, {}, () => ({ x }), { counts: [0, i, 0, 1], sum: i / 3 });
  }
  const text = renderExposition(gatherer.finish(0));
  const { status, error, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  if (error) return t.diagnostic('there is no promtool here (Debian: prometheus)');
  assert.equal(status, 0, stderr);
});
