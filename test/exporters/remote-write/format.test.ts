// Remote write as a format of the delivery: merged and split bodies, hostile bodies, texts of receivers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import snappy from 'snappyjs';
import type { Payload } from '../../../src/exporters/payload.ts';
import { remoteWriteFormat } from '../../../src/exporters/remote-write/format.ts';
import { below, seeded } from '../../helpers/random.ts';
import { decodeWriteRequest, plainBody, plainWriteRequest, seriesText } from '../../helpers/write-request.ts';

const payloadOf = (body: Uint8Array, count = 1): Payload => {
  return { kind: 'metrics', encoding: 'snappy', count, oldestMs: 1000, newestMs: 2000, body };
};

const seriesOf = (name: string, x: string, atMs = 1000) => ({
  labels: [
    { name: '__name__', value: name },
    { name: 'x', value: x },
  ],
  samples: [{ value: 1.5, timestamp: atMs }],
});

/** A payload that another encoder made: a family of each name with series of these labels. */
function payloadWith(families: Readonly<Record<string, readonly string[]>>, atMs = 1000): Payload {
  const parts = Object.entries(families).flatMap(([name, values]) => [
    plainWriteRequest({ metadata: [{ type: 2, metricFamilyName: name, help: `Help of ${name}` }] }),
    plainWriteRequest({ timeseries: values.map((x) => seriesOf(name, x, atMs)) }),
  ]);
  return payloadOf(snappy.compress(Buffer.concat(parts)), Object.values(families).flat().length);
}

test('merges payloads in their order into the concatenation of their messages', async () => {
  for (const count of [1, 2, 3, 40]) {
    const payloads = Array.from({ length: count }, (_, i) =>
      payloadWith({ things: Array.from({ length: i * 7 }, (_, x) => `${x}`.repeat(50)), last: ['x'] }, i),
    );
    const { body, headers } = await remoteWriteFormat.encodeRequest(payloads);
    assert.deepEqual(Buffer.from(plainBody(body)), Buffer.concat(payloads.map((each) => plainBody(each.body))));
    assert.deepEqual(headers, {
      'Content-Type': 'application/x-protobuf',
      'Content-Encoding': 'snappy',
      'X-Prometheus-Remote-Write-Version': '0.1.0',
    });
  }
});

test('rejects a request of no payload, of another kind and of another encoding', async () => {
  const payload = payloadWith({ things: ['a'] });
  await assert.rejects(remoteWriteFormat.encodeRequest([]), /at least one payload/);
  await assert.rejects(remoteWriteFormat.encodeRequest([{ ...payload, kind: 'logs' }]), /cannot send logs/);
  await assert.rejects(remoteWriteFormat.encodeRequest([{ ...payload, encoding: 'gzip' }]), /encoding gzip/);
});

test('has the plain size from the preamble, and the size of the body for a broken one', () => {
  const payload = payloadWith({ things: ['a'.repeat(70_000)] });
  assert.equal(remoteWriteFormat.plainBytes(payload), plainBody(payload.body).length);
  assert.equal(remoteWriteFormat.plainBytes(payloadOf(new Uint8Array())), 0);
  assert.equal(remoteWriteFormat.plainBytes(payloadOf(new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x0f, 0]))), 6);
});

