// The format of OTLP logs: merges, compresses, splits and judges payloads of log records.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { decompress, type OtlpCompression } from '../../../src/exporters/otlp/compression.ts';
import { OtlpLogsFormat } from '../../../src/exporters/otlp/logs-format.ts';
import type { Payload } from '../../../src/exporters/payload.ts';
import { decodeBlocks, decodeRecords } from '../../helpers/otlp-decoder.ts';
import { LogsFixture, plainPayload } from '../../helpers/otlp-logs.ts';
import { encodePartialSuccess } from '../../helpers/protobuf.ts';

/** One payload for each list of container ids; the records are numbered. */
async function payloadsOf(...lists: readonly string[][]): Promise<Payload[]> {
  let number = 0;
  const payloads: Payload[] = [];
  for (const ids of lists) {
    const fixture = new LogsFixture();
    for (const id of ids) fixture.emit(id, { body: String(number), time: [1_764_288_000 + number++, 0] });
    await fixture.logs.stop(1000);
    payloads.push(...fixture.payloads);
  }
  return payloads;
}

const repeated = (count: number, id: (i: number) => string): string[] => Array.from({ length: count }, (_, i) => id(i));

const encodings: [OtlpCompression, string | undefined, (body: Uint8Array) => Uint8Array][] = [
  ['gzip', 'gzip', gunzipSync],
  ['zstd', 'zstd', zstdDecompressSync],
  ['none', undefined, (body) => body],
];

for (const [compression, header, decode] of encodings)
  test(`merges payloads in order into one request with compression ${compression}`, async () => {
    const payloads = await payloadsOf(['/a', '/b', '/a'], ['/b'], ['/c', '/a']);
    const { headers, body } = await new OtlpLogsFormat(compression).encodeRequest(payloads);
    assert.deepEqual(headers, {
      'Content-Type': 'application/x-protobuf',
      ...(header && { 'Content-Encoding': header }),
    });
    const records = decodeRecords(decode(body)).map((record) => [record.resource['container.id'], record.body]);
    assert.deepEqual(records, [
      ['/a', '0'],
      ['/a', '2'],
      ['/b', '1'],
      ['/b', '3'],
      ['/c', '4'],
      ['/a', '5'],
    ]);
  });

test('keeps no buffer that is much larger than a payload', async () => {
  const payloads = await payloadsOf(['/a'], ['/b']);
  for (const { body } of payloads) assert.ok(body.buffer.byteLength <= 2 * body.length, `${body.buffer.byteLength}`);
  const { body } = await new OtlpLogsFormat('gzip').encodeRequest(payloads);
  assert.ok(body.buffer.byteLength <= 2 * body.length);
});

test('sends a payload as it is when it has the compression of the request', async () => {
  const [payload] = await payloadsOf(['/a']);
  const { body } = await new OtlpLogsFormat('zstd').encodeRequest([payload!]);
  assert.equal(body, payload!.body);
});

test('steps down to simpler compressions until none is left', async () => {
  const payloads = await payloadsOf(['/a']);
  const steps = async (compression: OtlpCompression) => {
    const format = new OtlpLogsFormat(compression);
    const seen: (string | undefined)[] = [];
    do seen.push((await format.encodeRequest(payloads)).headers['Content-Encoding']);
    while (format.stepDown());
    return seen;
  };
  assert.deepEqual(await steps('zstd'), ['zstd', 'gzip', undefined]);
  assert.deepEqual(await steps('gzip'), ['gzip', undefined]);
  assert.deepEqual(await steps('none'), [undefined]);
});

test('knows the plain size of payloads without decompressing them', async () => {
  const format = new OtlpLogsFormat('gzip');
  for (const size of [0, 1, 255, 256, 65_791, 65_792, 1_000_000]) {
    const plain = Buffer.alloc(size, 'log');
    const sized = zstdCompressSync(plain, { pledgedSrcSize: size });
    assert.equal(format.plainBytes({ ...plainPayload(sized), encoding: 'zstd' }), size, `zstd ${size}`);
    assert.equal(format.plainBytes({ ...plainPayload(gzipSync(plain)), encoding: 'gzip' }), size, `gzip ${size}`);
    assert.equal(format.plainBytes(plainPayload(plain)), size);
  }
  const [payload] = await payloadsOf(repeated(300, (i) => `/${i}`));
  assert.equal(format.plainBytes(payload!), (await decompress(payload!)).length);
});

