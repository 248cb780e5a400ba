// Passes as bodies of remote write, decoded by snappyjs and protobufjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SelfMetrics } from '../../../src/base/self-metrics.ts';
import type { MetricDefinition } from '../../../src/collectors/catalogue.ts';
import { SampleGatherer, type Snapshot } from '../../../src/collectors/samples.ts';
import { renderExposition } from '../../../src/exporters/exposition.ts';
import type { Payload } from '../../../src/exporters/payload.ts';
import { encodePass } from '../../../src/exporters/remote-write/write-request.ts';
import { parseExposition } from '../../helpers/exposition.ts';
import { below, seeded } from '../../helpers/random.ts';
import { decodeWriteRequest, plainBody, seriesText, type WriteRequest } from '../../helpers/write-request.ts';

const MACHINE = { machine_id: 'M1', system_uuid: '' };
const AT_MS = 1_764_288_000_123;

const family = (name: string, values: Partial<MetricDefinition> = {}): MetricDefinition => {
  return {
    name,
    type: 'gauge',
    help: `Help of ${name}`,
    labels: ['x'],
    scope: 'self',
    unit: '',
    emittedWhen: '',
    ...values,
  };
};

/** A pass of a machine with a known id. */
function pass(
  add: (gatherer: SampleGatherer) => void,
  gatherer = new SampleGatherer(),
  nodeLabels = MACHINE,
): Snapshot {
  gatherer.relabel(nodeLabels);
  gatherer.begin();
  add(gatherer);
  return gatherer.finish(AT_MS);
}

async function encode(snapshot: Snapshot, selfMetrics = new SelfMetrics()): Promise<Payload> {
  return (await encodePass(snapshot, await selfMetrics.families()))!;
}

const decode = async (snapshot: Snapshot): Promise<WriteRequest> => decodeWriteRequest((await encode(snapshot)).body);

/** The series of a request, without `up`. */
const seriesOf = ({ timeseries }: WriteRequest): string[] =>
  timeseries.map(seriesText).filter((text) => !text.startsWith('{__name__="up"'));

/** Series by the rules of remote write, from the exposition text of the same pass. */
function expectedSeries(text: string, instance = 'M1', atMs = AT_MS): string[] {
  return parseExposition(text).flatMap(({ samples }) =>
    samples.map(({ name, labels, value }) => {
      const own = Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== ''));
      const all = Object.entries({ job: 'coroot-node-agent', instance, ...own, __name__: name });
      const sorted = all.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      return seriesText({
        labels: sorted.map(([label, text]) => ({ name: label, value: text })),
        samples: [{ value, timestamp: String(atMs) }],
      });
    }),
  );
}

test('sends a gauge with job, instance and the time of the pass', async () => {
  const payload = await encode(pass((to) => to.add(family('things'), {}, () => ({ x: 'a' }), 2.5)));
  assert.deepEqual(decodeWriteRequest(payload.body), {
    timeseries: [
      {
        labels: [
          { name: '__name__', value: 'things' },
          { name: 'instance', value: 'M1' },
          { name: 'job', value: 'coroot-node-agent' },
          { name: 'x', value: 'a' },
        ],
        samples: [{ value: 2.5, timestamp: '1764288000123' }],
      },
      {
        labels: [
          { name: '__name__', value: 'up' },
          { name: 'instance', value: 'M1' },
          { name: 'job', value: 'coroot-node-agent' },
        ],
        samples: [{ value: 1, timestamp: '1764288000123' }],
      },
    ],
    metadata: [
      { type: 2, metricFamilyName: 'things', help: 'Help of things', unit: '' },
      { type: 2, metricFamilyName: 'up', help: '', unit: '' },
    ],
  });
  const { kind, encoding, count, oldestMs, newestMs } = payload;
  assert.deepEqual([kind, encoding, count, oldestMs, newestMs], ['metrics', 'snappy', 2, AT_MS, AT_MS]);
});

test('sends buckets, sum and count of a histogram, with le among the other labels', async () => {
  const latency = family('latency_seconds', { type: 'histogram', buckets: [0.005, 1, 10], labels: ['a', 'z'] });
  const request = await decode(
    pass((to) => to.addHistogram(latency, {}, () => ({ a: '1', z: '2' }), { counts: [2, 0, 3, 1], sum: 40.5 })),
  );
  const common = 'a="1",instance="M1",job="coroot-node-agent"';
  const time = `@${AT_MS}`;
  assert.deepEqual(seriesOf(request), [
    `{__name__="latency_seconds_bucket",${common},le="0.005",z="2"} 2 ${time}`,
    `{__name__="latency_seconds_bucket",${common},le="1",z="2"} 2 ${time}`,
    `{__name__="latency_seconds_bucket",${common},le="10",z="2"} 5 ${time}`,
    `{__name__="latency_seconds_bucket",${common},le="+Inf",z="2"} 6 ${time}`,
    `{__name__="latency_seconds_sum",${common},z="2"} 40.5 ${time}`,
    `{__name__="latency_seconds_count",${common},z="2"} 6 ${time}`,
  ]);
  assert.equal(request.metadata[0]!.type, 4 - 1);
});