/** Bodies that no encoder makes, with a part of the message that each must give. */
const hostile: Readonly<Record<string, readonly [bytes: readonly number[], message: RegExp]>> = {
  'an empty body': [[], /ends in its preamble/],
  'a preamble that is cut off': [[0x80], /ends in its preamble/],
  'a preamble of six bytes': [[0x80, 0x80, 0x80, 0x80, 0x80, 0x01], /longer than 5 bytes/],
  'a preamble of 4 GiB': [[0xff, 0xff, 0xff, 0xff, 0x0f, 0x00, 0x61], /claims 4294967295 bytes/],
  'a preamble above 4 GiB': [[0xff, 0xff, 0xff, 0xff, 0x7f, 0x00, 0x61], /claims/],
  'a preamble without elements': [[0x05], /claims 5 bytes/],
  'a preamble that is too large': [[0x05, 0x00, 0x61], /has 1 bytes of plain data and claims 5/],
  'a preamble that is too small': [[0x01, 0x04, 0x61, 0x62], /more than the 1 bytes/],
  'a literal that is cut off': [[0x05, 0x10, 0x61], /literal .* cut off/],
  'a long literal that is cut off': [[0x05, 0xfc, 0xff, 0xff, 0xff, 0xff], /literal .* cut off/],
  'a literal whose length is cut off': [[0x05, 0xf4, 0x01], /element .* cut off/],
  'a copy whose offset is cut off': [[0x05, 0x00, 0x61, 0x02, 0x01], /element .* cut off/],
  'a copy of offset 0': [[0x05, 0x00, 0x61, 0x01, 0x00], /refers to 0 bytes/],
  'a copy from before the start': [[0x05, 0x00, 0x61, 0x01, 0x02], /refers to 2 bytes before byte 1/],
};

for (const [name, [bytes, message]] of Object.entries(hostile)) {
  test(`rejects ${name} when merging and splitting`, async () => {
    const payload = payloadOf(new Uint8Array(bytes));
    const good = payloadWith({ things: ['a'] });
    await assert.rejects(remoteWriteFormat.encodeRequest([good, payload]), message);
    await assert.rejects(remoteWriteFormat.split(payload), message);
  });
}

test('rejects messages that are no WriteRequest when splitting', async () => {
  const cases: [number[], RegExp][] = [
    [[0x12, 0x00], /field 2/],
    [[0x08, 0x01], /unknown tag 8/],
    [[0x0a, 0x05, 0x00], /longer than its message/],
    [[0x0a, 0x80], /length at byte 0/],
    [[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], /length at byte 0/],
    [[0x8a, 0x01, 0x00], /unknown tag/],
  ];
  for (const [plain, message] of cases)
    await assert.rejects(remoteWriteFormat.split(payloadOf(snappy.compress(new Uint8Array(plain)))), message);
});

