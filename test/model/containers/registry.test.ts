// Containers from pass to pass: restarts, shared roots, minimal age, retention, and readings that fail.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerView } from '../../../src/api/resources/containers.ts';
import { aModel, containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { aService, type ProcessRow } from '../../helpers/observations.ts';

const MINUTE_MS = 60_000;
const born = (atMs: number, pid = 100): ProcessRow => ({
  pid,
  createdAtMs: wall(atMs),
  userMs: 0,
  workingSetBytes: 10,
});
const ids = (model: ReturnType<typeof aModel>): string[] => model.containers.all().map(({ id }) => id);

test('has no containers before the first service list, then those found in order', () => {
  const model = aModel();
  round(model, 0, { processes: [born(-HOUR_MS)] });
  assert.deepEqual(ids(model), []);
  round(model, 1000, { services: [web(), aService({ name: 'api', pid: 200 })] });
  assert.deepEqual(ids(model), ['/win/web', '/win/api']);
  round(model, 2000, { services: [aService({ name: 'first', pid: 300 }), aService({ name: 'api', pid: 200 }), web()] });
  assert.deepEqual(ids(model), ['/win/web', '/win/api', '/win/first']);
});

test('a container has the process tree of its service', () => {
  const model = aModel();
  round(model, 0, {
    services: [web()],
    processes: [born(-HOUR_MS), { ...born(-10, 101), parentPid: 100 }, born(-HOUR_MS, 999)],
  });
  const { pid, pids, startedAtMs } = containerOf(model);
  assert.deepEqual({ pid, pids, startedAtMs }, { pid: 100, pids: [100, 101], startedAtMs: wall(-HOUR_MS) });
});

test('another pid is a restart, another birth of the same pid is one, the same process is none', () => {
  const model = aModel();
  const restarts = [
    { services: [web()], processes: [born(-HOUR_MS)] },
    { services: [web()], processes: [born(-HOUR_MS)] },
    { services: [web({ pid: 200 })], processes: [born(15, 200)] },
    { services: [web({ pid: 200 })], processes: [born(16, 200)] },
  ].map((each, i) => {
    round(model, i * 15_000, each);
    return containerOf(model).restarts;
  });
  assert.deepEqual(restarts, [0, 0, 1, 2]);
});

test('a birth that cannot be read for a while is no restart, and a pid change without births is one', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [born(-HOUR_MS)] });
  round(model, 15_000, { services: [web()], processes: [] });
  round(model, 30_000, { services: [web()], processes: [{ pid: 100, createdAtMs: 0 }] });
  assert.equal(containerOf(model).startedAtMs, wall(-HOUR_MS));
  round(model, 45_000, { services: [web()], processes: [born(-HOUR_MS)] });
  assert.equal(containerOf(model).restarts, 0);
  round(model, 60_000, { services: [web({ pid: 5 })], processes: [] });
  assert.deepEqual([containerOf(model).restarts, containerOf(model).startedAtMs], [1, 0]);
});

test('a first birth that becomes known later is no restart', () => {
  const model = aModel();
  round(model, 0, { services: [web()] });
  round(model, 15_000, { services: [web()], processes: [born(-HOUR_MS)] });
  assert.deepEqual([containerOf(model).restarts, containerOf(model).startedAtMs], [0, wall(-HOUR_MS)]);
});

test('stopped and started again is one restart', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [born(-HOUR_MS)] });
  round(model, 15_000, { services: [web({ state: 1, pid: 0 })], processes: [] });
  const { state, pid, pids, usage } = containerOf(model);
  assert.deepEqual({ state, pid, pids, rss: usage.rssBytes }, { state: 'stopped', pid: 0, pids: [], rss: 0 });
  round(model, 30_000, { services: [web({ pid: 200 })], processes: [born(29_000, 200)] });
  assert.deepEqual([containerOf(model).restarts, containerOf(model).state], [1, 'running']);
});

test('a gone container stays for five minutes and no longer', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [born(-HOUR_MS)] });
  round(model, 15_000, { services: [] });
  round(model, 15_000 + 5 * MINUTE_MS, { services: [] });
  assert.deepEqual(ids(model), ['/win/web']);
  round(model, 15_000 + 5 * MINUTE_MS + 1, { services: [] });
  assert.deepEqual(ids(model), []);
});

test('one that comes back has five minutes again', () => {
  const model = aModel();
  round(model, 0, { services: [web()] });
  round(model, 15_000, { services: [] });
  round(model, 4 * MINUTE_MS, { services: [web()] });
  round(model, 5 * MINUTE_MS, { services: [] });
  round(model, 9 * MINUTE_MS, { services: [] });
  assert.deepEqual(ids(model), ['/win/web']);
});

