// Connections from events, tables and statistics: each counted once, where it belongs, whatever is missing or comes late.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TCP_EVENT } from '../../../src/base/event-types.ts';
import { ConnectionFixture, LOCAL, processes, REMOTE, row } from '../../helpers/connection-fixture.ts';
import { tcpStatistics } from '../../helpers/event-tables.ts';
import { containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { aService, observation, type TcpRow, tcpTable } from '../../helpers/observations.ts';

const { requested, connected, failed, accepted, summary, retransmitted, closed } = TCP_EVENT;

test('a connect counts once with its time; what the tables show of it is active only', () => {
  const fixture = new ConnectionFixture().etw().scan([]).etw();
  fixture.events({ type: requested, pid: 0, atMs: wall(8000) }, { type: connected, atMs: wall(8020.5) }).scan([row]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 1 0 0`]);
  const [destination] = containerOf(fixture.model).network.destinations.values();
  assert.deepEqual([destination!.connectMs, destination!.timed], [20.5, 1]);
  fixture.etw().scan([row]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 1 0 0`]);
});

test('a failure counts with its status, also when only the request told the address', () => {
  const fixture = new ConnectionFixture().etw().scan([]).etw();
  fixture
    .events({ type: requested, pid: 0 }, { type: failed, status: 0xc000_0236, local: '0.0.0.0:0', remote: '0.0.0.0:0' })
    .scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 0 0 1`]);
  const [destination] = containerOf(fixture.model).network.destinations.values();
  assert.deepEqual([...destination!.failures!.byStatus], [[0xc000_0236, 1]]);
});

test('counts stay when the process that made them is gone', () => {
  const child = { pid: 101, parentPid: 100, createdAtMs: wall(-1000) };
  const fixture = new ConnectionFixture()
    .etw()
    .scan([], [...processes, child])
    .etw();
  fixture.events({ type: connected, pid: 101 }).scan([]);
  fixture.etw().scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 1 0 0`]);
});

test('a process born and dead between two lists counts for its parent’s container, with its processor time', () => {
  const fixture = new ConnectionFixture().etw().scan([]);
  const instance = { pid: 555, createdAtMs: wall(5000), imageName: 'job.exe' };
  fixture.processEvents({ ...instance, type: 'started', atMs: wall(5000), parentPid: 100 });
  fixture.events({ type: connected, pid: 555, atMs: wall(5500) });
  fixture.processEvents({ ...instance, type: 'stopped', atMs: wall(6000), cpuMs: 250 });
  fixture.etw().scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 1 0 0`]);
  assert.equal(containerOf(fixture.model).usage.cpuSeconds, 0.25);
});

test('events of a pid that somebody else has now do not go to the one who had it, and the other way round', () => {
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

test('an event that comes before its service is known waits for the next list', () => {
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

test('what nobody owns is counted by reason', () => {
  const fixture = new ConnectionFixture().etw().scan([]);
  fixture.events({ type: connected, tcb: 16, pid: 900 }, { type: connected, tcb: 32, pid: 4444 });
  fixture.etw().scan([]);
  assert.deepEqual(fixture.unattributed, { 'connect: no container': 1, 'connect: unknown process': 1 });
});

test('without events new rows are connects, those that were there at first are not, and one that vanishes is no failure', () => {
  const fixture = new ConnectionFixture().scan([row]);
  fixture.scan([row, { ...row, local: '10.0.0.5:50001' }, { ...row, local: '10.0.0.5:50002', state: 3 }]);
  fixture.scan([row]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 1 1 0`]);
  assert.equal(fixture.model.connections.coverage.source.by, 'tables');
});

