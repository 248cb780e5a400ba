// The Aspire dashboard receives log records by OTLP and gives them back with every field.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pino from 'pino';
import { whyNoAspire } from '../../scripts/lib/aspire.ts';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import { AGENT_VERSION } from '../../src/base/version.ts';
import { createDelivery } from '../../src/delivery.ts';
import { OtlpLogsFormat } from '../../src/exporters/otlp/logs-format.ts';
import type { Payload } from '../../src/exporters/payload.ts';
import type { LogLevel, LogRecord } from '../../src/logs/log-record.ts';
import { LogsFixture, logRecord } from '../helpers/otlp-logs.ts';
import { type Aspire, type AspireAttribute, openAspire } from '../helpers/peers/aspire.ts';
import { resolve } from '../helpers/settings.ts';

const skip = await whyNoAspire();
const folder = mkdtempSync(join(tmpdir(), 'aspire-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What the dashboard calls the severity numbers, whatever their text is. */
const severities: Record<LogLevel, [number: number, text: string]> = {
  critical: [21, 'Critical'],
  error: [17, 'Error'],
  warning: [13, 'Warning'],
  info: [9, 'Information'],
  debug: [5, 'Debug'],
  unknown: [0, 'None'],
};

/** Statuses of the answers until one is a success, each after a step down. */
async function send(aspire: Aspire, format: OtlpLogsFormat, payloads: readonly Payload[]): Promise<number[]> {
  const statuses: number[] = [];
  do {
    const { headers, body } = await format.encodeRequest(payloads);
    const answer = await fetch(aspire.logsUrl, { method: 'POST', headers, body: new Uint8Array(body) });
    assert.equal(format.rejectedCount(new Uint8Array(await answer.arrayBuffer())), 0);
    statuses.push(answer.status);
  } while (statuses.at(-1) !== 200 && format.stepDown());
  return statuses;
}

function valuesOf(attributes: readonly AspireAttribute[]): [name: string, value: string | undefined][] {
  return attributes.map(({ key, value }) => [key, value.stringValue]);
}

const emitted: [containerId: string, record: Partial<LogRecord>][] = [
  ['/system/W3SVC', { level: 'critical', body: 'first\nsecond', attributes: { 'pattern.hash': 'ff', empty: '' } }],
  ['/system/W3SVC', { level: 'error', body: 'grün \0 \ud800 😀', attributes: { 'ключ "1"': 'значение\t' } }],
  [
    '/docker/shop-1',
    { level: 'warning', traceId: '0AF7651916CD43DD8448EB211C80319C', spanId: 'B7AD6B7169203331', body: 'traced' },
  ],
  ['/docker/shop-1', { level: 'info', traceId: '0af7651916cd43dd8448eb211c80319d', body: 'only a trace' }],
  ['/docker/shop-1', { level: 'debug', body: '界'.repeat(30_000) }],
  ['/iis/DefaultAppPool', { level: 'unknown', body: '' }],
];

test('the dashboard refuses compression, takes the records without it, and has every field', { skip }, async () => {
  await using aspire = await openAspire();
  const fixture = new LogsFixture();
  for (const [i, [id, record]] of emitted.entries())
    fixture.emit(id, { time: [1_764_288_000 + i, 123_456_700], ...record });
  await fixture.logs.stop(1000);
  assert.deepEqual(await send(aspire, new OtlpLogsFormat('zstd'), fixture.payloads), [500, 500, 200]);

  const found = (await aspire.logs()).flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords }) =>
      logRecords.map(({ attributes, ...record }) => ({
        resource: Object.fromEntries(valuesOf(resource.attributes)),
        scope,
        ...record,
        attributes: valuesOf(attributes).filter(([name]) => name !== 'aspire.log_id'),
      })),
    ),
  );
  const expected = emitted.map(([id, { level, body, attributes = {}, traceId, spanId }], i) => ({
    // The dashboard adds an empty service.instance.id.
    resource: {
      'service.name': id,
      'service.instance.id': undefined,
      'container.id': id,
      'host.id': '0123456789abcdef',
      'host.name': 'web-1',
    },
    scope: { name: 'coroot-agent', version: AGENT_VERSION },
    timeUnixNano: `${1_764_288_000 + i}123456700`,
    severityNumber: severities[level!][0],
    severityText: severities[level!][1],
    body: { stringValue: i === 4 ? '界'.repeat(21_845) : body!.toWellFormed() },
    ...(traceId && { traceId: traceId.toLowerCase() }),
    ...(spanId && { spanId: spanId.toLowerCase() }),
    attributes: Object.entries(attributes),
  }));
  const byTime = (a: { timeUnixNano: string }, b: { timeUnixNano: string }) =>
    a.timeUnixNano < b.timeUnixNano ? -1 : 1;
  assert.deepEqual(found.sort(byTime), expected);
});

test('the dashboard has every record of merged payloads and of the parts of a split one', { skip }, async () => {
  await using aspire = await openAspire();
  const fixture = new LogsFixture();
  for (let i = 0; i < 1500; i++) fixture.emit(`/task/${i % 7}`, { body: String(i) });
  await fixture.logs.stop(1000);
  const format = new OtlpLogsFormat('gzip');
  const [first, ...others] = fixture.payloads;
  const parts = await format.split(first!);
  assert.equal(parts.length, 7);
  assert.deepEqual(await send(aspire, format, others), [500, 200]);
  for (const part of parts) assert.deepEqual(await send(aspire, format, [part]), [200]);
  const bodies = (await aspire.logs()).flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ body }) => Number(body.stringValue))),
  );
  assert.deepEqual(
    bodies.sort((a, b) => a - b),
    Array.from({ length: 1500 }, (_, i) => i),
  );
});

test('the delivery sends the dashboard every record, without compression after one refusal', { skip }, async () => {
  await using aspire = await openAspire();
  const config = resolve({ 'logs-endpoint': aspire.logsUrl.href, 'wal-dir': folder, 'no-proxy': '127.0.0.1' });
  const delivery = createDelivery(config, new SelfMetrics(), pino({ level: 'silent' }));
  delivery.start();
  const sink = (await delivery.logSink({ hostName: 'web-1', machineId: '0123456789abcdef' }))!;
  for (let i = 0; i < 3000; i++) {
    if (sink.full) await sink.ready();
    sink.emit(`/system/service-${i % 5}`, logRecord({ body: String(i) }));
  }
  assert.equal(await delivery.stop(30_000), true);
  const [{ requests, deliveredItems, droppedItems } = assert.fail('no destination')] = delivery.statuses();
  assert.deepEqual([deliveredItems, droppedItems], [3000, {}]);
  // The dashboard answers 500 to a compressed request.
  assert.equal(requests.retryable, 1);
  const found = (await aspire.logs()).flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ body }) => {
        const { 'service.name': service, 'host.name': hostName } = Object.fromEntries(valuesOf(resource.attributes));
        return [Number(body.stringValue), service, hostName] as const;
      }),
    ),
  );
  assert.deepEqual(
    found.sort(([a], [b]) => a - b),
    Array.from({ length: 3000 }, (_, i) => [i, `/system/service-${i % 5}`, 'web-1']),
  );
});
