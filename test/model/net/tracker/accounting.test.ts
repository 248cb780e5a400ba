// Attribution of flows: shared processes, exited processes, direction of old connections, and how long a flow waits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TCP_EVENT } from '../../../../src/base/event-types.ts';
import { ConnectionFixture, processes, REMOTE, row } from '../../../helpers/connection-fixture.ts';
import { tcpEvents } from '../../../helpers/event-tables.ts';
import { aModel, containerOf, HOUR_MS, round, wall } from '../../../helpers/model.ts';
import { aService, observation, type ProcessRow, type TcpRow, tcpTable } from '../../../helpers/observations.ts';

const { connected, accepted, summary, closed, rundown, failed } = TCP_EVENT;
const covered = () => new ConnectionFixture().etw().scan([]).etw();

test('attributes a connection of a shared process to the service that its row names', () => {
  const config = { startType: 2, binaryPath: 'C:\\Windows\\system32\\svchost.exe -k netsvcs', account: 'LocalSystem' };
  const services = ['Dnscache', 'W32Time'].map((name) => aService({ name, pid: 100, config }));
  const model = aModel();
  let atMs = 0;
  const at = (port: number) => ({ local: `10.0.0.5:${port}`, remote: REMOTE });
  const scan = (...rows: TcpRow[]) => {
    const listed = [{ pid: 100, createdAtMs: wall(-HOUR_MS) }];
    const named: TcpRow = { local: '10.0.0.5:53', pid: 100, service: 'Dnscache' };
    round(model, atMs, { services, processes: listed, tcp: [tcpTable(4, [named, ...rows])] });
    atMs += 15_000;
  };
  const send = (...events: object[]) => {
    const filled = events.map((each) => ({ pid: 100, atMs: wall(atMs - 5000), ...each }));
    model.observe(observation('tcpEvents', tcpEvents(filled), { atMs }));
  };
  scan();
  send(
    { type: connected, tcb: 16, ...at(1) },
    { type: connected, tcb: 32, ...at(2) },
    { type: connected, tcb: 48, ...at(3) },
    { type: accepted, tcb: 64, local: '10.0.0.5:53', remote: '10.0.0.77:4000' },
  );
  scan(
    { ...at(1), pid: 100, service: 'W32Time' },
    { ...at(2), pid: 100, service: 'Dnscache' },
    { local: '10.0.0.5:53', remote: '10.0.0.77:4000', pid: 100, service: 'Dnscache' },
  );
  const closing = (tcb: number, port: number, sentBytes: number) => [
    { type: closed, tcb, pid: 0, ...at(port) },
    { type: summary, tcb, pid: 0, durationMs: 100, sentBytes, ...at(port) },
  ];
  send(...closing(16, 1, 10), ...closing(32, 2, 200), ...closing(48, 3, 5));
  scan();
  const counts = (name: string) =>
    containerOf(model, `/win/${name}`)
      .network.destinations.values()
      .map(({ destination, successful, sentBytes }) => [destination, successful, sentBytes]);
  assert.deepEqual([counts('W32Time'), counts('Dnscache')], [[[REMOTE, 1, 10]], [[REMOTE, 1, 200]]]);
  const unattributed = [...model.unattributed.all()].map(({ kind, reason, count }) => [kind, reason, count]);
  // The third connection was in no table, so it belongs to either service.
  assert.deepEqual(unattributed, [
    ['connect', 'shared_process', 1],
    ['bytes', 'shared_process', 5],
  ]);
});

test('adds the bytes of a connection to its container long after its process has exited', () => {
  const child: ProcessRow = { pid: 101, parentPid: 100, createdAtMs: wall(-1000) };
  const fixture = new ConnectionFixture()
    .etw()
    .scan([], [...processes, child])
    .etw();
  fixture.events({ type: connected, pid: 101 }).scan([{ ...row, pid: 101 }], [...processes, child]);
  // Another process has inherited the socket.
  for (let i = 0; i < 8; i++) fixture.etw().scan([{ ...row, pid: 101 }]);
  fixture.events({ type: closed, pid: 0 }, { type: summary, pid: 0, durationMs: 100, sentBytes: 7 }).scan([]);
  assert.deepEqual(fixture.bytes, [[7, 0]]);
});

test('keeps an old connection inbound after its listener and its row are gone', () => {
  const inbound: TcpRow = { local: '10.0.0.5:5000', remote: '10.0.0.77:40000', pid: 100 };
  const fixture = new ConnectionFixture().etw().scan([]).etw();
  const old = { local: inbound.local, remote: '10.0.0.77:40000' };
  fixture.events({ type: rundown, ...old }).scan([{ local: '10.0.0.5:5000', pid: 100 }, inbound]);
  fixture
    .events({ type: closed, pid: 0, ...old })
    .etw()
    .scan([])
    .etw()
    .scan([]);
  fixture
    .events({ type: summary, pid: 0, ...old, durationMs: 100, sentBytes: 7 })
    .etw()
    .scan([]);
  assert.deepEqual(fixture.counts, []);
  assert.deepEqual(fixture.unattributed, {});
});