test('takes the size of a broken payload as it is, so that a request with it is made and refused', () => {
  const format = new OtlpLogsFormat('gzip');
  const broken: Payload[] = [
    { ...plainPayload(Buffer.from('not zstd')), encoding: 'zstd' },
    { ...plainPayload(Buffer.from([0x28, 0xb5, 0x2f, 0xfd])), encoding: 'zstd' },
    { ...plainPayload(Buffer.from('short')), encoding: 'gzip' },
    { ...plainPayload(new Uint8Array(0)), encoding: 'snappy' },
  ];
  assert.deepEqual(
    broken.map((payload) => format.plainBytes(payload)),
    [8, 4, 5, 0],
  );
});

const zstd = (plain: Uint8Array) => zstdCompressSync(plain, { pledgedSrcSize: plain.length });
/** A frame whose header states another size than it has: four bytes of size follow the descriptor. */
function withSize(frame: Uint8Array, size: number): Uint8Array {
  const changed = Buffer.from(frame);
  assert.equal(changed[4]! >> 6, 2);
  const start = (changed[4]! & 0x20) === 0 ? 6 : 5;
  changed.writeUInt32LE(size, start);
  return changed;
}
const large = Buffer.alloc(100_000, 0);

const broken: [what: string, encoding: Payload['encoding'], body: Uint8Array][] = [
  ['text', 'identity', Buffer.from('{"resourceLogs":[]}')],
  ['a block that is cut off', 'identity', Buffer.from([0x0a, 0x05, 0x0a])],
  ['a block of the wrong wire type', 'identity', Buffer.from([0x08, 0x01])],
  ['another field', 'identity', Buffer.from([0x12, 0x00])],
  ['a compressed body without a frame', 'zstd', Buffer.from('nonsense that is not zstd')],
  ['a cut frame', 'zstd', zstd(large).subarray(0, 12)],
  ['a frame that is larger than it states', 'zstd', withSize(zstd(large), 70_000)],
  ['a frame that is smaller than it states', 'zstd', withSize(zstd(large), 200_000)],
  ['a frame that states 4 GB', 'zstd', withSize(zstd(large), 0xffff_ffff)],
  ['a frame without a size', 'zstd', zstdCompressSync(Buffer.alloc(10))],
  ['two frames', 'zstd', Buffer.concat([zstd(Buffer.from([0x0a, 0])), zstd(Buffer.from([0x0a, 0]))])],
  ['a cut gzip body', 'gzip', gzipSync(large).subarray(0, 40)],
  ['more than 64 MB', 'gzip', gzipSync(Buffer.alloc(70_000_000))],
  ['an encoding of metrics', 'snappy', Buffer.from([0])],
];

for (const [what, encoding, body] of broken)
  test(`refuses to make a request or parts of a payload with ${what}`, async () => {
    const format = new OtlpLogsFormat('none');
    const payload = { ...plainPayload(body), encoding };
    const [valid] = await payloadsOf(['/a']);
    await assert.rejects(format.encodeRequest([valid!, payload]));
    await assert.rejects(format.split(payload));
  });

test('splits a payload by resource blocks', async () => {
  const [payload] = await payloadsOf(['/a', '/b', '/a', '/c']);
  const parts = await new OtlpLogsFormat('gzip').split(payload!);
  const shown = await Promise.all(
    parts.map(async ({ count, oldestMs, newestMs, body, ...rest }) => {
      const blocks = decodeBlocks(await decompress({ count, oldestMs, newestMs, body, ...rest }));
      assert.equal(blocks.length, 1);
      const bodies = blocks[0]!.map((record) => record.body);
      return [count, oldestMs - 1_764_288_000_000, newestMs - 1_764_288_000_000, bodies.join(' ')];
    }),
  );
  assert.deepEqual(shown, [
    [2, 0, 2000, '0 2'],
    [1, 1000, 1000, '1'],
    [1, 3000, 3000, '3'],
  ]);
});

test('splits a payload of one container by records, with all their fields', async () => {
  const [payload] = await payloadsOf(repeated(500, () => '/a'));
  const whole = decodeRecords(await decompress(payload!));
  const parts = await new OtlpLogsFormat('gzip').split(payload!);
  assert.equal(parts.length, 16);
  assert.deepEqual(parts.map(({ count }) => count).sort(), [...Array(12).fill(31), ...Array(4).fill(32)]);
  const records = await Promise.all(parts.map(async (part) => decodeRecords(await decompress(part))));
  assert.deepEqual(records.flat(), whole);
});

test('makes at most 16 parts of many containers, with all records', async () => {
  const [payload] = await payloadsOf(repeated(100, (i) => `/task/${i}`));
  const parts = await new OtlpLogsFormat('gzip').split(payload!);
  assert.equal(parts.length, 16);
  const records = await Promise.all(parts.map(async (part) => decodeRecords(await decompress(part))));
  assert.deepEqual(records.flat(), decodeRecords(await decompress(payload!)));
});