test('when the session ends and comes back, nothing counts twice and nothing is missing', () => {
  const at = (port: number): TcpRow => ({ ...row, local: `10.0.0.5:${port}` });
  const event = (port: number) => ({ type: connected, tcb: port * 16, local: `10.0.0.5:${port}` });
  const fixture = new ConnectionFixture()
    .etw()
    .scan([])
    .etw()
    .events(event(1))
    .scan([at(1)]);
  // Told by an event, then the session is lost, and another connection comes untold.
  fixture
    .events(event(2))
    .etw({ state: 'retrying', reason: 'ended by somebody' })
    .scan([at(1), at(2), at(3)]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 3 3 1 0`]);
  // It runs again, and tells late of what the tables have shown; and of a new one.
  fixture
    .etw({ restarts: 1 })
    .events(event(3), event(4))
    .scan([at(1), at(2), at(3), at(4), at(5)]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 5 5 2 0`]);
  // Covered again: a row that no event told is not inferred.
  fixture.etw({ restarts: 1 }).scan([at(1), at(6)]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 2 5 2 0`]);
  // Lost events are a gap, too.
  fixture.etw({ restarts: 1, eventsLost: 7 }).scan([at(1), at(6), at(7)]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 3 6 3 0`]);
});

test('an accepted connection is inbound without any listener, a connect is outbound although its port is listened on', () => {
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

test('bytes of a connection: growth by statistics, and its summary adds the rest only', () => {
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
  // Read before the end, pushed after it.
  meter(160, 1050);
  fixture.etw().scan([]);
  assert.deepEqual(bytes(), [[400, 1100]]);
  const { network } = containerOf(fixture.model);
  assert.deepEqual(
    [network.destinations.values()[0]!.retransmits, [...network.destinations.latencies()].map(({ ip }) => ip)],
    [1, ['10.0.0.9']],
  );
});

test('of a connection older than the agent the summary counts nothing', () => {
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

test('ports of clients and foreign public networks are left out, by reason; private addresses never', () => {
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

test('a restart that came and went between two looks counts, too', () => {
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

test('a connection that nobody owned when it showed up takes its direction and its count from the look that knows', () => {
  const child = { pid: 101, parentPid: 100, createdAtMs: wall(14_000) };
  const listener: TcpRow = { local: '10.0.0.5:8080', pid: 101 };
  const inbound: TcpRow = { local: '10.0.0.5:8080', remote: '10.0.0.77:40000', pid: 101 };
  const outbound: TcpRow = { ...row, pid: 101 };
  const strangers: TcpRow = { ...row, local: '10.0.0.5:50009', pid: 900 };
  // The tables are read after the processes: a child born in between has rows, and nobody knows it.
  const fixture = new ConnectionFixture().scan([]).scan([listener, inbound, outbound, strangers]);
  for (let i = 0; i < 3; i++) fixture.scan([listener, inbound, outbound, strangers], [...processes, child]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 1 1 0`]);
  assert.equal(fixture.model.connections.inferred, 1);
});

test('an event that comes late tells of a row that nobody owned; it counts once', () => {
  const child = { pid: 101, parentPid: 100, createdAtMs: wall(14_000) };
  const outbound: TcpRow = { ...row, pid: 101 };
  const fixture = new ConnectionFixture().scan([]).scan([outbound]);
  fixture.etw().events({ type: connected, pid: 101 });
  for (let i = 0; i < 3; i++) fixture.etw().scan([outbound], [...processes, child]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 1 0 0`]);
});

test('the same ends of another process are another connection', () => {
  const child = { pid: 101, parentPid: 100, createdAtMs: wall(-1000) };
  const list = [...processes, child];
  const fixture = new ConnectionFixture()
    .scan([], list)
    .scan([row], list)
    .scan([{ ...row, pid: 101 }], list);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 2 2 0`]);
});

test('a connection inferred from the tables that ends and tells so late is not counted again', () => {
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

test('the summary of a connection that only the tables knew, while it still waits for the other side, goes to its process', () => {
  const fixture = new ConnectionFixture()
    .scan([])
    .scan([row])
    .scan([{ ...row, state: 6 }])
    .scan([{ ...row, state: 7, pid: 0 }]);
  fixture.etw().events({ type: summary, pid: 0, durationMs: 40_000, sentBytes: 7, receivedBytes: 8 }).scan([]);
  assert.deepEqual(fixture.bytes, [[7, 8]]);
});

test('a connect that is asked for anew with the ends of one that has ended is new', () => {
  const fixture = new ConnectionFixture()
    .scan([])
    .scan([row])
    .scan([{ ...row, state: 3 }])
    .scan([row]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 1 2 2 0`]);
});

test('growth of connections that are in no container is told, by reason', () => {
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
