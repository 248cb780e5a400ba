// Records of containers arrive in payloads with all their fields, grouped by container.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AGENT_VERSION } from '../../../src/base/version.ts';
import type { LogLevel } from '../../../src/logs/log-record.ts';
import { FakeTimers, LogsFixture, logRecord } from '../../helpers/otlp-logs.ts';

const traceId = '0AF7651916CD43DD8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

test('writes every field of a record, its resource and its scope', async () => {
  const fixture = new LogsFixture();
  fixture.emit('/system/W3SVC', {
    level: 'error',
    body: 'No route\nto 10.0.0.1',
    attributes: { 'pattern.hash': 'd41d8cd98f00b204e9800998ecf8427e', user: 'zoë' },
    traceId,
    spanId,
  });
  assert.deepEqual(await fixture.records(), [
    {
      resource: {
        'container.id': '/system/W3SVC',
        'host.id': '0123456789abcdef',
        'host.name': 'web-1',
        'service.name': '/system/W3SVC',
      },
      scope: { name: 'coroot-agent', version: AGENT_VERSION },
      time: '1764288000123456700',
      observed: '1764288001000000005',
      severityNumber: 17,
      severityText: 'error',
      body: 'No route\nto 10.0.0.1',
      attributes: [
        ['pattern.hash', 'd41d8cd98f00b204e9800998ecf8427e'],
        ['user', 'zoë'],
      ],
      droppedAttributes: 0,
      flags: 0,
      traceId: traceId.toLowerCase(),
      spanId,
    },
  ]);
});

test('writes the severity of each level as the reference agent does', async () => {
  const severities: Record<LogLevel, number> = { critical: 21, error: 17, warning: 13, info: 9, debug: 5, unknown: 0 };
  const fixture = new LogsFixture();
  for (const level of Object.keys(severities) as LogLevel[]) fixture.emit('/a', { level });
  const written = (await fixture.records()).map((record) => [record.severityText, record.severityNumber]);
  assert.deepEqual(Object.fromEntries(written), severities);
});

test('keeps a trace id without a span id, and the reverse', async () => {
  const fixture = new LogsFixture();
  fixture.emit('/a', { traceId });
  fixture.emit('/a', { spanId });
  const ids = (await fixture.records()).map((record) => [record.traceId, record.spanId]);
  assert.deepEqual(ids, [
    [traceId.toLowerCase(), ''],
    ['', spanId],
  ]);
});

test('writes one resource block for each container of a payload', async () => {
  const fixture = new LogsFixture();
  for (let i = 0; i < 30; i++) fixture.emit(`/docker/${i % 3}`, { body: String(i) });
  const [blocks, ...others] = await fixture.stored();
  assert.deepEqual(others, []);
  assert.deepEqual(
    blocks!.map((block) => [block[0]!.resource['service.name'], block.map(({ body }) => Number(body) % 3)]),
    [0, 1, 2].map((i) => [`/docker/${i}`, Array(10).fill(i)]),
  );
});

test('makes a payload of 1,024 records at once, and of fewer after five seconds', async () => {
  const fixture = new LogsFixture();
  for (let i = 0; i < 1032; i++) fixture.emit('/a', { time: [1_764_288_000 + i, 999_999_999] });
  fixture.timers.advance(4999);
  assert.equal(fixture.logs.status().pending, 8);
  fixture.timers.advance(1);
  assert.equal(fixture.logs.status().pending, 0);
  await fixture.records();
  assert.deepEqual(
    fixture.payloads.map(({ kind, encoding, count, oldestMs, newestMs }) => [
      kind,
      encoding,
      count,
      oldestMs,
      newestMs,
    ]),
    [
      ['logs', 'zstd', 1024, 1_764_288_000_999, 1_764_289_023_999],
      ['logs', 'zstd', 8, 1_764_289_024_999, 1_764_289_031_999],
    ],
  );
  assert.equal(fixture.timers.pending, 0);
});

test('limits the bytes of a payload when records are large', async () => {
  const fixture = new LogsFixture();
  for (let i = 0; i < 40; i++) fixture.emit('/a', { body: 'x'.repeat(60_000) });
  const counts = (await fixture.stored()).map((blocks) => blocks.flat().length);
  assert.deepEqual(counts, [18, 18, 4]);
});

test('creates a provider with the first record of a container and releases it with the container', async () => {
  const fixture = new LogsFixture();
  for (const id of ['/a', '/b', '/a']) fixture.emit(id);
  assert.equal(fixture.logs.status().containers, 2);
  fixture.logs.sink.remove('/a');
  fixture.logs.sink.remove('/unknown');
  assert.equal(fixture.logs.status().containers, 1);
  fixture.emit('/a');
  assert.equal((await fixture.records()).length, 4);
});

test('bounds the providers when containers come without end', async () => {
  const fixture = new LogsFixture();
  for (let i = 0; i < 1500; i++) fixture.emit(`/task/${i}`);
  assert.equal(fixture.logs.status().containers, 1000);
  assert.equal((await fixture.records()).length, 1500);
});

test('ignores the variables of the OpenTelemetry SDK in the environment', async () => {
  const variables = {
    OTEL_RESOURCE_ATTRIBUTES: 'deployment=leak',
    OTEL_SERVICE_NAME: 'leak',
    OTEL_SDK_DISABLED: 'true',
    OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: '1',
    OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '1',
    OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '1',
  };
  Object.assign(process.env, variables);
  try {
    const fixture = new LogsFixture();
    fixture.emit('/a', { attributes: { one: '11', two: '22' } });
    const [record] = await fixture.records();
    assert.equal(record!.resource['service.name'], '/a');
    assert.equal(Object.keys(record!.resource).length, 4);
    assert.equal(record!.attributes.length, 2);
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
});

test('drops what arrives after the stop, and counts it', async () => {
  const fixture = new LogsFixture();
  fixture.emit('/a');
  assert.equal(await fixture.logs.stop(1000), true);
  assert.equal(fixture.emit('/a'), false);
  assert.equal(fixture.logs.sink.full, true);
  await fixture.logs.sink.ready();
  const { accepted, dropped } = fixture.logs.status();
  assert.deepEqual([accepted, dropped.stopped, fixture.payloads.length], [1, 1, 1]);
});

test('reports a stop that is not finished in time, and stores the records later', async () => {
  const stored = Promise.withResolvers<void>();
  const timers = new FakeTimers();
  const fixture = new LogsFixture({ queue: { append: () => stored.promise }, schedule: timers.schedule });
  fixture.logs.sink.emit('/a', logRecord());
  const stopped = fixture.logs.stop(1000);
  timers.advance(1000);
  assert.equal(await stopped, false);
  stored.resolve();
  assert.equal(await fixture.logs.stop(1000), true);
  assert.equal(fixture.logs.status().payloads, 1);
});

test('gives records of the node the host as their service, and no container', async () => {
  const fixture = new LogsFixture();
  fixture.emit('');
  const [record] = await fixture.records();
  assert.deepEqual(record!.resource, {
    'host.id': '0123456789abcdef',
    'host.name': 'web-1',
    'service.name': 'web-1',
  });
});