test('an SCM that does not answer makes nobody gone, however long', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [born(-HOUR_MS)] });
  for (let minute = 1; minute <= 30; minute++)
    round(model, minute * MINUTE_MS, { services: 'fails', processes: [born(-HOUR_MS)] });
  const { state, pids, restarts } = containerOf(model);
  assert.deepEqual({ state, pids, restarts }, { state: 'running', pids: [100], restarts: 0 });
  assert.equal(model.readings.of('services')!.stale, true);
});

test('without a process list, trees and totals stay as they were', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [born(-HOUR_MS)] });
  round(model, 15_000, { services: [web()], processes: [{ ...born(-HOUR_MS), userMs: 500 }] });
  for (let i = 2; i < 5; i++) round(model, i * 15_000, { services: [web()], processes: 'fails' });
  const { pids, usage } = containerOf(model);
  assert.deepEqual([pids, usage.cpuSeconds, usage.rssBytes], [[100], 0.5, 10]);
  round(model, 75_000, { services: [web()], processes: [{ ...born(-HOUR_MS), userMs: 800 }] });
  assert.equal(containerOf(model).usage.cpuSeconds, 0.8);
});

test('a restarted service keeps its total and adds what the new process used since its birth', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [born(-HOUR_MS)] });
  round(model, 15_000, { services: [web()], processes: [{ ...born(-HOUR_MS), userMs: 500 }] });
  round(model, 30_000, { services: [web({ pid: 200 })], processes: [{ ...born(16_000, 200), kernelMs: 250 }] });
  assert.equal(containerOf(model).usage.cpuSeconds, 0.75);
});

test('services with one root process are shared until all but one are gone', () => {
  const model = aModel();
  const processes = [born(-HOUR_MS), born(-HOUR_MS, 300)];
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

test('only services that were selected share', () => {
  const model = aModel();
  const config = { startType: 3, binaryPath: '', account: '' };
  round(model, 0, { services: [web(), aService({ name: 'manual', pid: 100, config })], processes: [born(-HOUR_MS)] });
  assert.equal(containerOf(model).state, 'running');
});

test('younger than the minimal age is pending; an old service is reported at once', () => {
  const model = aModel({ minContainerAgeMs: 30_000 });
  const young = aService({ name: 'young', pid: 200 });
  const processes = [born(-HOUR_MS), born(-5_000, 200)];
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

test('a restart does not hide a container again', () => {
  const model = aModel({ minContainerAgeMs: 30_000 });
  round(model, 0, { services: [web()], processes: [born(-HOUR_MS)] });
  round(model, 15_000, { services: [web({ pid: 200 })], processes: [born(14_000, 200)] });
  assert.deepEqual([containerOf(model).state, containerOf(model).restarts], ['running', 1]);
});

test('without a known birth the age counts from the first sight', () => {
  const model = aModel({ minContainerAgeMs: 30_000 });
  const states = [0, 29_000, 30_000].map((atMs) => {
    round(model, atMs, { services: [web()], processes: [{ pid: 100, createdAtMs: 0 }] });
    return containerOf(model).state;
  });
  assert.deepEqual(states, ['pending', 'pending', 'running']);
});

test('a service that never lives as long as the minimal age is reported all the same, with its restarts', () => {
  const model = aModel({ minContainerAgeMs: 30_000 });
  for (let i = 0; i <= 3; i++)
    round(model, i * 15_000, { services: [web({ pid: 100 + i })], processes: [born(i * 15_000 - 1000, 100 + i)] });
  assert.deepEqual([containerOf(model).state, containerOf(model).restarts], ['running', 3]);
});

test('a minimal age of 0 hides nobody', () => {
  const model = aModel({ minContainerAgeMs: 0 });
  round(model, 0, { services: [web()], processes: [born(0)] });
  assert.equal(containerOf(model).state, 'running');
});

test('names for people follow the SCM', () => {
  const model = aModel();
  round(model, 0, { services: [web({ displayName: 'Web' })] });
  round(model, 15_000, { services: [web({ displayName: 'Web shop' })] });
  assert.equal(containerView(containerOf(model)).displayName, 'Web shop');
});

test('every claimant of a process is found by its pid', () => {
  const model = aModel();
  const child = { ...born(-10, 200), parentPid: 100 };
  round(model, 0, { services: [web(), aService({ name: 'inner', pid: 200 })], processes: [born(-HOUR_MS), child] });
  const owners = (pid: number) =>
    model.containers
      .treesByPid()
      .get(pid)
      ?.map(({ id }) => id);
  assert.deepEqual([owners(100), owners(200), owners(300)], [['/win/web'], ['/win/web', '/win/inner'], undefined]);
});
