// The main-thread side of the windows worker, with a worker of the test.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Acknowledgement } from '../../../src/sources/acknowledgement.ts';
import { Activity } from '../../../src/sources/activity.ts';
import { OpenTrace } from '../../../src/sources/etw/open-trace.ts';
import type { HostHeader, Observation } from '../../../src/sources/host.ts';
import type { FromPollWorker } from '../../../src/sources/poll/messages.ts';
import { PollSource } from '../../../src/sources/poll/poll-source.ts';
import { FakeWorker } from '../../helpers/fake-worker.ts';

const start = {
  agentVersion: '1',
  intervalMs: 15_000,
  settings: {},
  connectionStatistics: false,
  gpus: false,
  trace: new OpenTrace().shared,
};
const header = { agentVersion: '1' } as HostHeader;
const head = { tMono: 1, tWall: 2, source: 'windows', seconds: 0 };
const system: Observation = { ...head, seq: 1, kind: 'system', data: { uptimeMs: 5 } };
const tick: Observation = { ...head, seq: 2, kind: 'tick', data: { intervalMs: 15_000 } };

function sourceOf(worker: FakeWorker, clock = { now: 0 }, mark = () => worker.received.length) {
  const events: unknown[] = [];
  const source = new PollSource({
    start,
    entry: new URL('file:///worker.ts'),
    spawn: worker.spawn,
    now: () => clock.now,
    onFatal: (error) => events.push(`fatal ${error.message}`),
    onSkipped: (rounds) => events.push(`skipped ${rounds}`),
    onLoss: (loss, problem) => events.push({ loss, problem }),
  });
  const started = source.start((observation) => events.push(`${observation.kind} ${mark()}`));
  const send = (message: FromPollWorker): void => worker.send(message);
  return { source, started, events, send };
}

test('the source starts with the header of its worker', async () => {
  const worker = new FakeWorker();
  const { source, started, send } = sourceOf(worker);
  const { activity, acknowledged, ...passed } = worker.spawned!.options.workerData;
  assert.deepEqual(passed, start);
  assert.equal(new Acknowledgement(acknowledged).seq, 0);
  new Activity(activity).during('the reading of tcp', () =>
    assert.deepEqual(source.pendingCall(), { call: 'the reading of tcp in the windows worker', mayBeLate: false }),
  );
  send({ type: 'header', header });
  assert.equal(await started, header);
});

test('a worker that cannot read the header fails the start with its reason', async () => {
  const { started, send } = sourceOf(new FakeWorker());
  send({ type: 'failed', reason: 'RtlGetVersion failed' });
  await assert.rejects(started, { code: 'HOST_FAILED', message: /RtlGetVersion failed/ });
});

test('elsewhere than on Windows there is no worker to start', { skip: process.platform === 'win32' }, async () => {
  const callbacks = { onFatal: () => {}, onSkipped: () => {}, onLoss: () => {} };
  const source = new PollSource({ start, ...callbacks });
  await assert.rejects(
    source.start(() => {}),
    { code: 'NOT_WINDOWS' },
  );
  await source.stop();
});

test('observations are pushed, and a tick is acknowledged after its push', () => {
  const worker = new FakeWorker();
  const acknowledged = (): number => new Acknowledgement(worker.spawned!.options.workerData.acknowledged).seq;
  const { events, send } = sourceOf(worker, { now: 0 }, acknowledged);
  send({ type: 'observations', observations: [system] });
  assert.equal(acknowledged(), 0);
  send({ type: 'observations', observations: [tick] });
  assert.deepEqual(events, ['system 0', 'tick 0']);
  assert.equal(acknowledged(), 2);
  assert.deepEqual(worker.received, []);
});

test('skipped rounds, losses and errors are reported', () => {
  const worker = new FakeWorker();
  const { events, send } = sourceOf(worker);
  const loss = { events: 1, buffers: 2, realTimeBuffers: 3 };
  const problem = { part: 'losses', reason: 'a reason', lost: 'the number' };
  send({ type: 'skipped', rounds: 3 });
  send({ type: 'loss', loss });
  send({ type: 'loss', problem });
  worker.emit('error', new Error('broken'));
  assert.deepEqual(events, ['skipped 3', { loss, problem: undefined }, { loss: undefined, problem }, 'fatal broken']);
});

test('the worker counts as stuck after three intervals without a message, until the next one', () => {
  const clock = { now: 0 };
  const { source, send } = sourceOf(new FakeWorker(), clock);
  clock.now = 1_000_000;
  assert.equal(source.problem(), undefined);
  send({ type: 'header', header });
  clock.now += 45_000;
  assert.equal(source.problem(), undefined);
  clock.now += 1000;
  assert.equal(source.problem(), 'the windows worker has not answered for 46 s: a system call hangs');
  send({ type: 'skipped', rounds: 1 });
  assert.equal(source.problem(), undefined);
});

test('a stop is sent to the worker and ends with its thread', async () => {
  const worker = new FakeWorker();
  const { source } = sourceOf(worker);
  const stopped = source.stop();
  assert.deepEqual(worker.received, [{ type: 'stop' }]);
  worker.emit('exit', 0);
  await stopped;
});