test('rejects or keeps random changes of a body, and never returns another plain size', async () => {
  const payload = payloadWith({ things: ['a', 'b'.repeat(300), 'c', 'abcabcabcabcabcabcabcabc'] });
  const random = seeded(7);
  for (let i = 0; i < 3000; i++) {
    const body = Uint8Array.from(payload.body).subarray(0, 1 + below(random, payload.body.length));
    body[below(random, body.length)] = below(random, 256);
    const changed = payloadOf(body);
    const size = remoteWriteFormat.plainBytes(changed);
    const merged = await remoteWriteFormat.encodeRequest([changed, payload]).catch((error: unknown) => error);
    if (merged instanceof Error) assert.match(merged.message, /snappy block/);
    else
      assert.equal(
        plainBody((merged as { body: Uint8Array }).body).length,
        size + remoteWriteFormat.plainBytes(payload),
      );
    await remoteWriteFormat.split(changed).catch((error: unknown) => assert.ok(error instanceof Error));
  }
});

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i}`);

test('splits into parts that have all series in order, and the metadata of each family', async () => {
  for (const sizes of [[2], [1, 1], [3], [16], [17], [5, 40, 1], [1000, 1]]) {
    const families = Object.fromEntries(sizes.map((size, i) => [`family${i}`, names(size)]));
    const payload = payloadWith(families);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const parts = await remoteWriteFormat.split(payload);
    assert.equal(parts.length, Math.min(16, total), sizes.join());
    const decoded = parts.map(({ body }) => decodeWriteRequest(body));
    assert.deepEqual(
      decoded.flatMap(({ timeseries }) => timeseries.map(seriesText)),
      decodeWriteRequest(payload.body).timeseries.map(seriesText),
    );
    assert.deepEqual(
      parts.map(({ count }) => count),
      decoded.map(({ timeseries }) => timeseries.length),
    );
    for (const { timeseries, metadata } of decoded) {
      const used = new Set(timeseries.map(({ labels }) => labels[0]!.value));
      assert.deepEqual(new Set(metadata.map(({ metricFamilyName }) => metricFamilyName)), used);
    }
    for (const part of parts) {
      const { kind, encoding, oldestMs, newestMs } = part;
      assert.deepEqual([kind, encoding, oldestMs, newestMs], ['metrics', 'snappy', 1000, 2000]);
      await remoteWriteFormat.encodeRequest([part]);
    }
  }
});

test('splits a small series from a large one', async () => {
  const parts = await remoteWriteFormat.split(payloadWith({ things: ['a', 'b'.repeat(400_000)] }));
  assert.deepEqual(
    parts.map(({ body }) => decodeWriteRequest(body).timeseries.length),
    [1, 1],
  );
});

test('does not split a payload of one series or none', async () => {
  assert.deepEqual(await remoteWriteFormat.split(payloadWith({ things: ['a'] })), []);
  assert.deepEqual(await remoteWriteFormat.split(payloadWith({ things: [] })), []);
  assert.deepEqual(await remoteWriteFormat.split(payloadOf(snappy.compress(new Uint8Array()))), []);
});

/** Texts as the receivers print them. */
const answers: readonly (readonly [reason: string, status: number, text: string])[] = [
  ['out_of_order', 400, 'out of order sample\n'],
  ['too_old', 400, 'out of bounds\n'],
  ['too_old', 400, 'too old sample\n'],
  ['duplicate', 400, 'duplicate sample for timestamp\n'],
  ['duplicate', 400, 'duplicate sample for timestamp 1000; overrides not allowed: existing 1, new value 2'],
  [
    'out_of_order',
    400,
    'failed pushing to ingester: user=a: the sample has been rejected because another sample with a more recent ' +
      'timestamp has already been ingested and out-of-order samples are not allowed (err-mimir-sample-out-of-order). ' +
      'The affected sample has timestamp 1970-01-19T05:30:43.969Z and is from series {__name__="test", x="too old"}',
  ],
  [
    'too_old',
    400,
    'the sample has been rejected because its timestamp is too old (err-mimir-sample-timestamp-too-old).',
  ],
  [
    'too_old',
    400,
    'the sample has been rejected because another sample with a more recent timestamp has already been ingested and ' +
      'this sample is beyond the out-of-order time window of 2h (err-mimir-sample-timestamp-too-old).',
  ],
  ['too_old', 400, 'received a sample whose timestamp is too far in the past (err-mimir-too-far-in-past).'],
  [
    'duplicate',
    400,
    'the sample has been rejected because another sample with the same timestamp, but a different value, has already ' +
      'been ingested (err-mimir-sample-duplicate-timestamp).',
  ],
  ['out_of_order', 400, 'sample timestamp out of order; last timestamp: 2, incoming timestamp: 1'],
  ['duplicate', 400, 'sample with repeated timestamp but different value; last value: 1, incoming value: 2'],
  ['too_large', 413, ''],
  ['too_large', 413, 'out of order sample'],
  ['too_large', 400, "too big packed request; mustn't exceed `-maxInsertRequestSize=33554432` bytes"],
  ['too_large', 400, 'http: request body too large'],
  ['invalid', 400, ''],
  ['invalid', 415, 'application/x-protobuf is not supported'],
  ['invalid', 422, 'received a series whose label value length exceeds the limit (err-mimir-label-value-too-long)'],
  ['invalid', 400, 'snappy: corrupt input'],
  ['invalid', 400, 'received a sample whose timestamp is too far in the future (err-mimir-too-far-in-future)'],
];

test('recognises why Prometheus, Mimir, Cortex and VictoriaMetrics reject samples', () => {
  for (const [reason, status, text] of answers)
    assert.equal(remoteWriteFormat.rejectionReason(status, text), reason, text);
});

test('never reports rejected samples of an accepted request and never changes the compression', () => {
  assert.equal(remoteWriteFormat.rejectedCount(new Uint8Array(10)), 0);
  assert.equal(remoteWriteFormat.stepDown(), false);
});
