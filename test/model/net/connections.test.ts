// Connections from events, TCP tables and statistics: each is counted once, although data is missing or late.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TCP_EVENT } from '../../../src/base/event-types.ts';
import { ConnectionFixture, LOCAL, processes, REMOTE, row } from '../../helpers/connection-fixture.ts';
import { tcpStatistics } from '../../helpers/event-tables.ts';
import { containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { aService, observation, type TcpRow, tcpTable } from '../../helpers/observations.ts';

const { requested, connected, failed, accepted, summary, retransmitted, closed } = TCP_EVENT;

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
  assert.deepEqual(fixture.unattributed, { 'connect: no container': 1 });
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
  assert.deepEqual(fixture.unattributed, { 'connect: no container': 1, 'connect: unknown process': 1 });
});

test('infers connects from new rows without events, but not from those of the first scan', () => {
  const fixture = new ConnectionFixture().scan([row]);
  fixture.scan([row, { ...row, local: '10.0.0.5:50001' }, { ...row, local: '10.0.0.5:50002', state: 3 }]);
  fixture.scan([row]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 1 1 0`]);
  assert.equal(fixture.model.connections.coverage.source.by, 'tables');
});

test('counts each connect once when the session is lost and restarted', () => {
  const at = (port: number): TcpRow => ({ ...row, local: `10.0.0.5:${port}` });
  const event = (port: number) => ({ type: connected, tcb: port * 16, local: `10.0.0.5:${port}` });
  const fixture = new ConnectionFixture()
    .etw()
    .scan([])
    .etw()
    .events(event(1))
    .scan([at(1)]);
  // One connect is reported, then the session is lost, and another connect is not reported.
  fixture
    .events(event(2))
    .etw({ state: 'retrying', reason: 'stopped by another program' })
    .scan([at(1), at(2), at(3)]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 3 3 1 0`]);
  // The session runs again and reports a connect that was inferred, and a new one.
  fixture
    .etw({ restarts: 1 })
    .events(event(3), event(4))
    .scan([at(1), at(2), at(3), at(4), at(5)]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 5 5 2 0`]);
  // Events cover the whole interval again: an unreported row is not inferred.
  fixture.etw({ restarts: 1 }).scan([at(1), at(6)]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 2 5 2 0`]);
  // After lost events the interval is not covered.
  fixture.etw({ restarts: 1, eventsLost: 7 }).scan([at(1), at(6), at(7)]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 3 6 3 0`]);
});

test('takes the direction from accept and connect events, whatever the listeners are', () => {
  const fixture = new ConnectionFixture().etw().scan([]).etw();
  fixture.events(
    { type: accepted, tcb: 16, local: '10.0.0.5:5001', remote: '10.0.0.77:40000' },
    { type: connected, tcb: 32, local: '10.0.0.5:80' },
  );
  fixture.scan([
    { local: '10.0.0.5:5001', remote: '10.0.0.77:40000', pid: 100 },
    { local: '0.0.0.0:80', pid: 100 },
    { local: '10.0.0.5:80', remote: REMOTE, pid: 100 },
  ]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 1 0 0`]);
});

test('adds the growth of the statistics, and the rest from the summary', () => {
  const fixture = new ConnectionFixture().etw().scan([]).etw().events({ type: connected }).scan([row]);
  const bytes = () =>
    containerOf(fixture.model)
      .network.destinations.values()
      .map(({ sentBytes, receivedBytes }) => [sentBytes, receivedBytes]);
  const meter = (sentBytes: number, receivedBytes: number) => {
    const rows = [{ pid: 100, local: LOCAL, remote: REMOTE, sentBytes, receivedBytes, rttUs: 900 }];
    fixture.model.observe(observation('tcpStatistics', tcpStatistics(rows), { atMs: fixture.atMs }));
  };
  meter(100, 1000);
  fixture.etw().scan([row]);
  meter(150, 1000);
  fixture.etw().scan([row]);
  assert.deepEqual(bytes(), [[150, 1000]]);
  fixture.events(
    { type: retransmitted, pid: 0 },
    { type: closed, pid: 0 },
    { type: summary, pid: 0, sentBytes: 400, receivedBytes: 1100, durationMs: 100 },
  );
  // Read before the close, received after it.
  meter(160, 1050);
  fixture.etw().scan([]);
  assert.deepEqual(bytes(), [[400, 1100]]);
  const { network } = containerOf(fixture.model);
  assert.deepEqual(
    [network.destinations.values()[0]!.retransmits, [...network.destinations.latencies()].map(({ ip }) => ip)],
    [1, ['10.0.0.9']],
  );
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
  assert.deepEqual(fixture.unattributed, { 'bytes: older than the agent': 5e9 });
});

