// Log records of several containers through the whole delivery to a double of Coroot's collector.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pino from 'pino';
import { createAgent } from '../src/agent.ts';
import { SelfMetrics } from '../src/base/self-metrics.ts';
import { AGENT_VERSION } from '../src/base/version.ts';
import { createDelivery } from '../src/delivery.ts';
import { countDeliveries } from '../src/delivery-metrics.ts';
import type { Delivery } from '../src/exporters/delivery/delivery.ts';
import type { DeliveryStatus } from '../src/exporters/delivery/delivery-status.ts';
import type { LogRecord, LogSink } from '../src/logs/log-record.ts';
import { TapeHost } from '../src/sources/tape/replay.ts';
import { CorootCollector } from './helpers/coroot-collector.ts';
import { untilTrue } from './helpers/delivery-chain.ts';
import { type DecodedRecord, recordsOf } from './helpers/otlp-decoder.ts';
import { logRecord } from './helpers/otlp-logs.ts';
import { resolve } from './helpers/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'log-delivery-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(folder, String(++folders));
const logger = pino({ level: 'silent' });
const host = { hostName: 'web-1', machineId: '0123456789abcdef' };
const containers = ['/system/W3SVC', '/docker/shop-1', '/iis/DefaultAppPool'];

function open(walDir: string, collector: CorootCollector, flags: Record<string, string> = {}): Delivery {
  const config = resolve({
    'logs-endpoint': new URL('v1/logs', collector.url).href,
    'wal-dir': walDir,
    'no-proxy': '127.0.0.1',
    ...flags,
  });
  const delivery = createDelivery(config, new SelfMetrics(), logger);
  delivery.start();
  return delivery;
}

const logsOf = (delivery: Delivery): DeliveryStatus => delivery.statuses().find(({ name }) => name === 'logs')!;

/** Emits numbered records, one container after the other, and waits where the sink has no room. */
async function emit(sink: LogSink, from: number, to: number, record: Partial<LogRecord> = {}): Promise<void> {
  for (let i = from; i < to; i++) {
    if (sink.full) await sink.ready();
    assert.ok(sink.emit(containers[i % containers.length]!, logRecord({ body: String(i), ...record })));
  }
}

const received = ({ logs }: CorootCollector): DecodedRecord[] => logs.flatMap(recordsOf);
const numbersOf = (collector: CorootCollector): number[] =>
  received(collector)
    .map(({ body }) => Number(body))
    .sort((a, b) => a - b);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Every record is delivered, dropped or queued. */
function assertCountsAddUp(status: DeliveryStatus): void {
  const { recoveredItems, producedItems, deliveredItems, droppedItems, queuedItems } = status;
  const dropped = Object.values(droppedItems).reduce((sum, count) => sum + count, 0);
  assert.equal(recoveredItems + producedItems, deliveredItems + dropped + queuedItems);
}

test('records of several containers arrive with host, container and scope, and the counts add up', async () => {
  await using collector = await CorootCollector.open({ keys: ['k1'] });
  const delivery = open(newFolder(), collector, { 'api-key': 'k1' });
  const sink = await delivery.logSink(host);
  await emit(sink!, 0, 2000, { level: 'error', attributes: { 'pattern.hash': 'ff' } });
  assert.equal(await delivery.stop(10_000), true);

  assert.deepEqual(numbersOf(collector), upTo(2000));
  for (const record of received(collector)) {
    const id = containers[Number(record.body) % containers.length]!;
    assert.deepEqual(record.resource, {
      'service.name': id,
      'container.id': id,
      'host.id': '0123456789abcdef',
      'host.name': 'web-1',
    });
    assert.deepEqual(record.scope, { name: 'coroot-agent', version: AGENT_VERSION });
    assert.deepEqual([record.severityNumber, record.severityText, record.time], [17, 'error', '1764288000123456700']);
    assert.deepEqual(record.attributes, [['pattern.hash', 'ff']]);
  }
  const status = logsOf(delivery);
  assert.deepEqual([status.producedItems, status.deliveredItems, status.droppedItems], [2000, 2000, {}]);
  assertCountsAddUp(status);
  assert.ok(collector.requests.every(({ headers }) => headers['x-api-key'] === 'k1'));
});

