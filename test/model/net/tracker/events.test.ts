// TCP events of one connection combined: reused control blocks, late events, and summaries of open connections.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TCP_EVENT } from '../../../../src/base/event-types.ts';
import { ConnectionFixture, LOCAL, processes, REMOTE, row } from '../../../helpers/connection-fixture.ts';
import { containerOf, HOUR_MS, round, wall, web } from '../../../helpers/model.ts';
import { aService, tcpTable } from '../../../helpers/observations.ts';

const { requested, connected, failed, accepted, summary, closed, rundown, retransmitted, reset, named } = TCP_EVENT;
const CLOSE_WAIT = 8;
const FIN_WAIT_2 = 7;
const child = (atMs: number) => ({ pid: 101, parentPid: 100, createdAtMs: wall(atMs) });

/** A host whose events cover every interval. */
function covered(): ConnectionFixture {
  return new ConnectionFixture().etw().scan([]).etw();
}

test('counts flows of a new process when it is listed, after their TCBs were reused', () => {
  const fixture = covered();
  const at = (port: number) => ({ pid: 101, local: `10.0.0.5:${port}` });
  fixture.events(
    { type: requested, ...at(1), pid: 0 },
    { type: failed, ...at(1), status: 0xc000_0236 },
    { type: requested, ...at(2), pid: 0 },
    { type: failed, ...at(2), status: 0xc000_0236 },
    { type: connected, ...at(3) },
    { type: closed, ...at(3) },
    { type: summary, ...at(3), pid: 0, sentBytes: 30, receivedBytes: 300 },
    { type: connected, ...at(4) },
    { type: connected, ...at(5) },
    { type: closed, ...at(5) },
    { type: summary, ...at(5), pid: 0, sentBytes: 50, receivedBytes: 500 },
    { type: requested, ...at(6), pid: 0 },
  );
  fixture.scan([], [...processes, child(5000)]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 3 0 2`]);
  assert.deepEqual(fixture.bytes, [[80, 800]]);
  assert.deepEqual(fixture.unattributed, {});
});

test('adds what follows the summary of an open connection once', () => {
  const fixture = covered();
  fixture.events({ type: connected }).scan([row]).etw();
  const totals = (sentBytes: number, receivedBytes: number) => ({
    type: summary,
    pid: 0,
    durationMs: 100,
    sentBytes,
    receivedBytes,
  });
  fixture.events(totals(100, 1000)).scan([row]).etw();
  assert.deepEqual(fixture.bytes, [[100, 1000]]);
  fixture.scan([row]).etw().scan([row]).etw();
  fixture.events({ type: closed, pid: 0 }, totals(150, 4000)).scan([]);
  assert.deepEqual(fixture.bytes, [[150, 4000]]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 1 0 0`]);
});

test('adds growth between the summary of an open connection and the last summary', () => {
  const fixture = covered();
  const sent = (sentBytes: number) => ({ type: summary, pid: 0, durationMs: 100, sentBytes });
  fixture.events({ type: connected }).scan([row]);
  fixture.statistics({ sentBytes: 40 }).etw().scan([row]);
  fixture.events(sent(100)).statistics({ sentBytes: 60 }).etw().scan([row]);
  assert.deepEqual(fixture.bytes, [[100, 0]]);
  fixture.statistics({ sentBytes: 65 }).etw().scan([row]);
  fixture.statistics({ sentBytes: 70 }).etw().scan([row]);
  assert.equal(fixture.bytes[0]![0] > 100, true);
  fixture.events({ type: closed, pid: 0 }, sent(130)).statistics({ sentBytes: 75 }).etw().scan([]);
  assert.deepEqual(fixture.bytes, [[130, 0]]);
});

test('removes no flow while the TCP tables cannot be read', () => {
  const fixture = covered().events({ type: connected }).scan([]);
  for (let i = 0; i < 8; i++) fixture.etw().scanWithoutTables();
  fixture.events({ type: closed, pid: 0 }, { type: summary, pid: 0, durationMs: 120_000, sentBytes: 7 }).etw().scan([]);
  assert.deepEqual(fixture.bytes, [[7, 0]]);
});

