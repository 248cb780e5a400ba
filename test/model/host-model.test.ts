// Order of the phases of a tick: each test fails if two phases are swapped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessEventRecord } from '../../src/sources/host.ts';
import { aModel, containerOf, HOUR_MS, round, wall, web } from '../helpers/model.ts';
import { anAdapter, aService, observation, tcpTable, unavailable } from '../helpers/observations.ts';

const root = { pid: 100, createdAtMs: wall(-HOUR_MS), userMs: 1000 };
const stop = (values: Partial<ProcessEventRecord>): ProcessEventRecord => {
  return { type: 'stopped', imageName: 'a.exe', pid: 101, createdAtMs: wall(-1000), atMs: wall(0), ...values };
};
const tick = (atMs: number) => observation('tick', { intervalMs: 15_000 }, { atMs });

test('counts exits before the merge, so that usage of exited processes is not lost', () => {
  const model = aModel();
  const child = { pid: 101, parentPid: 100, createdAtMs: wall(-1000), userMs: 50 };
  round(model, 0, { services: [web()], processes: [root, child] });
  model.observe(observation('processEvents', [stop({ atMs: wall(10_000), cpuMs: 80 })], { atMs: 10_000 }));
  round(model, 15_000, { services: [web()], processes: [root] });
  assert.equal(containerOf(model).usage.cpuSeconds, 0.03);
});

test('discovers before the merge, so that a new service is a container in the same tick', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [root] });
  assert.deepEqual([containerOf(model).state, model.decisions.length], ['running', 1]);
});

test('merges before it finds owners, so that a restarted service owns its sockets', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [root], adapters: [anAdapter()], tcp: [tcpTable(4, [])] });
  const restarted = { pid: 200, createdAtMs: wall(14_000) };
  const tcp = [tcpTable(4, [{ local: '10.0.0.5:80', pid: 200 }])];
  round(model, 15_000, { services: [web({ pid: 200 })], processes: [restarted], tcp });
  assert.deepEqual(
    [...containerOf(model).network.listeners.values()].map(({ address }) => address),
    ['10.0.0.5:80'],
  );
});

test('finds owners before it applies the process list, so that new DNS requests count at once', () => {
  const model = aModel();
  round(model, 0, { services: [], processes: [] });
  const request = { type: 'completed' as const, pid: 100, atMs: wall(14_000), queryType: 1, options: 0, status: 0 };
  model.observe(observation('dnsEvents', [{ ...request, name: 'a.example' }], { atMs: 14_500 }));
  round(model, 15_000, { services: [web()], processes: [{ pid: 100, createdAtMs: wall(13_000) }] });
  assert.equal([...containerOf(model).dns.requests()].length, 1);
});

test('finds unobserved restarts before late exits, so that their usage has a container', () => {
  const model = aModel();
  const scm = { pid: 8, createdAtMs: wall(-2 * HOUR_MS) };
  const before = { ...root, parentPid: 8, name: 'web.exe', userMs: 0 };
  const config = { startType: 2, binaryPath: 'C:\\web.exe', account: 'LocalSystem' };
  round(model, 0, { services: [web({ config })], processes: [scm, before] });
  const between = { imageName: 'web.exe', pid: 150, createdAtMs: wall(5000) };
  const start = { ...between, type: 'started' as const, atMs: wall(5000), parentPid: 8 };
  model.observe(
    observation('processEvents', [start, stop({ ...between, atMs: wall(6000), cpuMs: 40, exitCode: 0 })], {
      atMs: 7000,
    }),
  );
  const after = { pid: 200, createdAtMs: wall(10_000), parentPid: 8, name: 'web.exe' };
  round(model, 15_000, { services: [web({ pid: 200, config })], processes: [scm, after] });
  assert.deepEqual([containerOf(model).restarts, containerOf(model).usage.cpuSeconds], [2, 0.04]);
  assert.deepEqual([...model.unattributed.all()], []);
});

test('expires last, so that names used by connections of this tick stay', () => {
  const model = aModel();
  const tcp = [tcpTable(4, [{ local: '10.0.0.5:50000', remote: '203.0.113.1:443', pid: 100 }])];
  const answer = { type: 'completed' as const, pid: 100, atMs: wall(0), queryType: 1, options: 0, status: 0 };
  model.observe(observation('dnsEvents', [{ ...answer, name: 'a.example', results: '203.0.113.1;' }], { atMs: 0 }));
  round(model, HOUR_MS + 1000, { services: [web()], processes: [root], tcp });
  assert.deepEqual(
    [...model.names.all()].map(({ fqdn }) => fqdn),
    ['a.example'],
  );
});

test('counts exits as unattributed, without containers, before the first list of services', () => {
  const model = aModel();
  model.observe(unavailable('services', { part: 'services', reason: 'access denied', code: 5 }, { atMs: 0 }));
  model.observe(observation('processEvents', [stop({})], { atMs: 0 }));
  model.observe(tick(10));
  assert.deepEqual([model.containers.all(), model.decisions, model.nowMs], [[], [], wall(10)]);
  assert.deepEqual(
    [...model.unattributed.all()].map(({ reason, count }) => [reason, count]),
    [['services_unknown', 1]],
  );
});

test('keeps the last data after a failed reading, and runs no phase in a failed tick', () => {
  const model = aModel();
  round(model, 0, { services: [web(), aService({ name: 'api', pid: 200 })], processes: [root] });
  round(model, 15_000, { services: 'fails', processes: 'fails' });
  assert.deepEqual([model.containers.all().length, model.processes?.count], [2, 1]);
  model.observe(unavailable('tick', { part: 'tick', reason: 'stopped' }, { atMs: 30_000 }));
  assert.equal(model.nowMs, wall(15_010));
});
