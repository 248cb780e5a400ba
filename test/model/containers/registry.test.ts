// Containers from tick to tick: restarts, shared roots, minimum age, retention and failed readings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerView } from '../../../src/api/resources/containers.ts';
import { aModel, containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { aService, type ProcessRow } from '../../helpers/observations.ts';

const MINUTE_MS = 60_000;
const processAt = (atMs: number, pid = 100): ProcessRow => ({
  pid,
  createdAtMs: wall(atMs),
  userMs: 0,
  workingSetBytes: 10,
});
const ids = (model: ReturnType<typeof aModel>): string[] => model.containers.all().map(({ id }) => id);

test('has no containers before the first list of services, then those found, in order', () => {
  const model = aModel();
  round(model, 0, { processes: [processAt(-HOUR_MS)] });
  assert.deepEqual(ids(model), []);
  round(model, 1000, { services: [web(), aService({ name: 'api', pid: 200 })] });
  assert.deepEqual(ids(model), ['/win/web', '/win/api']);
  round(model, 2000, { services: [aService({ name: 'first', pid: 300 }), aService({ name: 'api', pid: 200 }), web()] });
  assert.deepEqual(ids(model), ['/win/web', '/win/api', '/win/first']);
});

test('has the process tree of the service', () => {
  const model = aModel();
  round(model, 0, {
    services: [web()],
    processes: [processAt(-HOUR_MS), { ...processAt(-10, 101), parentPid: 100 }, processAt(-HOUR_MS, 999)],
  });
  const { pid, pids, startedAtMs } = containerOf(model);
  assert.deepEqual({ pid, pids, startedAtMs }, { pid: 100, pids: [100, 101], startedAtMs: wall(-HOUR_MS) });
});

test('counts a restart if the pid or the creation time of the root process changes', () => {
  const model = aModel();
  const restarts = [
    { services: [web()], processes: [processAt(-HOUR_MS)] },
    { services: [web()], processes: [processAt(-HOUR_MS)] },
    { services: [web({ pid: 200 })], processes: [processAt(15, 200)] },
    { services: [web({ pid: 200 })], processes: [processAt(16, 200)] },
  ].map((each, i) => {
    round(model, i * 15_000, each);
    return containerOf(model).restarts;
  });
  assert.deepEqual(restarts, [0, 0, 1, 2]);
});

test('counts no restart while the creation time is unreadable, unless the pid changes', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [processAt(-HOUR_MS)] });
  round(model, 15_000, { services: [web()], processes: [] });
  round(model, 30_000, { services: [web()], processes: [{ pid: 100, createdAtMs: 0 }] });
  assert.equal(containerOf(model).startedAtMs, wall(-HOUR_MS));
  round(model, 45_000, { services: [web()], processes: [processAt(-HOUR_MS)] });
  assert.equal(containerOf(model).restarts, 0);
  round(model, 60_000, { services: [web({ pid: 5 })], processes: [] });
  assert.deepEqual([containerOf(model).restarts, containerOf(model).startedAtMs], [1, 0]);
});

test('counts no restart when the creation time becomes known later', () => {
  const model = aModel();
  round(model, 0, { services: [web()] });
  round(model, 15_000, { services: [web()], processes: [processAt(-HOUR_MS)] });
  assert.deepEqual([containerOf(model).restarts, containerOf(model).startedAtMs], [0, wall(-HOUR_MS)]);
});

test('counts one restart for a stop and a start', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [processAt(-HOUR_MS)] });
  round(model, 15_000, { services: [web({ state: 1, pid: 0 })], processes: [] });
  const { state, pid, pids, usage } = containerOf(model);
  assert.deepEqual({ state, pid, pids, rss: usage.rssBytes }, { state: 'stopped', pid: 0, pids: [], rss: 0 });
  round(model, 30_000, { services: [web({ pid: 200 })], processes: [processAt(29_000, 200)] });
  assert.deepEqual([containerOf(model).restarts, containerOf(model).state], [1, 'running']);
});

test('removes a gone container after five minutes, not before', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [processAt(-HOUR_MS)] });
  round(model, 15_000, { services: [] });
  round(model, 15_000 + 5 * MINUTE_MS, { services: [] });
  assert.deepEqual(ids(model), ['/win/web']);
  round(model, 15_000 + 5 * MINUTE_MS + 1, { services: [] });
  assert.deepEqual(ids(model), []);
});

test('restarts the retention of a container that was found again', () => {
  const model = aModel();
  round(model, 0, { services: [web()] });
  round(model, 15_000, { services: [] });
  round(model, 4 * MINUTE_MS, { services: [web()] });
  round(model, 5 * MINUTE_MS, { services: [] });
  round(model, 9 * MINUTE_MS, { services: [] });
  assert.deepEqual(ids(model), ['/win/web']);
});

test('keeps all containers while the list of services cannot be read', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [processAt(-HOUR_MS)] });
  for (let minute = 1; minute <= 30; minute++)
    round(model, minute * MINUTE_MS, { services: 'fails', processes: [processAt(-HOUR_MS)] });
  const { state, pids, restarts } = containerOf(model);
  assert.deepEqual({ state, pids, restarts }, { state: 'running', pids: [100], restarts: 0 });
  assert.equal(model.readings.of('services')!.stale, true);
});

