// Logs in the model: counts and recent messages of each owner, waiting, and what leaves for the listener.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogRecord } from '../../../src/logs/log-record.ts';
import type { HostModel } from '../../../src/model/host-model.ts';
import type { LogCounts } from '../../../src/model/owner/log-counts.ts';
import { aMessage, anEvent, counted, fileMessages, HASH } from '../../helpers/logs.ts';
import { aModel, containerOf, round, wall, web } from '../../helpers/model.ts';
import { observation } from '../../helpers/observations.ts';

const root = { pid: 100, createdAtMs: wall(-1000) };
const tick = (model: HostModel, atMs: number, services = [web()]) =>
  round(model, atMs, { services, processes: [root] });
const totals = (counts: LogCounts | undefined) =>
  [...(counts?.values() ?? [])].map(({ source, level, sample, count }) => [source, level, sample, count]);

test('counts messages of files for the service, without regard to the case of its name', () => {
  const model = aModel();
  tick(model, 0);
  const data = [fileMessages({ service: 'WEB', counted: [counted({ sample: 'gate shut', count: 3 })] })];
  model.observe(observation('fileMessages', data, { atMs: 1000 }));
  model.observe(observation('fileMessages', [fileMessages({ counted: [counted({ count: 2 })] })], { atMs: 2000 }));
  assert.deepEqual(totals(containerOf(model).logs), [['stdout/stderr', 'error', 'gate shut', 5]]);
  assert.equal(model.logs.node, undefined);
});

test('keeps messages of a service that is not known yet until the tick that discovers it', () => {
  const model = aModel();
  model.observe(observation('fileMessages', [fileMessages({ counted: [counted({ sample: 'a' })] })], { atMs: 0 }));
  assert.equal(model.logs.waiting, 1);
  tick(model, 15_000);
  assert.deepEqual([totals(containerOf(model).logs), model.logs.waiting], [[['stdout/stderr', 'error', 'a', 1]], 0]);
});

test('counts messages of a service that is no container for the node after the next tick', () => {
  const model = aModel();
  tick(model, 0);
  const batch = fileMessages({ service: 'other', counted: [counted({ sample: 'a' })], records: [aMessage()] });
  model.observe(observation('fileMessages', [batch], { atMs: 1000 }));
  assert.equal(model.logs.node, undefined);
  tick(model, 15_000);
  assert.deepEqual(totals(model.logs.node), [['stdout/stderr', 'error', 'a', 1]]);
  assert.deepEqual(
    model.logs.recent.after(0).map(({ containerId, body }) => [containerId, body]),
    [['', 'gate shut']],
  );
});

test('counts messages of the node at once', () => {
  const model = aModel();
  const batch = fileMessages({ source: 'C:\\logs\\*.log', counted: [counted({ sample: 'a' })] });
  const { service: _, ...ofNode } = batch;
  model.observe(observation('fileMessages', [ofNode], { atMs: 0 }));
  assert.deepEqual(totals(model.logs.node), [['C:\\logs\\*.log', 'error', 'a', 1]]);
});

test('loses no message if more wait than the bound: they count for the node', () => {
  const model = aModel();
  const counts = Array.from({ length: 1000 }, (_, i) => counted({ hash: i.toString(16).padStart(32, '0') }));
  for (let i = 0; i < 11; i++)
    model.observe(observation('fileMessages', [fileMessages({ counted: counts })], { atMs: i }));
  assert.equal(model.logs.waiting, 10_000);
  assert.equal(model.logs.node!.total('error'), 1000);
  tick(model, 15_000);
  assert.equal(containerOf(model).logs!.total('error'), 10_000);
});

test('gives a pattern its sample again after the container was removed and came back', () => {
  const model = aModel();
  const messages = (atMs: number, sample?: string) => {
    const each = counted(sample === undefined ? {} : { sample });
    model.observe(observation('fileMessages', [fileMessages({ counted: [each] })], { atMs }));
  };
  tick(model, 0);
  messages(1000, 'gate shut');
  for (const atMs of [15_000, 200_000, 400_000]) tick(model, atMs, []);
  assert.equal(model.containers.has('/win/web'), false);
  tick(model, 415_000);
  messages(416_000);
  assert.deepEqual(totals(containerOf(model).logs), [['stdout/stderr', 'error', 'gate shut', 1]]);
});

test('keeps messages of files with hash, attributes, trace context and name of the container', () => {
  const model = aModel();
  tick(model, 0);
  const record = aMessage({
    nanoseconds: 5,
    attributes: { 'pattern.hash': HASH, 'log.iostream': 'stderr' },
    traceId: 'c'.repeat(32),
    spanId: 'd'.repeat(16),
  });
  const received: [string, LogRecord][] = [];
  model.logs.listener = { record: (id, each) => received.push([id, each]), removed: () => {} };
  model.observe(observation('fileMessages', [fileMessages({ records: [record] })], { atMs: 1500 }));
  const [message] = model.logs.recent.after(0);
  assert.deepEqual(message, {
    seq: 1,
    containerId: '/win/web',
    containerName: 'web',
    source: 'stdout/stderr',
    level: 'error',
    body: 'gate shut',
    hash: HASH,
    atMs: wall(0),
    nanoseconds: 5,
    attributes: { 'log.iostream': 'stderr' },
    event: undefined,
    traceId: 'c'.repeat(32),
    spanId: 'd'.repeat(16),
  });
  assert.deepEqual(received, [
    [
      '/win/web',
      {
        time: [wall(0) / 1000, 5],
        observed: [wall(0) / 1000 + 1, 500_000_000],
        level: 'error',
        body: 'gate shut',
        attributes: { 'pattern.hash': HASH, 'log.iostream': 'stderr' },
        traceId: 'c'.repeat(32),
        spanId: 'd'.repeat(16),
      },
    ],
  ]);
});