test('records of an outage stay in the spool over a restart and arrive before new ones', async () => {
  await using collector = await CorootCollector.open();
  await collector.refuse();
  const walDir = newFolder();
  const first = open(walDir, collector);
  await emit((await first.logSink(host))!, 0, 2500);
  await untilTrue(() => logsOf(first).state === 'retrying');
  assert.equal(await first.stop(3000), true);
  const before = logsOf(first);
  assert.deepEqual([before.queuedItems, before.deliveredItems, before.droppedItems], [2500, 0, {}]);
  assertCountsAddUp(before);
  assert.ok(readdirSync(join(walDir, 'spool', 'logs')).length >= 3);

  await collector.accept();
  const second = open(walDir, collector);
  await untilTrue(() => logsOf(second).deliveredItems === 2500);
  assert.equal(logsOf(second).recoveredItems, 2500);
  await emit((await second.logSink({ ...host, hostName: 'web-2' }))!, 2500, 2600);
  await second.stop(10_000);
  assert.deepEqual(numbersOf(collector), upTo(2600));
  const late = received(collector).filter(({ resource }) => resource['host.name'] === 'web-2');
  assert.deepEqual([late.length, received(collector).at(-1)!.resource['host.name']], [100, 'web-2']);
  assertCountsAddUp(logsOf(second));
  assert.deepEqual(readdirSync(join(walDir, 'spool', 'logs')), []);
});

for (const [setting, encodings] of [
  ['gzip', ['gzip', undefined]],
  ['zstd', ['zstd', 'gzip', undefined]],
] as const)
  test(`a receiver that refuses ${setting} gets every record without compression, and nothing is dropped`, async () => {
    await using collector = await CorootCollector.open();
    collector.faults.set('/v1/logs', { kind: 'status', status: 415, times: encodings.length - 1 });
    const delivery = open(newFolder(), collector, { 'otlp-compression': setting });
    await emit((await delivery.logSink(host))!, 0, 1024);
    await untilTrue(() => logsOf(delivery).deliveredItems === 1024);
    await emit((await delivery.logSink(host))!, 1024, 1200);
    await delivery.stop(10_000);
    assert.deepEqual(numbersOf(collector), upTo(1200));
    const sent = collector.requests.map(({ headers }) => headers['content-encoding']);
    assert.deepEqual(sent.slice(0, encodings.length), encodings);
    assert.ok(sent.slice(encodings.length).every((encoding) => encoding === undefined));
    assert.deepEqual(logsOf(delivery).droppedItems, {});
    assertCountsAddUp(logsOf(delivery));
  });

test('counts records that a source emits without waiting, and those after the stop, by reason', async () => {
  await using collector = await CorootCollector.open();
  const delivery = open(newFolder(), collector);
  const sink = (await delivery.logSink(host))!;
  const attributes = { filler: 'x'.repeat(200) };
  const accepted = upTo(50_000).filter((i) =>
    sink.emit(containers[i % 3]!, logRecord({ body: String(i), attributes })),
  );
  assert.ok(accepted.length >= 4 * 1024 && accepted.length < 50_000, `${accepted.length}`);
  await sink.ready();
  const malformed = { ...logRecord(), body: undefined } as unknown as LogRecord;
  assert.equal(sink.emit('/a', malformed), false);
  await delivery.stop(10_000);
  assert.equal(sink.emit('/a', logRecord()), false);
  assert.deepEqual(numbersOf(collector), accepted);
  const status = logsOf(delivery);
  assert.deepEqual(status.droppedItems, { queue_full: 50_000 - accepted.length, malformed: 1, stopped: 1 });
  assert.equal(status.producedItems, 50_002);
  assertCountsAddUp(status);
});

test('counts what was changed of records by what it was, as a metric of the delivery', async () => {
  await using collector = await CorootCollector.open();
  const delivery = open(newFolder(), collector);
  const sink = (await delivery.logSink(host))!;
  sink.emit('/a', logRecord({ body: 'x'.repeat(70_000), attributes: { long: 'v'.repeat(5000), '': 'nameless' } }));
  sink.emit('/a', logRecord({ body: '\ud800', traceId: 'no id', time: [Number.NaN, 0] }));
  await delivery.stop(10_000);
  const changes = { body: 2, attribute_value: 1, attribute: 1, trace_id: 1, time: 1 };
  assert.deepEqual(logsOf(delivery).changes, changes);
  const metrics = new SelfMetrics();
  countDeliveries(metrics, delivery.statuses());
  const text = await metrics.text();
  for (const [reason, count] of Object.entries(changes))
    assert.ok(text.includes(`coroot_agent_delivery_changes_total{destination="logs",reason="${reason}"} ${count}\n`));
  assert.deepEqual(logsOf(delivery).droppedItems, {});
});