test('excludes ephemeral ports and other public networks by reason, but no private address', () => {
  const network = { ephemeralPorts: [{ from: 49_152, to: 65_535 }], publicNetworks: ['203.0.113.0/24'] };
  const fixture = new ConnectionFixture({ network }).etw().scan([]).etw();
  const remotes = ['10.0.0.9:443', '10.0.0.9:49664', '10.0.0.9:50051', '203.0.113.7:443', '198.51.100.7:443'];
  fixture.events(
    ...remotes.map((remote, i) => ({ type: connected, tcb: 16 * (i + 1), local: `10.0.0.5:${i + 1}`, remote })),
  );
  fixture.scan([
    { local: '10.0.0.5:49664', pid: 100 },
    { local: '10.0.0.5:80', pid: 100 },
    ...remotes.map((remote, i) => ({ local: `10.0.0.5:${i + 1}`, remote, pid: 100 })),
  ]);
  assert.deepEqual(fixture.counts, ['10.0.0.9:443 1 1 0 0', '10.0.0.9:50051 1 1 0 0', '203.0.113.7:443 1 1 0 0']);
  assert.deepEqual(fixture.unattributed, { 'connect: ephemeral port': 1, 'connect: public network': 1 });
  const listeners = [...containerOf(fixture.model).network.listeners.values()].map(({ address, reported }) => [
    address,
    reported,
  ]);
  assert.deepEqual(listeners, [
    ['10.0.0.5:49664', false],
    ['10.0.0.5:80', true],
  ]);
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

test('decides direction and count of a row without an owner when its owner is known', () => {
  const child = { pid: 101, parentPid: 100, createdAtMs: wall(14_000) };
  const listener: TcpRow = { local: '10.0.0.5:8080', pid: 101 };
  const inbound: TcpRow = { local: '10.0.0.5:8080', remote: '10.0.0.77:40000', pid: 101 };
  const outbound: TcpRow = { ...row, pid: 101 };
  const strangers: TcpRow = { ...row, local: '10.0.0.5:50009', pid: 900 };
  // The tables are read after the process list, which does not have a child that was created in between.
  const fixture = new ConnectionFixture().scan([]).scan([listener, inbound, outbound, strangers]);
  for (let i = 0; i < 3; i++) fixture.scan([listener, inbound, outbound, strangers], [...processes, child]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 1 1 0`]);
  assert.equal(fixture.model.connections.inferred, 1);
});

test('counts a connect once if its event arrives after a row without an owner', () => {
  const child = { pid: 101, parentPid: 100, createdAtMs: wall(14_000) };
  const outbound: TcpRow = { ...row, pid: 101 };
  const fixture = new ConnectionFixture().scan([]).scan([outbound]);
  fixture.etw().events({ type: connected, pid: 101 });
  for (let i = 0; i < 3; i++) fixture.etw().scan([outbound], [...processes, child]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 1 0 0`]);
});

test('treats the same 4-tuple of another process as another connection', () => {
  const child = { pid: 101, parentPid: 100, createdAtMs: wall(-1000) };
  const list = [...processes, child];
  const fixture = new ConnectionFixture()
    .scan([], list)
    .scan([row], list)
    .scan([{ ...row, pid: 101 }], list);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 2 2 0`]);
});

test('does not count an inferred connect again when its events arrive late', () => {
  const fixture = new ConnectionFixture()
    .scan([])
    .scan([row])
    .scan([{ ...row, state: 7 }]);
  fixture
    .etw()
    .events({ type: connected, atMs: wall(20_000) }, { type: closed, pid: 0 })
    .scan([{ ...row, state: 7, pid: 0 }]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 1 1 0`]);
});

test('attributes the summary of a connection known from the tables only to its process', () => {
  const fixture = new ConnectionFixture()
    .scan([])
    .scan([row])
    .scan([{ ...row, state: 6 }])
    .scan([{ ...row, state: 7, pid: 0 }]);
  fixture.etw().events({ type: summary, pid: 0, durationMs: 40_000, sentBytes: 7, receivedBytes: 8 }).scan([]);
  assert.deepEqual(fixture.bytes, [[7, 8]]);
});

test('treats a new connect with the 4-tuple of a closed connection as another connection', () => {
  const fixture = new ConnectionFixture()
    .scan([])
    .scan([row])
    .scan([{ ...row, state: 3 }])
    .scan([row]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 2 2 0`]);
});

test('counts the growth of connections outside of containers as unattributed', () => {
  const network = { publicNetworks: ['203.0.113.0/24'] };
  const [strange, foreign] = [
    { pid: 900, local: '10.0.0.5:1' },
    { local: '10.0.0.5:2', remote: '198.51.100.7:443' },
  ];
  const rows = [
    { ...row, ...strange },
    { ...row, ...foreign },
  ];
  const fixture = new ConnectionFixture({ network }).etw().scan([]).etw();
  fixture.events({ type: connected, tcb: 16, ...strange }, { type: connected, tcb: 32, ...foreign }).scan(rows);
  fixture
    .statistics({ ...strange, sentBytes: 1, receivedBytes: 2 }, { ...foreign, sentBytes: 10, receivedBytes: 20 })
    .scan(rows);
  assert.deepEqual(fixture.bytes, []);
  assert.deepEqual(fixture.unattributed, {
    'connect: no container': 1,
    'connect: public network': 1,
    'bytes: no container': 3,
    'bytes: public network': 30,
  });
});
