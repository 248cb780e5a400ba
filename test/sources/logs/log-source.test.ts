// The main-thread side of the logs worker, with a worker of the test.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Acknowledgement } from '../../../src/sources/acknowledgement.ts';
import { Activity } from '../../../src/sources/activity.ts';
import type { Observation } from '../../../src/sources/host.ts';
import type { FileTarget, FromLogsWorker, LogBatch } from '../../../src/sources/logs/contracts.ts';
import { LogSource, type LogSourceOptions } from '../../../src/sources/logs/log-source.ts';
import { readPositions, writePositions } from '../../../src/sources/logs/positions-file.ts';
import { FakeWorker } from '../../helpers/fake-worker.ts';
import { aChannel, aLogFile, anEvent, fileMessages } from '../../helpers/logs.ts';

const folder = mkdtempSync(join(tmpdir(), 'log-source-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const parser = {
  rules: 'coroot',
  json: true,
  patternsPerLevel: 256,
  maxSampleBytes: 4096,
  recordsPerSecond: 0,
} as const;
const file: FileTarget = { owner: {}, source: 'log', format: 'text', pattern: '/log/*.log', fromStart: false };
let files = 0;

function fixture(values: Partial<LogSourceOptions> = {}) {
  const worker = new FakeWorker();
  const clock = { now: 0 };
  const observed: Observation[] = [];
  const damages: string[] = [];
  const positionsFile = join(folder, `positions-${files++}`);
  const gate = { ready: Promise.resolve(), stored: Promise.resolve() };
  const source = new LogSource({
    channels: [{ channel: 'System', xpath: '*' }],
    eventLocale: 1033,
    files: [],
    filesEncoding: 'windows-1252',
    parser,
    positionsFile,
    receiver: { ready: () => gate.ready, stored: () => gate.stored },
    onDamagedPositions: (problem) => damages.push(problem),
    onFatal: (error) => assert.fail(error),
    entry: new URL('file:///worker.ts'),
    spawn: worker.spawn,
    now: () => clock.now,
    ...values,
  });
  const start = () => source.start((observation) => observed.push(observation));
  const send = (message: FromLogsWorker): void => worker.send(message);
  const batch = (seq: number, values: Partial<LogBatch> = {}) =>
    send({ type: 'batch', seq, batch: { eventRecords: [], fileMessages: [], positions: {}, ...values } });
  const acknowledged = () => new Acknowledgement(worker.spawned!.options.workerData.acknowledged).seq;
  return { source, worker, clock, observed, damages, positionsFile, gate, start, send, batch, acknowledged };
}

test('starts the worker with the positions of the last run', async () => {
  const { worker, positionsFile, start } = fixture();
  await writePositions(positionsFile, { 'event-log/System': '5' });
  await start();
  const { activity, acknowledged, positions, ...passed } = worker.spawned!.options.workerData;
  assert.ok(activity && acknowledged);
  assert.deepEqual({ ...positions }, { 'event-log/System': '5' });
  assert.deepEqual(passed, {
    channels: [{ channel: 'System', xpath: '*' }],
    eventLocale: 1033,
    files: [],
    filesEncoding: 'windows-1252',
    parser,
  });
});

test('starts the worker with the first file when there is nothing to read at the start', async () => {
  const { source, worker, start } = fixture({ channels: [] });
  await start();
  source.setFiles([]);
  assert.equal(worker.spawned, undefined);
  source.setFiles([file]);
  assert.deepEqual(worker.spawned!.options.workerData.files, [file]);
  source.setFiles([]);
  assert.deepEqual(worker.received, [{ type: 'files', files: [] }]);
});

test('follows the files of the options besides those that are set', async () => {
  const other = { ...file, pattern: '/log/other.log' };
  const { source, worker, start } = fixture({ files: [file] });
  await start();
  source.setFiles([other]);
  source.setFiles([]);
  assert.deepEqual(worker.received, [
    { type: 'files', files: [file, other] },
    { type: 'files', files: [file] },
  ]);
});

test('reports damaged positions and begins without them', async () => {
  const { worker, damages, positionsFile, start } = fixture();
  writeFileSync(positionsFile, 'x');
  await start();
  assert.match(damages.join(), /cannot be used/);
  assert.deepEqual(worker.spawned!.options.workerData.positions, {});
});

test('pushes and acknowledges a batch when the receiver is ready', async () => {
  const { observed, gate, start, batch, acknowledged } = fixture();
  await start();
  const ready = Promise.withResolvers<void>();
  gate.ready = ready.promise;
  batch(1, { eventRecords: [anEvent()], fileMessages: [fileMessages()] });
  batch(2, { positions: { a: '1' } });
  await nextTurn();
  assert.deepEqual([observed.length, acknowledged()], [0, 0]);
  ready.resolve();
  await nextTurn();
  assert.deepEqual(
    observed.map(({ kind, source }) => `${source} ${kind}`),
    ['logs eventRecords', 'logs fileMessages'],
  );
  assert.equal(acknowledged(), 2);
});

test('divides more events than one observation may have', async () => {
  const { observed, start, batch } = fixture();
  await start();
  batch(1, { eventRecords: Array.from({ length: 2100 }, () => anEvent()) });
  await nextTurn();
  assert.deepEqual(
    observed.map(({ data }) => (data as unknown[]).length),
    [1000, 1000, 100],
  );
});

test('stores positions when their records are stored, the last ones after the stop', async () => {
  const { source, worker, gate, positionsFile, start, batch } = fixture({ sleep: () => new Promise(() => {}) });
  await start();
  const stored = Promise.withResolvers<void>();
  gate.stored = stored.promise;
  batch(1, { positions: { a: '1' } });
  await nextTurn();
  assert.deepEqual((await readPositions(positionsFile)).positions, {});
  const stopped = source.stop();
  assert.deepEqual(worker.received, [{ type: 'stop' }]);
  batch(2, { positions: { a: '2' } });
  worker.emit('exit');
  await stopped;
  const settled = source.storePositions();
  stored.resolve();
  await settled;
  assert.deepEqual({ ...(await readPositions(positionsFile)).positions }, { a: '2' });
});

test('does not store positions of a batch that the receiver did not take before the stop', async () => {
  const { source, worker, observed, gate, positionsFile, start, batch } = fixture();
  await start();
  gate.ready = new Promise(() => {});
  batch(1, { eventRecords: [anEvent()], positions: { a: '1' } });
  const stopped = source.stop();
  worker.emit('exit');
  await stopped;
  await source.storePositions();
  assert.deepEqual(observed, []);
  assert.deepEqual((await readPositions(positionsFile)).positions, {});
});

test('pushes the state of channels and files with each round', async () => {
  const { source, observed, start, send } = fixture();
  await start();
  source.beforeTick();
  assert.deepEqual(observed, []);
  send({ type: 'state', state: { eventChannels: [], logFiles: [] }, problem: undefined });
  source.beforeTick();
  source.beforeTick();
  assert.deepEqual(
    observed.map(({ kind }) => kind),
    ['eventChannels', 'logFiles', 'eventChannels', 'logFiles'],
  );
});

test('names channels and files that cannot be read among the missing parts of each round', async () => {
  const { source, observed, start, send } = fixture();
  await start();
  const eventChannels = [aChannel({ channel: 'Security', problem: 'access denied', code: 5 }), aChannel()];
  const logFiles = [aLogFile({ path: 'C:\\logs\\a.log', problem: 'no access' })];
  send({ type: 'state', state: { eventChannels, logFiles }, problem: undefined });
  source.beforeTick();
  send({ type: 'state', state: { eventChannels: [aChannel()], logFiles: [] }, problem: undefined });
  source.beforeTick();
  assert.deepEqual(
    observed.map(({ degraded }) => degraded?.map(({ part }) => part)),
    [['channel Security'], ['log file C:\\logs\\a.log'], undefined, undefined],
  );
});

test('reports the problem of a reader, and a call that does not return', async () => {
  const { source, worker, clock, start, send } = fixture();
  await start();
  const state = { eventChannels: [] };
  send({ type: 'state', state, problem: 'no access' });
  assert.equal(source.problem(), 'no access');
  send({ type: 'state', state, problem: undefined });
  assert.equal(source.problem(), undefined);
  clock.now = 16_000;
  new Activity(worker.spawned!.options.workerData.activity).during('EvtNext', () => {
    assert.equal(source.problem(), 'the logs worker has not answered for 16 s: EvtNext hangs');
    assert.deepEqual(source.pendingCall(), { call: 'EvtNext in the logs worker', mayBeLate: false });
  });
});
