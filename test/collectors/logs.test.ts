// Series of log messages, and self-metrics of the channels and files that they are read from.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import { logCollector } from '../../src/collectors/logs.ts';
import { SampleGatherer } from '../../src/collectors/samples.ts';
import type { HostModel } from '../../src/model/host-model.ts';
import { parseExposition } from '../helpers/exposition.ts';
import { aChannel, aLogFile, aMessage, anEvent, counted, fileMessages, HASH } from '../helpers/logs.ts';
import { aModel, round, wall, web } from '../helpers/model.ts';
import { observation } from '../helpers/observations.ts';
import { samplesOf } from '../helpers/samples.ts';

const nodeLabels = { machine_id: 'm', system_uuid: 's' };

function collect(model: HostModel, selfMetrics = new SelfMetrics()) {
  const gatherer = new SampleGatherer({ verifyLabels: true });
  gatherer.relabel(nodeLabels);
  gatherer.begin();
  logCollector.collect({ model, agentVersion: '0', selfMetrics, nodeLabels }, gatherer);
  return gatherer.finish(0);
}

async function selfSeries(model: HostModel): Promise<Record<string, number>> {
  const selfMetrics = new SelfMetrics();
  collect(model, selfMetrics);
  const text = await selfMetrics.text();
  const samples = text === '' ? [] : parseExposition(text).flatMap((family) => family.samples);
  return Object.fromEntries(
    samples.map(({ name, labels, value }) => [
      [name.replace('coroot_agent_log_', ''), ...Object.values(labels)].join(' '),
      value,
    ]),
  );
}

function aRunningWeb(): HostModel {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [{ pid: 100, createdAtMs: wall(-1000) }] });
  return model;
}

test('has a series for each source, level and pattern of a container, with the labels of Coroot', () => {
  const model = aRunningWeb();
  const batch = fileMessages({
    counted: [
      counted({ sample: 'Error: no gate\n    at gate.js:15', count: 4 }),
      counted({ level: 'unknown', hash: '', sample: '', count: 20_511 }),
    ],
  });
  model.observe(observation('fileMessages', [batch], { atMs: 1000 }));
  const all = samplesOf(collect(model), 'container_log_messages_total');
  const labels = { container_id: '/win/web', ...nodeLabels, source: 'stdout/stderr' };
  assert.deepEqual(
    all.map((each) => ({ labels: each.labels, value: each.value })),
    [
      {
        labels: { ...labels, level: 'error', pattern_hash: HASH, sample: 'Error: no gate\n    at gate.js:15' },
        value: 4,
      },
      { labels: { ...labels, level: 'unknown', pattern_hash: '', sample: '' }, value: 20_511 },
    ],
  );
});

test('has no series of a container that does not run, and counts on when it runs again', () => {
  const model = aRunningWeb();
  const add = (atMs: number) =>
    model.observe(
      observation('fileMessages', [fileMessages({ counted: [counted({ sample: 'a', count: 2 })] })], { atMs }),
    );
  const values = () => samplesOf(collect(model), 'container_log_messages_total').map(({ value }) => value);
  add(1000);
  round(model, 15_000, { services: [web({ state: 1, pid: 0, win32ExitCode: 1 })], processes: [] });
  assert.deepEqual(values(), []);
  add(16_000);
  round(model, 30_000, { services: [web({ pid: 200 })], processes: [{ pid: 200, createdAtMs: wall(20_000) }] });
  assert.deepEqual(values(), [4]);
});

test('has a series of the node for messages of no container', () => {
  const model = aModel();
  const events = [anEvent({ level: 'info' }), anEvent({ level: 'info', message: 'another one' })];
  model.observe(observation('eventRecords', events, { atMs: 0 }));
  assert.deepEqual(
    samplesOf(collect(model), 'node_log_messages_total').map(({ labels, value }) => [labels, value]),
    [[{ ...nodeLabels, source: 'EventLog', level: 'info', pattern_hash: '', sample: '' }, 2]],
  );
});

test('sets nothing while no log was observed', async () => {
  assert.deepEqual(await selfSeries(aRunningWeb()), {});
});