test('sorts labels by their bytes, also those that sort before __name__ and behind le', async () => {
  const shape = family('things', { labels: ['A', 'Z', '_', '__a', '__zz', 'a', 'lf', 'zz'] });
  const labels = { A: '1', Z: '2', _: '3', __a: '4', __zz: '5', a: '6', lf: '7', zz: '8' };
  const histogram = { ...shape, name: 'times', type: 'histogram', buckets: [1] } as const;
  const request = await decode(
    pass((to) => {
      to.add(shape, {}, () => labels, 1);
      to.addHistogram(histogram, {}, () => labels, { counts: [1, 1], sum: 1 });
    }),
  );
  const names = request.timeseries.map((series) => series.labels.map(({ name }) => name).join(' '));
  assert.equal(names[0], 'A Z _ __a __name__ __zz a instance job lf zz');
  assert.equal(names[1], 'A Z _ __a __name__ __zz a instance job le lf zz');
});

test('keeps own labels job and instance of a series', async () => {
  const own = family('things', { labels: ['instance', 'job'] });
  const request = await decode(
    pass((to) => {
      to.add(own, {}, () => ({ instance: 'other', job: 'theirs' }), 1);
      to.add(own, {}, () => ({ instance: '', job: 'theirs' }), 2);
    }),
  );
  assert.deepEqual(seriesOf(request), [
    `{__name__="things",instance="other",job="theirs"} 1 @${AT_MS}`,
    `{__name__="things",instance="M1",job="theirs"} 2 @${AT_MS}`,
  ]);
});

test('omits labels with an empty value, which the specification forbids', async () => {
  const request = await decode(
    pass((to) => to.add(family('things', { labels: ['x', 'y'] }), {}, () => ({ x: '', y: 'b' }), 1)),
  );
  assert.deepEqual(seriesOf(request), [`{__name__="things",instance="M1",job="coroot-node-agent",y="b"} 1 @${AT_MS}`]);
});

test('sends the machine id and system UUID of host series, but not for up and self-metrics', async () => {
  const nodeLabels = { machine_id: 'M1', system_uuid: 'AAAA-BBBB' };
  const selfMetrics = new SelfMetrics();
  selfMetrics.set({ name: 'own', type: 'gauge', help: 'Own', labels: [] }, {}, 1);
  const snapshot = pass(
    (to) => to.add(family('node_things', { scope: 'node', labels: [] }), {}, () => nodeLabels, 1),
    new SampleGatherer(),
    nodeLabels,
  );
  // printf 'M1AAAABBBB' | md5sum
  const common = 'instance="e3fcdc230c42cfeb12195ad7238f5322",job="coroot-node-agent"';
  assert.deepEqual(decodeWriteRequest((await encode(snapshot, selfMetrics)).body).timeseries.map(seriesText), [
    `{__name__="node_things",${common},machine_id="M1",system_uuid="AAAA-BBBB"} 1 @${AT_MS}`,
    `{__name__="own",${common}} 1 @${AT_MS}`,
    `{__name__="up",${common}} 1 @${AT_MS}`,
  ]);
});

test('has no payload while the machine id is not known', async () => {
  const unknown = { machine_id: '', system_uuid: 'AAAA' };
  assert.equal(
    await encodePass(
      pass(() => {}, new SampleGatherer(), unknown),
      [],
    ),
    undefined,
  );
});

test('sends up alone for an empty pass', async () => {
  const payload = await encode(pass(() => {}));
  assert.equal(payload.count, 1);
  assert.deepEqual(decodeWriteRequest(payload.body).timeseries.map(seriesText), [
    `{__name__="up",instance="M1",job="coroot-node-agent"} 1 @${AT_MS}`,
  ]);
});

