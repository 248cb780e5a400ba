// Requests say the same as those of OpenTelemetry's serialiser, read by the public definitions of protobufjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { LoggerProviders } from '../../../src/exporters/otlp/logger-providers.ts';
import { RecordContext } from '../../../src/exporters/otlp/record-context.ts';
import { RecordCounts } from '../../../src/exporters/otlp/record-counts.ts';
import { RequestWriter } from '../../../src/exporters/otlp/request-writer.ts';
import { toSdkRecord } from '../../../src/exporters/otlp/sdk-record.ts';
import type { LogLevel, LogRecord } from '../../../src/logs/log-record.ts';
import { decodeBlocks, decodeRecords } from '../../helpers/otlp-decoder.ts';
import { logRecord } from '../../helpers/otlp-logs.ts';

type Emitted = readonly [containerId: string, record: Partial<LogRecord>];

/** The records as one request of this agent, and as one of OpenTelemetry. */
function bothRequests(records: readonly Emitted[]): { readonly own: Uint8Array; readonly reference: Uint8Array } {
  const writer = new RequestWriter();
  const kept: ReadableLogRecord[] = [];
  const providers = new LoggerProviders(
    { hostName: 'web-1', machineId: '0123456789abcdef' },
    {
      onEmit(record, context) {
        const extra = context instanceof RecordContext ? context : undefined;
        writer.add(record, extra);
        Object.assign(record.attributes, extra?.attributes);
        if (extra?.spanContext) record.spanContext = extra.spanContext;
        kept.push(record);
      },
      forceFlush: async () => {},
      shutdown: async () => {},
    },
  );
  const counts = new RecordCounts();
  for (const [containerId, record] of records)
    providers.loggerOf(containerId).emit(toSdkRecord(logRecord(record), counts));
  const { plain, count } = writer.finish();
  assert.equal(count, records.length);
  return { own: plain, reference: ProtobufLogsSerializer.serializeRequest(kept)! };
}

function assertSame(records: readonly Emitted[]): void {
  const { own, reference } = bothRequests(records);
  assert.deepEqual(decodeBlocks(own), decodeBlocks(reference));
}

const bodies: readonly (readonly [what: string, body: string])[] = [
  ['nothing', ''],
  ['one character', 'x'],
  ['a line', 'GET /index.html HTTP/1.1 took 12 ms'],
  ['127 bytes', 'x'.repeat(127)],
  ['128 bytes', 'x'.repeat(128)],
  ['characters of two bytes', 'é'.repeat(64)],
  ['characters of three bytes', '界'.repeat(6000)],
  ['characters of four bytes', '😀'.repeat(4000)],
  ['a lone high surrogate', 'a\ud83db'],
  ['a lone low surrogate in a long text', `${'x'.repeat(200)}\ude00${'y'.repeat(200)}`],
  ['64 KiB', 'x'.repeat(65_536)],
  ['more than 64 KiB', '界'.repeat(65_536)],
  ['controls', '\0\u0001\n\t\u007f\u0080\u0085\u2028'],
];

for (const [what, body] of bodies)
  test(`writes a body of ${what} as OpenTelemetry's serialiser does`, () =>
    assertSame([
      ['/a', { body }],
      ['/a', { body, attributes: { name: body.slice(0, 50), [body.slice(0, 20) || 'empty']: 'value' } }],
    ]));

test("writes levels, attributes, ids and times as OpenTelemetry's serialiser does", () => {
  const levels: LogLevel[] = ['unknown', 'debug', 'info', 'warning', 'error', 'critical'];
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`key ${i}`, `value ${i}`]));
  const traceId = '0AF7651916cd43dd8448eb211c80319c';
  const spanId = 'b7ad6b7169203331';
  assertSame([
    ...levels.map((level): Emitted => ['/levels', { level }]),
    ['/a', { attributes: { empty: '', 'näme 界': 'välue 😀', 1: 'index', ['n'.repeat(256)]: 'v'.repeat(4096) } }],
    ['/a', { attributes: many }],
    ['/a', { traceId }],
    ['/a', { spanId }],
    ['/a', { traceId, spanId }],
    ['/a', { traceId: 'malformed', spanId: '0'.repeat(16) }],
    ['/a', { time: [0, 1], observed: [1, 0] }],
    ['/a', { time: [9_223_372_035, 999_999_999], observed: [0, 0] }],
    ['/a', { time: [Number.NaN, 0], observed: [-1, 0] }],
  ]);
});

test("groups records of containers as OpenTelemetry's serialiser does", () => {
  const ids = ['/a', '/b', '/a', '/a', '', '/docker/\ud800', `/${'ü'.repeat(1000)}`, '/b', '/a', '__proto__'];
  assertSame(ids.map((id, i): Emitted => [id, { body: String(i) }]));
});

test("writes thousands of records of random shapes as OpenTelemetry's serialiser does", () => {
  let state = 20_261_128;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const alphabet = ['a', 'b', ' ', '0', 'é', '界', '😀', '\ud800', '\udc00', '\n', '\0'];
  const text = (most: number): string => {
    const kinds = random(3) === 0 ? alphabet.length : 4;
    return Array.from({ length: random(most) }, () => alphabet[random(kinds)]).join('');
  };
  const records = Array.from({ length: 4000 }, (): Emitted => {
    const attributes = Object.fromEntries(Array.from({ length: random(5) }, () => [text(40), text(60)]));
    const time: [number, number] = [random(4_000_000_000), random(1_000_000_000)];
    return [`/container ${random(20)}`, { body: text(random(10) === 0 ? 20_000 : 300), attributes, time }];
  });
  assertSame(records);
});

test('starts again after a request, and counts only its own records', () => {
  const writer = new RequestWriter();
  const providers = new LoggerProviders(
    { hostName: '', machineId: '' },
    {
      onEmit: (record, context) => writer.add(record, context as RecordContext),
      forceFlush: async () => {},
      shutdown: async () => {},
    },
  );
  const emit = (body: string, seconds: number): void =>
    providers.loggerOf('/a').emit(toSdkRecord(logRecord({ body, time: [seconds, 5e6] }), new RecordCounts()));
  emit('first', 30);
  emit('second', 20);
  assert.throws(() => providers.loggerOf('/a').emit({ timestamp: [10, 0], observedTimestamp: [10, 0] }), TypeError);
  const first = writer.finish();
  assert.deepEqual([first.count, first.oldestMs, first.newestMs], [2, 20_005, 30_005]);
  assert.deepEqual(
    decodeRecords(first.plain).map(({ body }) => body),
    ['first', 'second'],
  );
  assert.deepEqual([writer.count, writer.bytes], [0, 0]);
  emit('third', 40);
  const second = writer.finish();
  assert.deepEqual(
    decodeRecords(second.plain).map(({ body, resource }) => [body, resource]),
    [['third', { 'container.id': '/a', 'service.name': '/a' }]],
  );
  assert.deepEqual([second.count, second.oldestMs, second.newestMs], [1, 40_005, 40_005]);
});
