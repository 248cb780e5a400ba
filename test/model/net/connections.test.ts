// Connections from events and process lists, each counted once for the process that opened it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TCP_EVENT } from '../../../src/base/event-types.ts';
import { ConnectionFixture, processes, REMOTE, row } from '../../helpers/connection-fixture.ts';
import { containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { aService, tcpTable } from '../../helpers/observations.ts';

const { requested, connected, failed, summary } = TCP_EVENT;

test('counts a connect with its handshake time once, and its table row as active only', () => {
  const fixture = new ConnectionFixture().etw().scan([]).etw();
  fixture.events({ type: requested, pid: 0, atMs: wall(8000) }, { type: connected, atMs: wall(8020.5) }).scan([row]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 1 0 0`]);
  const [destination] = containerOf(fixture.model).network.destinations.values();
  assert.deepEqual([destination!.connectMs, destination!.timed], [20.5, 1]);
  fixture.etw().scan([row]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 1 0 0`]);
});

test('counts a failure with its status when only the request had the address', () => {
  const fixture = new ConnectionFixture().etw().scan([]).etw();
  fixture
    .events({ type: requested, pid: 0 }, { type: failed, status: 0xc000_0236, local: '0.0.0.0:0', remote: '0.0.0.0:0' })
    .scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 0 0 1`]);
  const [destination] = containerOf(fixture.model).network.destinations.values();
  assert.deepEqual([...destination!.failures!.byStatus], [[0xc000_0236, 1]]);
});

test('keeps the counts of a process after it has exited', () => {
  const child = { pid: 101, parentPid: 100, createdAtMs: wall(-1000) };
  const fixture = new ConnectionFixture()
    .etw()
    .scan([], [...processes, child])
    .etw();
  fixture.events({ type: connected, pid: 101 }).scan([]);
  fixture.etw().scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 1 0 0`]);
});

test('attributes a process that ran between two lists to the container of its parent', () => {
  const fixture = new ConnectionFixture().etw().scan([]);
  const instance = { pid: 555, createdAtMs: wall(5000), imageName: 'job.exe' };
  fixture.processEvents({ ...instance, type: 'started', atMs: wall(5000), parentPid: 100 });
  fixture.events({ type: connected, pid: 555, atMs: wall(5500) });
  fixture.processEvents({ ...instance, type: 'stopped', atMs: wall(6000), cpuMs: 250 });
  fixture.etw().scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 1 0 0`]);
  assert.equal(containerOf(fixture.model).usage.cpuSeconds, 0.25);
});

test('attributes events of a reused pid to the process that ran at their time', () => {
  const child = { pid: 101, parentPid: 100, createdAtMs: wall(-1000) };
  const fixture = new ConnectionFixture().etw().scan([], [...processes, child]);
  fixture.processEvents(
    { type: 'stopped', atMs: wall(6000), pid: 101, createdAtMs: wall(-1000), imageName: 'a.exe' },
    { type: 'started', atMs: wall(7000), pid: 101, createdAtMs: wall(7000), parentPid: 900, imageName: 'b.exe' },
  );
  fixture.events(
    { type: connected, tcb: 16, pid: 101, atMs: wall(5900) },
    { type: connected, tcb: 32, pid: 101, atMs: wall(7500), remote: '10.0.0.9:1' },
  );
  fixture.etw().scan([], [...processes, { pid: 101, parentPid: 900, createdAtMs: wall(7000) }]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 1 0 0`]);
  assert.deepEqual(fixture.unattributed, { 'connect: no_container': 1 });
});

test('lets an event wait for the next list if its service is not known yet', () => {
  const fixture = new ConnectionFixture().etw().scan([]);
  fixture.events({ type: connected, pid: 300, atMs: wall(10_000) });
  fixture.etw();
  round(fixture.model, fixture.atMs, {
    services: [web(), aService({ name: 'api', pid: 300 })],
    processes: [...processes, { pid: 300, createdAtMs: wall(9000) }],
    tcp: [tcpTable(4, [])],
  });
  const api = containerOf(fixture.model, '/win/api').network.destinations.values();
  assert.deepEqual(
    api.map(({ destination, successful }) => [destination, successful]),
    [[REMOTE, 1]],
  );
});

test('counts connects without an owner as unattributed, by reason', () => {
  const fixture = new ConnectionFixture().etw().scan([]);
  fixture.events({ type: connected, tcb: 16, pid: 900 }, { type: connected, tcb: 32, pid: 4444 });
  fixture.etw().scan([]);
  assert.deepEqual(fixture.unattributed, { 'connect: no_container': 1, 'connect: unknown_process': 1 });
});

test('does not add the summary of a connection that is older than the agent', () => {
  const fixture = new ConnectionFixture().etw().scan([row]).etw();
  fixture.events({ type: TCP_EVENT.rundown }).scan([row]).etw();
  fixture.events({ type: summary, pid: 0, sentBytes: 5e9, durationMs: HOUR_MS }).scan([]);
  assert.deepEqual(
    containerOf(fixture.model)
      .network.destinations.values()
      .map(({ sentBytes }) => sentBytes)
      .filter(Boolean),
    [],
  );
  assert.deepEqual(fixture.unattributed, { 'bytes: older_than_agent': 5e9 });
});

test('counts a restart that happened between two lists', () => {
  const fixture = new ConnectionFixture().etw();
  const root = (pid: number, atMs: number) => ({ pid, createdAtMs: wall(atMs), parentPid: 900, name: 'web.exe' });
  const service = (pid: number) => [web({ pid })];
  round(fixture.model, 0, { services: service(100), processes: [processes[1]!, root(100, -HOUR_MS)] });
  const instance = { pid: 200, createdAtMs: wall(4000), imageName: 'web.exe' };
  fixture.processEvents(
    { ...instance, type: 'started', atMs: wall(4000), parentPid: 900 },
    { ...instance, type: 'stopped', atMs: wall(5000) },
  );
  round(fixture.model, 15_000, { services: service(300), processes: [processes[1]!, root(300, 6000)] });
  assert.equal(containerOf(fixture.model).restarts, 2);
});