test('adds up by reason what files withheld', () => {
  const model = aModel();
  tick(model, 0);
  for (const dropped of [{ rate_limit: 5 }, { rate_limit: 2, other: 1 }])
    model.observe(observation('fileMessages', [fileMessages({ dropped })], { atMs: 1000 }));
  assert.deepEqual(
    [...model.logs.dropped],
    [
      ['rate_limit', 7],
      ['other', 1],
    ],
  );
});

test('counts an event as one message with its own level, and passes on its fields as attributes', () => {
  const model = aModel();
  const received: [string, LogRecord][] = [];
  model.logs.listener = { record: (id, each) => received.push([id, each]), removed: () => {} };
  const event = anEvent({
    level: 'warning',
    atMs: 250,
    nanoseconds: 600,
    recordId: '12345678901234567890',
    message: 'ERROR 10:11:12 gate is shut\r\nsecond line\n10:11:13 third line',
  });
  model.observe(observation('eventRecords', [event], { atMs: 1000 }));
  assert.deepEqual(
    [...model.logs.node!.values()].map(({ source, level, count }) => [source, level, count]),
    [['EventLog', 'warning', 1]],
  );
  const [[id, record]] = received as [[string, LogRecord]];
  const [{ hash }] = model.logs.node!.values() as unknown as [{ hash: string }];
  assert.match(hash, /^[0-9a-f]{32}$/);
  assert.equal(id, '');
  assert.deepEqual(
    [record.time, record.observed, record.body],
    [[wall(0) / 1000, 250_000_600], [wall(0) / 1000 + 1, 0], event.message],
  );
  assert.deepEqual(Object.entries(record.attributes), [
    ['pattern.hash', hash],
    ['winlog.channel', 'Application'],
    ['winlog.event_id', '1'],
    ['winlog.provider_name', 'web'],
    ['winlog.record_id', '12345678901234567890'],
  ]);
  const [message] = model.logs.recent.after(0);
  assert.deepEqual(message!.event, {
    channel: 'Application',
    provider: 'web',
    eventId: 1,
    recordId: '12345678901234567890',
  });
  assert.deepEqual([message!.attributes, message!.hash], [{}, hash]);
});

test('reads JSON of events unless that is disabled', () => {
  const trace = 'e'.repeat(32);
  const message = JSON.stringify({ msg: 'gate shut', level: 'info', user: 'ann', traceId: trace });
  const bodyOf = (json: boolean) => {
    const model = aModel({
      logs: { rules: 'coroot', json, patternsPerLevel: 10, maxSampleBytes: 100, recordsPerSecond: 0 },
    });
    model.observe(observation('eventRecords', [anEvent({ message })], { atMs: 0 }));
    const [{ body, attributes, traceId, level }] = model.logs.recent.after(0) as unknown as [LogRecord];
    return [body, { ...attributes }, traceId, level];
  };
  assert.deepEqual(bodyOf(true), ['gate shut', { user: 'ann' }, trace, 'error']);
  assert.deepEqual(bodyOf(false), [message, {}, undefined, 'error']);
});

test('limits patterns and samples of events by the settings', () => {
  const model = aModel({
    logs: { rules: 'coroot', json: true, patternsPerLevel: 1, maxSampleBytes: 12, recordsPerSecond: 0 },
  });
  const events = ['the gate is shut now', 'some other words were written here'].map((message) => anEvent({ message }));
  model.observe(observation('eventRecords', events, { atMs: 0 }));
  assert.deepEqual(
    [...model.logs.node!.values()].map(({ hash, sample }) => [hash === '0'.repeat(32), sample]),
    [
      [false, 'the gate is '],
      [true, 'unclassified'],
    ],
  );
});

test('passes on a burst of records of an owner, withholds the others, and counts all of them', () => {
  const limits = {
    rules: 'coroot',
    json: true,
    patternsPerLevel: 10,
    maxSampleBytes: 100,
    recordsPerSecond: 2,
  } as const;
  const model = aModel({ logs: limits });
  const send = (atMs: number, count: number) => {
    const events = Array.from({ length: count }, () => anEvent({ level: 'info', atMs }));
    model.observe(observation('eventRecords', events, { atMs }));
  };
  send(0, 25);
  assert.deepEqual([model.logs.recent.size, [...model.logs.dropped]], [20, [['rate_limit', 5]]]);
  send(1000, 3);
  assert.deepEqual([model.logs.recent.size, [...model.logs.dropped]], [22, [['rate_limit', 6]]]);
  assert.equal(model.logs.node!.total('info'), 28);
});