test('keeps an old connection outbound although its local port has a listener later', () => {
  const old = { local: '10.0.0.5:5000', remote: REMOTE };
  const fixture = new ConnectionFixture().etw().scan([]).etw();
  fixture.events({ type: rundown, ...old }).scan([{ ...old, pid: 100 }]);
  fixture.events({ type: closed, pid: 0, ...old }).etw();
  const listener: TcpRow = { local: '10.0.0.5:5000', pid: 100 };
  fixture.scan([listener]).etw().scan([listener]);
  fixture
    .events({ type: summary, pid: 0, ...old, durationMs: 100, sentBytes: 7 })
    .etw()
    .scan([listener]);
  assert.deepEqual(fixture.bytes, [[7, 0]]);
});

test('takes the direction of an old connection without a row from the listeners', () => {
  const fixture = new ConnectionFixture()
    .etw()
    .scan([{ local: '10.0.0.5:5000', pid: 100 }])
    .etw();
  const old = (tcb: number, port: number) => [
    { type: rundown, tcb, local: `10.0.0.5:${port}` },
    { type: closed, tcb, pid: 0, local: `10.0.0.5:${port}` },
    { type: summary, tcb, pid: 0, local: `10.0.0.5:${port}`, durationMs: 100, sentBytes: port },
  ];
  fixture.events(...old(16, 5000), ...old(32, 5001)).scan([{ local: '10.0.0.5:5000', pid: 100 }]);
  assert.deepEqual(fixture.bytes, [[5001, 0]]);
});

test('lets a flow wait for a newer process list, but for four ticks at most', () => {
  const late = (ticks: number) => {
    const fixture = covered();
    const newest = fixture.atMs - 15_000;
    fixture.events({ type: connected, pid: 300, atMs: wall(fixture.atMs - 1000) });
    // Ticks without a new process list.
    for (let i = 0; i < ticks; i++) {
      fixture.model.observe(observation('tick', { intervalMs: 15_000 }, { atMs: fixture.atMs }));
      fixture.atMs += 15_000;
    }
    assert.ok(newest >= 0);
    fixture.etw().scan([], [...processes, { pid: 300, parentPid: 100, createdAtMs: wall(newest + 1) }]);
    return [fixture.counts, fixture.unattributed];
  };
  assert.deepEqual(late(0), [[`${REMOTE} 0 1 0 0`], {}]);
  assert.deepEqual(late(4), [[`${REMOTE} 0 1 0 0`], {}]);
  assert.deepEqual(late(5), [[], { 'connect: unknown_process': 1 }]);
});

test('removes a flow after five scans without a row, not before', () => {
  const unattributedAfter = (scans: number) => {
    const fixture = covered().events({ type: connected }).scan([row]);
    for (let i = 0; i < scans; i++) fixture.etw().scan([]);
    fixture.events({ type: closed, pid: 0 }, { type: summary, pid: 0, durationMs: 100, sentBytes: 7 }).etw().scan([]);
    return fixture.unattributed;
  };
  assert.deepEqual(unattributedAfter(4), {});
  assert.deepEqual(unattributedAfter(5), { 'bytes: unknown_process': 7 });
});

test('counts each failed connect of an unknown process as unattributed once', () => {
  const fixture = covered();
  fixture.events(
    { type: failed, pid: 4444, status: 1 },
    { type: failed, pid: 4444, status: 1 },
    { type: connected, pid: 4444, tcb: 0 },
  );
  for (let i = 0; i < 6; i++) fixture.etw().scan([]);
  assert.deepEqual(fixture.unattributed, { 'connect: unknown_process': 3 });
  assert.deepEqual(fixture.counts, []);
});

test('counts every connect as unattributed if more flows wait than the limit allows', () => {
  const fixture = covered();
  const half = 65_586;
  for (const from of [1, half + 1]) {
    fixture.events(...Array.from({ length: half }, (_, i) => ({ type: connected, tcb: (from + i) * 16, pid: 4444 })));
  }
  for (let i = 0; i < 6; i++) fixture.etw().scan([]);
  // The table has room for 65,536 flows, and 131,072 may wait: the last hundred do not wait.
  assert.deepEqual(fixture.unattributed, {
    'connect: limit_reached': 2 * half - 65_536 + 100,
    'connect: unknown_process': 65_536 - 100,
  });
});