test('keeps a half-closed connection for hours until its own side closes it', () => {
  const fixture = covered().events({ type: connected }).scan([row]);
  for (let i = 0; i < 40; i++) fixture.etw().scan([{ ...row, state: CLOSE_WAIT }]);
  assert.equal(
    fixture.destinations.some(({ active }) => active > 0),
    false,
  );
  fixture
    .events({ type: closed, pid: 0 }, { type: summary, pid: 0, durationMs: 600_000, sentBytes: 7, receivedBytes: 8 })
    .etw()
    .scan([]);
  assert.deepEqual(fixture.bytes, [[7, 8]]);
  assert.deepEqual(fixture.unattributed, {});
});

test('keeps a closed flow while the tables have it, until its last summary', () => {
  const fixture = covered().events({ type: connected }).scan([row]).events({ type: closed, pid: 0 });
  for (let i = 0; i < 9; i++) fixture.etw().scan([{ ...row, state: FIN_WAIT_2 }]);
  fixture.events({ type: summary, pid: 0, durationMs: 100_000, sentBytes: 7 }).etw().scan([]);
  assert.deepEqual(fixture.bytes, [[7, 0]]);
});

test('removes a closed flow without a summary after 30 seconds', () => {
  const fixture = covered().events({ type: connected }).scan([row]).events({ type: closed, pid: 0 });
  for (let i = 0; i < 4; i++) fixture.etw().scan([]);
  // The flow is gone, so the process of these bytes is unknown.
  fixture.events({ type: summary, pid: 0, sentBytes: 7 }).etw().scan([]);
  assert.deepEqual(fixture.unattributed, { 'bytes: unknown_process': 7 });
});

test('attributes late events to the process that opened the flow after its pid was reused', () => {
  const fixture = covered();
  fixture.processEvents({
    type: 'started',
    pid: 777,
    createdAtMs: wall(1000),
    atMs: wall(1000),
    parentPid: 4,
    imageName: 'a.exe',
  });
  fixture.events({ type: connected, pid: 777, atMs: wall(2000) });
  fixture.processEvents(
    { type: 'stopped', pid: 777, createdAtMs: wall(1000), atMs: wall(3000), imageName: 'a.exe' },
    { type: 'started', pid: 777, createdAtMs: wall(4000), atMs: wall(4000), parentPid: 100, imageName: 'b.exe' },
  );
  fixture.events({ type: closed, pid: 0, atMs: wall(5000) }, { type: summary, pid: 0, atMs: wall(5000), sentBytes: 7 });
  fixture.etw().scan([], [...processes, { pid: 777, parentPid: 100, createdAtMs: wall(4000) }]);
  for (let i = 0; i < 6; i++)
    fixture.etw().scan([], [...processes, { pid: 777, parentPid: 100, createdAtMs: wall(4000) }]);
  assert.deepEqual(fixture.counts, []);
  assert.deepEqual(fixture.unattributed, {
    'connect: unknown_process': 1,
    'bytes: unknown_process': 7,
    'process: unknown_parent': 1,
  });
});

test('adds no bytes of an old connection that closes before the first scan', () => {
  const fixture = new ConnectionFixture().etw();
  fixture.events(
    { type: rundown, atMs: wall(-900) },
    { type: closed, pid: 0, atMs: wall(-800) },
    { type: summary, pid: 0, atMs: wall(-800), durationMs: HOUR_MS, sentBytes: 5e9 },
  );
  fixture.scan([]).etw().scan([]);
  assert.deepEqual(fixture.bytes.flat().filter(Boolean), []);
  assert.deepEqual(fixture.unattributed, { 'bytes: older_than_agent': 5e9 });
});

test('takes neither request time nor close from a cancelled connect with the same TCB', () => {
  const fixture = covered();
  fixture.events(
    { type: requested, pid: 0, atMs: wall(10_000), remote: '10.0.0.1:1' },
    { type: closed, pid: 0, atMs: wall(10_500) },
    // The request of this connect was lost.
    { type: connected, atMs: wall(14_000) },
  );
  fixture.scan([row]);
  assert.deepEqual([fixture.destinations[0]!.connectMs, fixture.destinations[0]!.timed], [0, 0]);
  for (let i = 0; i < 4; i++) fixture.etw().scan([row]);
  fixture.events({ type: closed, pid: 0 }, { type: summary, pid: 0, sentBytes: 7 }).etw().scan([]);
  assert.deepEqual(fixture.bytes, [[7, 0]]);
});

