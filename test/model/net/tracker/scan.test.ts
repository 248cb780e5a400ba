// Scans of the TCP tables: active connections, inferred connects, and their match with events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TCP_EVENT } from '../../../../src/base/event-types.ts';
import { ConnectionFixture, processes, REMOTE, row } from '../../../helpers/connection-fixture.ts';
import { containerOf, wall } from '../../../helpers/model.ts';
import type { TcpRow } from '../../../helpers/observations.ts';

const { connected, accepted, summary, closed } = TCP_EVENT;

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
  assert.deepEqual(fixture.unattributed, { 'connect: ephemeral_port': 1, 'connect: public_network': 1 });
  const listeners = [...containerOf(fixture.model).network.listeners.values()].map(({ address, reported }) => [
    address,
    reported,
  ]);
  assert.deepEqual(listeners, [
    ['10.0.0.5:49664', false],
    ['10.0.0.5:80', true],
  ]);
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