test('sends every kind of number, and NaN as the one without a meaning in Prometheus', async () => {
  const stale = new Float64Array(new BigUint64Array([0x7ff0_0000_0000_0002n]).buffer)[0]!;
  const numbers = [0, -0, -1.5, 5e-324, 2 ** 53, 1.7976931348623157e308, Infinity, -Infinity, Number.NaN, stale];
  const snapshot = pass((to) =>
    numbers.forEach((value, i) => void to.add(family('things'), {}, () => ({ x: `${i}` }), value)),
  );
  const { body } = await encode(snapshot);
  const values = decodeWriteRequest(body).timeseries.map(({ samples }) => samples[0]!.value);
  assert.deepEqual(values.slice(0, -1), [...numbers.slice(0, 9), Number.NaN]);
  const plain = Buffer.from(plainBody(body));
  const normalNan = Buffer.from([1, 0, 0, 0, 0, 0, 0xf8, 0x7f]);
  assert.equal(plain.indexOf(normalNan, plain.indexOf(normalNan) + 1) > 0, true);
  assert.equal(plain.includes(Buffer.from([2, 0, 0, 0, 0, 0, 0xf0, 0x7f])), false);
});

test('sends times before 1970, and fractions of milliseconds as whole ones', async () => {
  for (const [atMs, expected] of [
    [0, '0'],
    [-1, '-1'],
    [1.9, '1'],
    [2 ** 53 - 1, '9007199254740991'],
  ] as const) {
    const { body } = await encode({ ...pass(() => {}), atMs });
    assert.equal(decodeWriteRequest(body).timeseries[0]!.samples[0]!.timestamp, expected);
  }
});

const hardValues = [
  ' ',
  'C:\\Windows\\n',
  '"quoted"\n\r\t\0',
  'ü',
  '\x7f\x80\xff',
  '名前 🙂',
  'x'.repeat(127),
  'x'.repeat(128),
  'ü'.repeat(8192),
  'y'.repeat(65_536),
  '名'.repeat(65_536),
];

test('sends Unicode and long label values as UTF-8', async () => {
  const request = await decode(
    pass((to) => hardValues.forEach((x, i) => void to.add(family('things'), {}, () => ({ x }), i))),
  );
  assert.deepEqual(
    request.timeseries.slice(0, -1).map(({ labels }) => labels.at(-1)!.value),
    hardValues,
  );
});

test('replaces lone surrogates in labels and help texts', async () => {
  const selfMetrics = new SelfMetrics();
  selfMetrics.set({ name: 'own', type: 'gauge', help: 'a\ud800', labels: ['x'] }, { x: '\udc00b' }, 1);
  const snapshot = pass((to) => to.add(family('things', { help: '\ud800' }), {}, () => ({ x: 'a\ud800b' }), 1));
  const { timeseries, metadata } = decodeWriteRequest((await encode(snapshot, selfMetrics)).body);
  assert.deepEqual(
    timeseries.slice(0, 2).map(({ labels }) => labels.at(-1)!.value),
    ['a\ufffdb', '\ufffdb'],
  );
  assert.deepEqual(
    metadata.slice(0, 2).map(({ help }) => help),
    ['\ufffd', 'a\ufffd'],
  );
});

test('sends the self-metrics and Node metrics that the exposition has', async () => {
  const selfMetrics = new SelfMetrics();
  selfMetrics.increment({ name: 'calls_total', type: 'counter', help: 'Calls', labels: ['a'] }, { a: 'b"\n\\' }, 3);
  const timing = { name: 'call_seconds', type: 'histogram', help: 'Time', labels: ['a'], buckets: [0.5, 2] } as const;
  selfMetrics.observe(timing, { a: '1' }, 1);
  const text = await selfMetrics.text();
  const { timeseries, metadata } = decodeWriteRequest(
    (
      await encode(
        pass(() => {}),
        selfMetrics,
      )
    ).body,
  );
  assert.deepEqual(timeseries.slice(0, -1).map(seriesText), expectedSeries(text));
  assert.deepEqual(
    metadata.slice(0, -1).map(({ metricFamilyName, help, type }) => `${metricFamilyName} ${help} ${type}`),
    ['calls_total Calls 1', 'call_seconds Time 3'],
  );
});

test('keeps the bytes of a label set, and encodes it again after a change of the instance', async () => {
  const gatherer = new SampleGatherer();
  const owner = {};
  const add = (to: SampleGatherer) => to.add(family('things'), owner, () => ({ x: 'a' }), 1);
  const first = pass(add, gatherer);
  const set = first.families[0]!.sets[0]!;
  assert.equal(set.encoded, undefined);
  await encode(first);
  const kept = set.encoded;
  await encode(first);
  assert.equal(set.encoded, kept);
  assert.match(
    seriesOf(await decode({ ...first, nodeLabels: { machine_id: 'M2', system_uuid: '' } }))[0]!,
    /instance="M2"/,
  );
  assert.match(seriesOf(await decode(pass(add, gatherer, { machine_id: 'M3', system_uuid: '' })))[0]!, /instance="M3"/);
});