test('keeps trees and totals while the process list cannot be read', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [processAt(-HOUR_MS)] });
  round(model, 15_000, { services: [web()], processes: [{ ...processAt(-HOUR_MS), userMs: 500 }] });
  for (let i = 2; i < 5; i++) round(model, i * 15_000, { services: [web()], processes: 'fails' });
  const { pids, usage } = containerOf(model);
  assert.deepEqual([pids, usage.cpuSeconds, usage.rssBytes], [[100], 0.5, 10]);
  round(model, 75_000, { services: [web()], processes: [{ ...processAt(-HOUR_MS), userMs: 800 }] });
  assert.equal(containerOf(model).usage.cpuSeconds, 0.8);
});

test('keeps totals over a restart and adds all usage of the new process', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [processAt(-HOUR_MS)] });
  round(model, 15_000, { services: [web()], processes: [{ ...processAt(-HOUR_MS), userMs: 500 }] });
  round(model, 30_000, { services: [web({ pid: 200 })], processes: [{ ...processAt(16_000, 200), kernelMs: 250 }] });
  assert.equal(containerOf(model).usage.cpuSeconds, 0.75);
});

test('marks services with the same root process as shared until only one is left', () => {
  const model = aModel();
  const processes = [processAt(-HOUR_MS), processAt(-HOUR_MS, 300)];
  const services = [web(), aService({ name: 'other', pid: 100 }), aService({ name: 'alone', pid: 300 })];
  round(model, 0, { services, processes });
  assert.deepEqual(
    model.containers.all().map(({ id, state }) => [id, state]),
    [
      ['/win/web', 'shared'],
      ['/win/other', 'shared'],
      ['/win/alone', 'running'],
    ],
  );
  round(model, 15_000, { services: [services[0]!, services[2]!], processes });
  assert.deepEqual(
    model.containers.all().map(({ id, state }) => [id, state]),
    [
      ['/win/web', 'running'],
      ['/win/other', 'gone'],
      ['/win/alone', 'running'],
    ],
  );
});

test('does not mark a container as shared if the other service is not selected', () => {
  const model = aModel();
  const config = { startType: 3, binaryPath: '', account: '' };
  round(model, 0, {
    services: [web(), aService({ name: 'manual', pid: 100, config })],
    processes: [processAt(-HOUR_MS)],
  });
  assert.equal(containerOf(model).state, 'running');
});

test('keeps a container pending until the minimum age, and runs an older service at once', () => {
  const model = aModel({ minContainerAgeMs: 30_000 });
  const young = aService({ name: 'young', pid: 200 });
  const processes = [processAt(-HOUR_MS), processAt(-5_000, 200)];
  const states = [0, 24_000, 25_000].map((atMs) => {
    round(model, atMs - 10, { services: [web(), young], processes });
    return [containerOf(model).state, containerOf(model, '/win/young').state];
  });
  assert.deepEqual(states, [
    ['running', 'pending'],
    ['running', 'pending'],
    ['running', 'running'],
  ]);
});

test('does not make a container pending again after a restart', () => {
  const model = aModel({ minContainerAgeMs: 30_000 });
  round(model, 0, { services: [web()], processes: [processAt(-HOUR_MS)] });
  round(model, 15_000, { services: [web({ pid: 200 })], processes: [processAt(14_000, 200)] });
  assert.deepEqual([containerOf(model).state, containerOf(model).restarts], ['running', 1]);
});

test('counts the age from the first tick while the creation time is unknown', () => {
  const model = aModel({ minContainerAgeMs: 30_000 });
  const states = [0, 29_000, 30_000].map((atMs) => {
    round(model, atMs, { services: [web()], processes: [{ pid: 100, createdAtMs: 0 }] });
    return containerOf(model).state;
  });
  assert.deepEqual(states, ['pending', 'pending', 'running']);
});

test('reports a service that restarts more often than the minimum age, with its restarts', () => {
  const model = aModel({ minContainerAgeMs: 30_000 });
  for (let i = 0; i <= 3; i++)
    round(model, i * 15_000, { services: [web({ pid: 100 + i })], processes: [processAt(i * 15_000 - 1000, 100 + i)] });
  assert.deepEqual([containerOf(model).state, containerOf(model).restarts], ['running', 3]);
});

test('reports every container at once if the minimum age is 0', () => {
  const model = aModel({ minContainerAgeMs: 0 });
  round(model, 0, { services: [web()], processes: [processAt(0)] });
  assert.equal(containerOf(model).state, 'running');
});

test('updates the display name from the SCM', () => {
  const model = aModel();
  round(model, 0, { services: [web({ displayName: 'Web' })] });
  round(model, 15_000, { services: [web({ displayName: 'Web shop' })] });
  assert.equal(containerView(containerOf(model), model.clock).displayName, 'Web shop');
});

test('finds all containers with a process in their trees by pid', () => {
  const model = aModel();
  const child = { ...processAt(-10, 200), parentPid: 100 };
  round(model, 0, {
    services: [web(), aService({ name: 'inner', pid: 200 })],
    processes: [processAt(-HOUR_MS), child],
  });
  const owners = (pid: number) =>
    model.containers
      .treesByPid()
      .get(pid)
      ?.map(({ id }) => id);
  assert.deepEqual([owners(100), owners(200), owners(300)], [['/win/web'], ['/win/web', '/win/inner'], undefined]);
});