test('reports lag, skipped and dropped records of each channel', async () => {
  const model = aModel();
  const channels = [
    aChannel({ read: 10, lag: 3, skipped: 4, dropped: { malformed: 1 }, resubscribed: 2, invalidPositions: 1 }),
    aChannel({ channel: 'System', problem: 'access denied' }),
  ];
  model.observe(observation('eventChannels', channels, { atMs: 0 }));
  assert.deepEqual(await selfSeries(model), {
    'channel_up Application': 1,
    'channel_up System': 0,
    'channel_lag_records Application': 3,
    'channel_lag_records System': 0,
    'channel_read_records_total Application': 10,
    'channel_read_records_total System': 0,
    'channel_skipped_records_total Application': 4,
    'channel_skipped_records_total System': 0,
    'channel_resubscriptions_total Application': 2,
    'channel_resubscriptions_total System': 0,
    'channel_invalid_positions_total Application': 1,
    'channel_invalid_positions_total System': 0,
    'channel_dropped_records_total Application malformed': 1,
    records_waiting: 0,
  });
});

test('adds up files of a source, and never counts down when a file is removed or starts again', async () => {
  const model = aModel();
  const files = (...values: Parameters<typeof aLogFile>[0][]) =>
    model.observe(
      observation(
        'logFiles',
        values.map((each) => aLogFile(each)),
        { atMs: 0 },
      ),
    );
  files(
    { path: 'C:\\logs\\a.log', readBytes: 100, lagBytes: 5, dropped: { long: 1 } },
    { path: 'C:\\logs\\b.log', readBytes: 50, lagBytes: 6, lostBytes: 7, state: 'failed' },
  );
  files({ path: 'C:\\logs\\a.log', readBytes: 120, lagBytes: 1, dropped: { long: 3 } });
  files({ path: 'C:\\logs\\a.log', readBytes: 30, dropped: {} }, { path: 'C:\\logs\\c.log', state: 'waiting' });
  assert.deepEqual(await selfSeries(model), {
    'files waiting': 1,
    'files reading': 1,
    'files failed': 0,
    'file_lag_bytes C:\\logs\\*.log': 0,
    'file_read_bytes_total C:\\logs\\*.log': 200,
    'file_lost_bytes_total C:\\logs\\*.log': 7,
    'file_dropped_lines_total long C:\\logs\\*.log': 3,
    records_waiting: 0,
  });
});

test('reports what waits, what was withheld, and what was cut of events', async () => {
  const model = aModel({
    logs: { rules: 'coroot', json: true, patternsPerLevel: 0, maxSampleBytes: 100, recordsPerSecond: 0 },
  });
  const batch = fileMessages({ records: [aMessage()], dropped: { rate_limit: 9 } });
  const { service: _, ...ofNode } = batch;
  model.observe(observation('fileMessages', [batch, ofNode], { atMs: 0 }));
  model.observe(observation('eventRecords', [anEvent({ message: 'x'.repeat(70_000) })], { atMs: 0 }));
  assert.deepEqual(await selfSeries(model), {
    records_waiting: 1,
    'records_dropped_total rate_limit': 9,
    'event_losses_total cut_line': 1,
    'event_losses_total pattern_limit': 1,
  });
});

test('has a series for each channel, provider, id and level of events of all owners', () => {
  const model = aRunningWeb();
  const values = { channel: 'Application', provider: 'web', eventId: 7, level: 'error' as const };
  const events = [anEvent({ ...values, pid: 100 }), anEvent(values), anEvent({ ...values, level: 'info' })];
  model.observe(observation('eventRecords', events, { atMs: 1000 }));
  const labels = { ...nodeLabels, channel: 'Application', provider: 'web', event_id: '7' };
  assert.deepEqual(
    samplesOf(collect(model), 'windows_event_log_messages_total').map((each) => ({
      labels: each.labels,
      value: each.value,
    })),
    [
      { labels: { ...labels, level: 'error' }, value: 2 },
      { labels: { ...labels, level: 'info' }, value: 1 },
    ],
  );
});