test('sends the same series as the exposition, at every size of a slice', async () => {
  // Bodies of a few bytes to several slices of 63 KiB, in steps that are not a divisor of a slice.
  const text = 'x'.repeat(9973);
  const things = family('things');
  for (let count = 0; count <= 45; count += 5) {
    const snapshot = pass((to) => {
      for (let i = 0; i < count; i++) to.add(things, {}, () => ({ x: `${i}${text}` }), i);
    });
    assert.deepEqual(seriesOf(await decode(snapshot)), count === 0 ? [] : expectedSeries(renderExposition(snapshot)));
  }
});

test('joins slices whose ends fall on every byte of a series', async () => {
  const filler = (length: number): string => 'f'.repeat(length);
  // Around the end of a slice of 63 KiB and of the space behind it.
  for (const near of [64_512, 80_896]) {
    for (let length = near - 160; length <= near + 10; length++) {
      const snapshot = pass((to) => {
        for (const x of [filler(length), 'b', 'c']) to.add(family('a'), {}, () => ({ x }), 1);
      });
      const values = (await decode(snapshot)).timeseries.map(({ labels }) => labels.at(-1)!.value);
      assert.deepEqual(
        values.map(({ length }) => length),
        [length, 1, 1, 'coroot-node-agent'.length],
      );
    }
  }
});

test('lets other work run between slices, and encodes two passes at the same time', async () => {
  const things = family('things');
  const large = (start: string) =>
    pass((to) => {
      for (let i = 0; i < 5000; i++) to.add(things, {}, () => ({ x: `${start}${i}`.padEnd(200, '-') }), i);
    });
  const snapshots = [large('a'), large('b')];
  let turns = 0;
  let done = false;
  const countTurns = () => {
    turns++;
    if (!done) setImmediate(countTurns);
  };
  setImmediate(countTurns);
  const payloads = await Promise.all(snapshots.map((snapshot) => encode(snapshot)));
  done = true;
  // 5,000 series of about 280 bytes are 21 slices.
  assert.ok(turns >= 20, `${turns}`);
  for (const [i, { body }] of payloads.entries())
    assert.deepEqual(seriesOf(decodeWriteRequest(body)), expectedSeries(renderExposition(snapshots[i]!)));
});

test('lets other work run after every 63 label sets that it encodes', async () => {
  const snapshot = pass((to) => {
    for (let i = 0; i < 630; i++) to.add(family('things'), {}, () => ({ x: `${i}` }), i);
  });
  const turnsOf = async (): Promise<number> => {
    let turns = 0;
    let done = false;
    const countTurns = () => {
      turns++;
      if (!done) setImmediate(countTurns);
    };
    setImmediate(countTurns);
    await encode(snapshot);
    done = true;
    return turns;
  };
  await encode(pass(() => {}));
  assert.ok((await turnsOf()) >= 10);
  // Encoded label sets are kept: 60 KB of series are less than a slice.
  assert.ok((await turnsOf()) < 5);
});

test('sends random passes like the exposition', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = seeded(seed);
    const names = ['A', 'a', 'instance', 'job', 'k', 'le_', 'm', 'machine', 'z9'].filter(() => random() < 0.5);
    const value = () => hardValues[below(random, hardValues.length - 3)]!.slice(0, below(random, 200)).toWellFormed();
    const number = () => [0, 1, random() * 1e6, -random(), Number.NaN, Infinity][below(random, 6)]!;
    const snapshot = pass((to) => {
      for (let f = 0; f < 1 + below(random, 5); f++) {
        const labels = names.filter(() => random() < 0.7);
        const made = () => Object.fromEntries(labels.map((name) => [name, value()]));
        const buckets = [0.1, 1, 5, 1000].slice(0, 1 + below(random, 4));
        const histogram = family(`f${f}_seconds`, { labels, type: 'histogram', buckets });
        const counter = family(`f${f}_total`, { labels, type: 'counter' });
        for (let row = 0; row < 1 + below(random, 60); row++) {
          to.add(counter, {}, made, number());
          const counts = Array.from({ length: buckets.length + 1 }, () => below(random, 9));
          to.addHistogram(histogram, {}, made, { counts, sum: number() });
        }
      }
    });
    const expected = expectedSeries(renderExposition(snapshot));
    const payload = await encode(snapshot);
    assert.deepEqual(seriesOf(decodeWriteRequest(payload.body)), expected, `seed ${seed}`);
    assert.equal(payload.count, expected.length + 1);
  }
});