test('records that a receiver rejects are counted as dropped, the others as delivered', async () => {
  await using collector = await CorootCollector.open();
  // ExportLogsServiceResponse.partial_success.rejected_log_records = 3
  const answer = '\n\x02\x08\x03';
  collector.faults.set('/v1/logs', { kind: 'status', status: 200, answer });
  const delivery = open(newFolder(), collector);
  await emit((await delivery.logSink(host))!, 0, 100);
  await delivery.stop(10_000);
  const status = logsOf(delivery);
  assert.deepEqual([status.producedItems, status.deliveredItems, status.droppedItems], [100, 97, { invalid: 3 }]);
});

test('there is no sink where logs have no destination, and none after the stop', async () => {
  await using collector = await CorootCollector.open();
  const metricsOnly = createDelivery(
    resolve({ 'metrics-endpoint': collector.url.href, 'wal-dir': newFolder() }),
    new SelfMetrics(),
    logger,
  );
  assert.equal(await metricsOnly.logSink(host), undefined);
  await metricsOnly.stop(3000);

  const stopped = open(newFolder(), collector);
  assert.equal(await stopped.stop(3000), true);
  assert.equal(await stopped.logSink(host), undefined);
});

test('every caller gets the same sink, and a stop while it is opened closes it', async () => {
  await using collector = await CorootCollector.open();
  const delivery = open(newFolder(), collector);
  const sinks = Promise.all([delivery.logSink(host), delivery.logSink({ hostName: 'other', machineId: '' })]);
  const [one, other] = await sinks;
  assert.equal(one, other);
  await emit(one!, 0, 3);
  assert.equal(await delivery.stop(10_000), true);
  assert.deepEqual(
    received(collector).map(({ resource }) => resource['host.name']),
    ['web-1', 'web-1', 'web-1'],
  );

  const early = open(newFolder(), collector);
  const opening = early.logSink(host);
  assert.equal(await early.stop(10_000), true);
  assert.equal((await opening)?.emit('/a', logRecord()), false);
  assert.deepEqual(logsOf(early).droppedItems, { stopped: 1 });
});

test('logs of a replayed host arrive with their container, and events with their ids', async () => {
  await using collector = await CorootCollector.open();
  const config = resolve({
    'logs-endpoint': new URL('v1/logs', collector.url).href,
    'wal-dir': newFolder(),
    'no-proxy': '127.0.0.1',
    listen: '127.0.0.1:0',
  });
  const host = new TapeHost({ file: 'docs/demo/shop.tape.gz', speed: 'max', loop: false, time: 'recorded' });
  const agent = createAgent(config, logger, {
    host,
    delivery: (selfMetrics) => createDelivery(config, selfMetrics, logger),
  });
  await agent.start();
  await untilTrue(() => host.status().detail.ended === true);
  await agent.stop();
  const records = received(collector);
  assert.equal(records.length, agent.model.logs.recent.lastSeq);
  const identity = agent.model.node.identity!;
  const ofHost = { 'host.id': identity.machineId, 'host.name': identity.hostname };
  const order = records.find(({ body }) => body === 'Order accepted')!;
  const id = '/win/orders-api';
  assert.deepEqual(order.resource, { 'container.id': id, 'service.name': id, ...ofHost });
  assert.deepEqual(
    [order.severityText, order.attributes[0], order.traceId.length, order.spanId.length],
    ['info', ['pattern.hash', ''], 32, 16],
  );
  const login = records.find(({ body }) => String(body).startsWith('Login failed'))!;
  assert.equal(login.resource['container.id'], '/win/MSSQL_REPORTING');
  assert.deepEqual(login.attributes.slice(0, 4), [
    ['pattern.hash', 'afc0e0d91a2d3daaf716fd2de4c2d0b7'],
    ['winlog.channel', 'Application'],
    ['winlog.event_id', '18456'],
    ['winlog.provider_name', 'MSSQL$REPORTING'],
  ]);
  const crash = records.filter(({ body }) => String(body).startsWith('The billing service terminated'));
  assert.deepEqual(
    crash.map(({ resource, severityText }) => [resource['service.name'], severityText]),
    [
      ['/win/billing', 'error'],
      ['/win/billing', 'error'],
    ],
  );
  const node = records.find(({ body }) => String(body).startsWith('Name resolution'))!;
  assert.deepEqual(node.resource, { 'service.name': identity.hostname, ...ofHost });
});