test('counts a cancelled connect, which fails after its close, once', () => {
  const fixture = covered();
  fixture.events(
    { type: requested, pid: 0 },
    { type: closed },
    { type: failed, status: 0xc000_0120, remote: '0.0.0.0:0', local: '0.0.0.0:0' },
  );
  fixture.scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 0 0 1`]);
});

test('does not add the summary of another connection with the same TCB', () => {
  const fixture = covered().events({ type: connected }).scan([row]);
  // All other events of the second connection and the close of the first were lost.
  fixture
    .events({ type: summary, pid: 0, local: '10.0.0.5:50001', remote: '10.0.0.77:443', sentBytes: 9000 })
    .etw()
    .scan([]);
  assert.deepEqual(fixture.bytes, [[0, 0]]);
  assert.deepEqual(fixture.unattributed, { 'bytes: unknown_process': 9000 });
});

test('counts bytes without a container as unattributed, by reason', () => {
  const fixture = covered();
  const totals = { type: summary, pid: 0, sentBytes: 5, receivedBytes: 6 } as const;
  const one = (tcb: number, pid: number) => [
    { type: connected, tcb, pid, local: `10.0.0.5:${tcb}` },
    { ...totals, tcb, local: `10.0.0.5:${tcb}` },
  ];
  fixture.events(...one(16, 900), ...one(32, 4444));
  for (let i = 0; i < 6; i++) fixture.etw().scan([]);
  assert.deepEqual(fixture.unattributed, {
    'connect: no_container': 1,
    'bytes: no_container': 11,
    'connect: unknown_process': 1,
    'bytes: unknown_process': 11,
  });
});

test('counts retransmits and resets of outbound flows before and after attribution', () => {
  const fixture = covered();
  fixture.events({ type: connected, pid: 101 }, { type: retransmitted, pid: 0 }, { type: reset, pid: 0 });
  fixture.events(
    { type: accepted, tcb: 32, local: '10.0.0.5:80', remote: '10.0.0.77:40000' },
    { type: retransmitted, tcb: 32, pid: 0 },
  );
  fixture.scan([row], [...processes, child(5000)]);
  fixture.events(
    { type: retransmitted, pid: 0 },
    { type: reset, pid: 0 },
    { type: reset, pid: 0 },
    { type: retransmitted, pid: 0, tcb: 999 },
  );
  fixture.etw().scan([row]);
  assert.deepEqual(
    fixture.destinations.map(({ retransmits, resets }) => [retransmits, resets]),
    [[2, 3]],
  );
});

test('counts a retransmit after its idle destination was removed', () => {
  const fixture = covered().events({ type: connected }).scan([row]);
  for (let i = 0; i < 40; i++) fixture.etw().scan([{ ...row, state: CLOSE_WAIT }]);
  assert.deepEqual(fixture.counts, []);
  fixture
    .events({ type: retransmitted, pid: 0 }, { type: closed, pid: 0 }, { type: summary, pid: 0, durationMs: 600_000 })
    .etw()
    .scan([]);
  assert.deepEqual(
    fixture.destinations.map(({ retransmits }) => retransmits),
    [1],
  );
});

test('learns the name that a program connected by, unless it is an address', () => {
  const fixture = covered();
  fixture.events(
    { type: named, pid: 0, tcb: 16, name: 'Db.Example.COM.' },
    { type: named, pid: 0, tcb: 32, remote: '10.0.0.10:1', name: '10.0.0.10' },
    { type: named, pid: 0, tcb: 48, remote: '10.0.0.11:1', name: '' },
  );
  fixture.scan([]);
  assert.deepEqual(
    [...fixture.model.names.all()].map(({ ip, fqdn }) => [ip, fqdn]),
    [['10.0.0.9', 'db.example.com']],
  );
});

test('counts connects and failures without a control block', () => {
  const fixture = covered();
  fixture.events(
    { type: connected, tcb: 0, local: '10.0.0.5:1' },
    { type: failed, tcb: 0, local: '10.0.0.5:2', status: 0xc000_00b5 },
    { type: requested, tcb: 0, pid: 0 },
    { type: retransmitted, tcb: 0, pid: 0 },
    { type: accepted, tcb: 0, local: LOCAL, remote: '10.0.0.1:40000' },
  );
  fixture.scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 1 0 1`]);
});