test('isolates one record when parts are split again and again', async () => {
  const format = new OtlpLogsFormat('gzip');
  let payloads: readonly Payload[] = await payloadsOf(repeated(512, (i) => (i % 2 ? '/a' : '/b')));
  let requests = 0;
  while (payloads[0]!.count > 1) {
    const part = payloads.find((each) => each.count > 1)!;
    payloads = await format.split(part);
    requests += payloads.length;
  }
  assert.deepEqual(await format.split(payloads[0]!), []);
  assert.ok(requests <= 34, `${requests} requests`);
});

test('splits a payload without records and one with one record into nothing', async () => {
  const format = new OtlpLogsFormat('gzip');
  assert.deepEqual(await format.split(plainPayload(new Uint8Array(0), 0)), []);
  assert.deepEqual(await format.split(plainPayload(Buffer.from([0x0a, 0x00, 0x0a, 0x00]), 0)), []);
  const [single] = await payloadsOf(['/a']);
  assert.deepEqual(await format.split(single!), []);
});

test('keeps schema addresses and fields it does not know when it splits', async () => {
  // ResourceLogs { scope_logs { log_records {}, log_records {}, schema_url "s" }, schema_url "r", field 999 = 1 }
  const scope = [0x12, 0x00, 0x12, 0x00, 0x1a, 0x01, 0x73];
  const rest = [0x1a, 0x01, 0x72, 0xb8, 0x3e, 0x01];
  const block = [0x12, scope.length, ...scope, ...rest];
  const parts = await new OtlpLogsFormat('gzip').split(
    plainPayload(Uint8Array.from([0x0a, block.length, ...block]), 2),
  );
  const one = [...rest, 0x12, 0x05, 0x1a, 0x01, 0x73, 0x12, 0x00];
  for (const part of parts) assert.deepEqual([...(await decompress(part))], [0x0a, one.length, ...one]);
  assert.equal(parts.length, 2);
});

test('reads how many records a receiver has rejected', () => {
  const format = new OtlpLogsFormat('gzip');
  const rejected = (answer: Uint8Array) => format.rejectedCount(answer);
  assert.equal(rejected(encodePartialSuccess(0, '')), 0);
  assert.equal(rejected(encodePartialSuccess(7, 'too old')), 7);
  assert.equal(rejected(encodePartialSuccess(70_000, 'x'.repeat(300))), 70_000);
  assert.equal(rejected(encodePartialSuccess(2 ** 40, '')), 2 ** 40);
});

const otherAnswers: [what: string, answer: Uint8Array][] = [
  ['nothing', new Uint8Array(0)],
  ['a page', Buffer.from('<html><body>502</body></html>')],
  ['JSON', Buffer.from('{"partialSuccess":{}}')],
  ['a negative number', encodePartialSuccess(-1, '')],
  ['a number of eleven bytes', Buffer.from([0x0a, 0x0c, 0x08, ...Array(10).fill(0xff), 0x01])],
  ['a length beyond the end', Buffer.from([0x0a, 0x7f, 0x08, 0x07])],
  ['a length of 2^56', Buffer.from([0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01])],
  ['a field number 0', Buffer.from([0x00, 0x07])],
  ['a group', Buffer.from([0x0b, 0x08, 0x07, 0x0c])],
  ['a string where the number belongs', Buffer.from([0x0a, 0x03, 0x0a, 0x01, 0x07])],
];

for (const [what, answer] of otherAnswers)
  test(`reads no rejected record from an answer with ${what}`, () => {
    assert.equal(new OtlpLogsFormat('gzip').rejectedCount(answer), 0);
  });

test('classifies the reasons that receivers give', () => {
  const format = new OtlpLogsFormat('gzip');
  const reasons: [status: number, answer: string, reason: string][] = [
    [400, 'entry for stream {app="a"} has timestamp too old: 2025-01-01T00:00:00Z', 'too_old'],
    [400, 'entry too far behind, the oldest acceptable timestamp is: 2026-01-01T00:00:00Z', 'out_of_order'],
    [413, '', 'too_large'],
    [400, 'Max entry size 262144 bytes exceeded', 'too_large'],
    [400, 'http: request body too large', 'too_large'],
    [400, 'failed to unmarshal', 'invalid'],
    [415, '', 'invalid'],
  ];
  for (const [status, answer, reason] of reasons) assert.equal(format.rejectionReason(status, answer), reason, answer);
});
