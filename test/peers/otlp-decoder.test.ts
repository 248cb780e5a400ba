// Requests of log records mean the same to OpenTelemetry's generated messages for Python and to the schema of tests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { otlpPackage, whyNoPeer } from '../../scripts/lib/debian-peers.ts';
import { AGENT_VERSION } from '../../src/base/version.ts';
import type { OtlpCompression } from '../../src/exporters/otlp/compression.ts';
import { OtlpLogsFormat } from '../../src/exporters/otlp/logs-format.ts';
import type { Payload } from '../../src/exporters/payload.ts';
import type { LogLevel, LogRecord } from '../../src/logs/log-record.ts';
import { blocksOf, type DecodedRecord, decodeBlocks } from '../helpers/otlp-decoder.ts';
import { LogsFixture } from '../helpers/otlp-logs.ts';
import { decodeWithPython } from '../helpers/peers/otlp-decoder.ts';

const skip = await whyNoPeer(otlpPackage);

/** https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
const severities: Record<LogLevel, number> = { critical: 21, error: 17, warning: 13, info: 9, debug: 5, unknown: 0 };

const decompressors: Record<OtlpCompression, (body: Uint8Array) => Uint8Array> = {
  none: (body) => body,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
};

/** Records of each resource block of one request, which both decoders must read equally. */
async function sent(payloads: readonly Payload[], compression: OtlpCompression = 'none'): Promise<DecodedRecord[][]> {
  const { body } = await new OtlpLogsFormat(compression).encodeRequest(payloads);
  const plain = decompressors[compression](body);
  const blocks = blocksOf(await decodeWithPython(plain));
  assert.deepEqual(decodeBlocks(plain), blocks);
  return blocks;
}

const many = Object.fromEntries(Array.from({ length: 131 }, (_, i) => [`name ${i}`, `value ${i}`]));
const traceId = '0AF7651916CD43DD8448EB211C80319C';
const spanId = 'B7AD6B7169203331';

const emitted: [containerId: string, record: Partial<LogRecord>, expected?: Partial<DecodedRecord>][] = [
  ['/a', { level: 'critical', body: 'first\nsecond', traceId, spanId }],
  ['/a', { level: 'error', body: '', attributes: { 'pattern.hash': 'ff', empty: '', 'ключ "1"': 'значение\t' } }],
  ['/a', { level: 'warning', body: 'a\0\ufffd\ufeff', attributes: { '\0': '\0', '\ufffd': '\ufffd', '1': '😀' } }],
  ['/a', { level: 'info', body: '\ud800 grün 😀 \udc00' }, { body: '\ufffd grün 😀 \ufffd' }],
  [
    '/a',
    { level: 'debug', attributes: many },
    { attributes: Object.entries(many).slice(0, 128), droppedAttributes: 3 },
  ],
  ['/a', { level: 'unknown', body: '界'.repeat(30_000), traceId }, { body: '界'.repeat(21_845) }],
  ['/a', { time: [9_223_372_035, 999_999_999], observed: [1, 0], spanId }],
  ['/a', { time: [-1, 0], observed: [0, 0] }, { time: '0', observed: '0' }],
  ['/b \0\ufffd', { time: [0, 1], observed: [1_764_288_000, 999_999_999] }],
];

/** What a receiver must read of an emitted record. */
function expectedOf([id, record, changes]: (typeof emitted)[number]): DecodedRecord {
  const nanoseconds = ([s, ns]: LogRecord['time']) => String(BigInt(s) * 1_000_000_000n + BigInt(ns));
  const { level = 'info', time = [1_764_288_000, 123_456_700], observed = [1_764_288_001, 5] } = record;
  return {
    resource: { 'service.name': id, 'container.id': id, 'host.id': '0123456789abcdef', 'host.name': 'web-1' },
    scope: { name: 'coroot-agent', version: AGENT_VERSION },
    time: nanoseconds(time),
    observed: nanoseconds(observed),
    severityNumber: severities[level],
    severityText: level,
    body: record.body ?? 'started',
    attributes: Object.entries(record.attributes ?? {}),
    droppedAttributes: 0,
    flags: 0,
    traceId: record.traceId?.toLowerCase() ?? '',
    spanId: record.spanId?.toLowerCase() ?? '',
    ...changes,
  };
}

test('both decoders read every field of each record as it was emitted', { skip }, async () => {
  const fixture = new LogsFixture();
  for (const [id, record] of emitted) fixture.emit(id, record);
  await fixture.logs.stop(1000);
  const blocks = await sent(fixture.payloads, 'zstd');
  assert.deepEqual(blocks.flat(), emitted.map(expectedOf));
  assert.equal(blocks.length, 2);
});

test('both decoders read the records of merged payloads in their order', { skip }, async () => {
  const fixture = new LogsFixture();
  for (let i = 0; i < 1112; i++) fixture.emit('/a', { body: String(i) });
  await fixture.logs.stop(1000);
  assert.equal(fixture.payloads.length, 2);
  const blocks = await sent(fixture.payloads, 'gzip');
  const bodies = blocks.map((block) => block.map(({ body }) => Number(body)));
  assert.deepEqual(bodies, [Array.from({ length: 1024 }, (_, i) => i), Array.from({ length: 88 }, (_, i) => 1024 + i)]);
});

const splits: [what: string, containers: number, parts: number][] = [
  ['records', 1, emitted.length],
  ['containers', 2, 2],
];

for (const [what, containers, count] of splits)
  test(`both decoders read every field of the records of a payload split by ${what}`, { skip }, async () => {
    const rows = emitted.map(([, ...row], i): (typeof emitted)[number] => [`/task/${i % containers}`, ...row]);
    const fixture = new LogsFixture();
    for (const [id, record] of rows) fixture.emit(id, record);
    await fixture.logs.stop(1000);
    const parts = await new OtlpLogsFormat('none').split(fixture.payloads[0]!);
    assert.equal(parts.length, count);
    const blocks = await sent(parts);
    assert.equal(blocks.length, count);
    assert.deepEqual(blocks.flat(), rows.map(expectedOf).sort(byResource));
    assert.deepEqual(await sent(parts.slice(-1)), blocks.slice(-1));
  });

test('the decoder for Python refuses a truncated request and fields that OTLP does not define', { skip }, async () => {
  // The resource block has a scope block, which has the field 15 with the value 1.
  const request = Buffer.from('0a0412027801', 'hex');
  await assert.rejects(decodeWithPython(request), /fields that OTLP does not define/);
  await assert.rejects(decodeWithPython(request.subarray(0, 4)), /Truncated message/);
});

function byResource({ resource: a }: DecodedRecord, { resource: b }: DecodedRecord): number {
  return String(a['container.id']).localeCompare(String(b['container.id']));
}