test('adds the bytes of a connection to a service that is listed after its process', () => {
  const fixture = covered();
  const list = [...processes, { pid: 300, createdAtMs: wall(9000) }];
  const endpoints = { pid: 300, local: '10.0.0.5:50300' };
  fixture.events({ type: connected, ...endpoints }).scan([], list);
  assert.deepEqual(fixture.unattributed, { 'connect: no_container': 1 });
  const services = [web(), aService({ name: 'api', pid: 300 })];
  round(fixture.model, fixture.atMs, { services, processes: list, tcp: [tcpTable(4, [{ ...row, ...endpoints }])] });
  fixture.events({ type: closed, ...endpoints }, { type: summary, ...endpoints, pid: 0, sentBytes: 7 });
  round(fixture.model, fixture.atMs + 15_000, { services, processes: list, tcp: [tcpTable(4, [])] });
  assert.deepEqual(
    containerOf(fixture.model, '/win/api')
      .network.destinations.values()
      .map(({ sentBytes }) => sentBytes),
    [7],
  );
});

test('begins another flow by a rundown with other ports', () => {
  const fixture = covered().events({ type: connected }).scan([row]);
  const other = { local: '10.0.0.5:50001', remote: '10.0.0.77:443' };
  fixture
    .events({ type: rundown, ...other }, { type: rundown, ...other })
    .etw()
    .scan([{ ...row, ...other }]);
  fixture
    .events(
      { type: retransmitted, ...other, pid: 0 },
      { type: closed, ...other, pid: 0 },
      { type: summary, ...other, pid: 0, sentBytes: 9, durationMs: 1000 },
    )
    .etw()
    .scan([]);
  assert.deepEqual(
    fixture.destinations.map(({ destination, sentBytes, retransmits }) => [destination, sentBytes, retransmits]),
    [
      [REMOTE, 0, 0],
      ['10.0.0.77:443', 9, 1],
    ],
  );
});

test('takes a handshake time of less than ten minutes only', () => {
  const fixture = covered();
  const one = (tcb: number, ms: number) => [
    { type: requested, tcb, pid: 0, atMs: wall(0), local: `10.0.0.5:${tcb}` },
    { type: connected, tcb, atMs: wall(ms), local: `10.0.0.5:${tcb}` },
  ];
  fixture.events(...one(16, 599_999), ...one(32, 600_000), ...one(48, -1), ...one(64, 0));
  fixture.scan([]);
  const [destination] = fixture.destinations;
  assert.deepEqual([destination!.successful, destination!.timed, destination!.connectMs], [4, 2, 599_999]);
});

test('counts the 30 seconds of a closed flow from its close', () => {
  const fixture = covered().events({ type: connected }).scan([row]);
  for (let i = 0; i < 10; i++) fixture.etw().scan([row]);
  fixture.events({ type: closed, pid: 0 }).etw().scan([]).etw().scan([]);
  fixture.events({ type: summary, pid: 0, durationMs: 1000, sentBytes: 7 }).etw().scan([]);
  assert.deepEqual(fixture.bytes, [[7, 0]]);
});

test('separates outbound and inbound connections that use the same TCB in turn', () => {
  const fixture = covered();
  const at = (port: number) => ({ local: `10.0.0.5:${port}` });
  const totals = (port: number, sentBytes: number) => ({
    type: summary,
    pid: 0,
    sentBytes,
    durationMs: 100,
    ...at(port),
  });
  fixture.events(
    { type: connected, ...at(1) },
    { type: closed, pid: 0, ...at(1) },
    totals(1, 10),
    { type: accepted, ...at(80), remote: '10.0.0.77:40000' },
    { type: closed, pid: 0, ...at(80) },
    { ...totals(80, 1000), remote: '10.0.0.77:40000' },
    { type: accepted, ...at(80), remote: '10.0.0.77:40001' },
    { type: connected, ...at(2) },
    { type: failed, ...at(3), status: 0xc000_00b5 },
    { type: failed, ...at(4), status: 0xc000_00b5 },
    { type: connected, ...at(5) },
    { type: rundown, ...at(5) },
    { type: closed, pid: 0, ...at(5) },
    totals(5, 20),
  );
  fixture.scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 3 0 2`]);
  assert.deepEqual(fixture.bytes, [[30, 0]]);
  assert.deepEqual(fixture.unattributed, {});
});

test('adds only what a summary has above all earlier ones', () => {
  const fixture = covered();
  const sent = (sentBytes: number, receivedBytes: number) => ({
    type: summary,
    pid: 0,
    durationMs: 100,
    sentBytes,
    receivedBytes,
  });
  fixture
    .events({ type: connected })
    .scan([row])
    .events(sent(100, 100), sent(90, 40), sent(110, 120))
    .etw()
    .scan([row]);
  assert.deepEqual(fixture.bytes, [[110, 120]]);
  fixture.events({ type: closed, pid: 0 }, sent(105, 121)).etw().scan([]);
  assert.deepEqual(fixture.bytes, [[110, 121]]);
});

test('adds the summary of an unreported connection if it is younger than the first scan', () => {
  const fixture = new ConnectionFixture().etw().scan([]).etw();
  const closedAfter = (tcb: number, durationMs: number) => [
    { type: rundown, tcb, local: `10.0.0.5:${tcb}` },
    { type: closed, pid: 0, tcb, local: `10.0.0.5:${tcb}` },
    { type: summary, pid: 0, tcb, durationMs, sentBytes: tcb, local: `10.0.0.5:${tcb}`, atMs: wall(14_000) },
  ];
  // The first scan was at wall(10): one connection began at that time, the other 1 ms before.
  fixture.events(...closedAfter(16, 13_990), ...closedAfter(32, 13_991)).scan([]);
  assert.deepEqual(fixture.bytes, [[16, 0]]);
  assert.deepEqual(fixture.unattributed, { 'bytes: older_than_agent': 32 });
});

test('takes the direction of a late connect event over that of a listener', () => {
  const fixture = covered();
  const local = '10.0.0.5:80';
  const listener = { local, pid: 100 };
  fixture.events({ type: requested, pid: 0, local }).scan([listener, { ...row, local }]);
  fixture
    .events(
      { type: connected, local },
      { type: closed, pid: 0, local },
      { type: summary, pid: 0, local, durationMs: 100, sentBytes: 7 },
    )
    .etw()
    .scan([listener]);
  assert.deepEqual([fixture.counts, fixture.bytes], [[`${REMOTE} 0 1 0 0`], [[7, 0]]]);
});

test('adds round-trip times of summaries to the remote address of outbound flows', () => {
  const fixture = covered();
  const timed = (rttUs: number) => ({ type: summary, pid: 0, durationMs: 100, rttUs });
  fixture.events({ type: connected }, { type: closed, pid: 0 }, timed(900));
  fixture.events(
    { type: connected, tcb: 32, local: '10.0.0.5:2' },
    { type: closed, tcb: 32, pid: 0 },
    { ...timed(1100), tcb: 32, local: '10.0.0.5:2' },
  );
  const endpoints = { tcb: 48, local: '10.0.0.5:80', remote: '10.0.0.77:40000' };
  fixture.events({ type: accepted, ...endpoints }, { ...timed(5), ...endpoints });
  fixture.scan([]);
  const latencies = [...containerOf(fixture.model).network.destinations.latencies()];
  assert.deepEqual(
    latencies.map(({ ip, rttUs }) => [ip, rttUs]),
    [['10.0.0.9', 1000]],
  );
});

test('does not give a failure without an address that of an earlier connection', () => {
  const fixture = covered();
  const nowhere = { type: failed, status: 0xc000_0207, local: '0.0.0.0:0', remote: '0.0.0.0:0' };
  fixture.events({ type: failed, status: 0xc000_0236 }, nowhere, { ...nowhere, tcb: 32 });
  fixture.scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 0 0 1`]);
  assert.deepEqual(fixture.unattributed, { 'connect: no_address': 2 });
});

test('counts every connect of 66,000 at once, in a container or as unattributed', () => {
  const fixture = covered();
  const many = Array.from({ length: 66_000 }, (_, i) => ({
    type: connected,
    tcb: (i + 1) * 16,
    pid: i < 33_000 ? 4444 : 100,
  }));
  fixture.events(...many);
  assert.equal(fixture.unattributed['connect: limit_reached'], 66_000 - 65_536);
  for (let i = 0; i < 5; i++) fixture.etw().scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 33000 0 0`]);
  assert.deepEqual(fixture.unattributed, { 'connect: limit_reached': 464, 'connect: unknown_process': 33_000 - 464 });
});
