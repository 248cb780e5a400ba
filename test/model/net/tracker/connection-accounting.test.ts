// Whose connections are: told by rows of a shared process, kept when the process is long dead, and who waits for how long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TCP_EVENT } from '../../../../src/base/event-types.ts';
import { Bench, processes, REMOTE, row } from '../../../helpers/connection-bench.ts';
import { tcpEvents } from '../../../helpers/event-tables.ts';
import { aModel, containerOf, HOUR_MS, round, wall } from '../../../helpers/model.ts';
import { aService, observation, type ProcessRow, type TcpRow, tcpTable } from '../../../helpers/observations.ts';

const { connected, accepted, summary, closed, rundown, failed } = TCP_EVENT;
const covered = () => new Bench().etw().look([]).etw();

test('connections of a shared process go to the service that a row names, with all they carry, and never to another', () => {
  const config = { startType: 2, binaryPath: 'C:\\Windows\\system32\\svchost.exe -k netsvcs', account: 'LocalSystem' };
  const services = ['Dnscache', 'W32Time'].map((name) => aService({ name, pid: 100, config }));
  const model = aModel();
  let atMs = 0;
  const at = (port: number) => ({ local: `10.0.0.5:${port}`, remote: REMOTE });
  const look = (...rows: TcpRow[]) => {
    const listed = [{ pid: 100, createdAtMs: wall(-HOUR_MS) }];
    const told: TcpRow = { local: '10.0.0.5:53', pid: 100, service: 'Dnscache' };
    round(model, atMs, { services, processes: listed, tcp: [tcpTable(4, [told, ...rows])] });
    atMs += 15_000;
  };
  const tell = (...events: object[]) => {
    const filled = events.map((each) => ({ pid: 100, atMs: wall(atMs - 5000), ...each }));
    model.observe(observation('tcpEvents', tcpEvents(filled), { atMs }));
  };
  look();
  tell(
    { type: connected, tcb: 16, ...at(1) },
    { type: connected, tcb: 32, ...at(2) },
    { type: connected, tcb: 48, ...at(3) },
    { type: accepted, tcb: 64, local: '10.0.0.5:53', remote: '10.0.0.77:4000' },
  );
  look(
    { ...at(1), pid: 100, service: 'W32Time' },
    { ...at(2), pid: 100, service: 'Dnscache' },
    { local: '10.0.0.5:53', remote: '10.0.0.77:4000', pid: 100, service: 'Dnscache' },
  );
  const ends = (tcb: number, port: number, sentBytes: number) => [
    { type: closed, tcb, pid: 0, ...at(port) },
    { type: summary, tcb, pid: 0, durationMs: 100, sentBytes, ...at(port) },
  ];
  tell(...ends(16, 1, 10), ...ends(32, 2, 200), ...ends(48, 3, 5));
  look();
  const counts = (name: string) =>
    containerOf(model, `/win/${name}`)
      .network.destinations.values()
      .map(({ destination, successful, sentBytes }) => [destination, successful, sentBytes]);
  assert.deepEqual([counts('W32Time'), counts('Dnscache')], [[[REMOTE, 1, 10]], [[REMOTE, 1, 200]]]);
  const unattributed = [...model.unattributed.all()].map(({ what, reason, count }) => [what, reason, count]);
  // The third was in no table: some service of the two made it.
  assert.deepEqual(unattributed, [
    ['connect', 'shared process', 1],
    ['bytes', 'shared process', 5],
  ]);
});

test('what a connection carried belongs to its container when its process is long dead', () => {
  const child: ProcessRow = { pid: 101, parentPid: 100, createdAtMs: wall(-1000) };
  const bench = new Bench()
    .etw()
    .look([], [...processes, child])
    .etw();
  bench.events({ type: connected, pid: 101 }).look([{ ...row, pid: 101 }], [...processes, child]);
  // Another process holds its socket.
  for (let i = 0; i < 8; i++) bench.etw().look([{ ...row, pid: 101 }]);
  bench.events({ type: closed, pid: 0 }, { type: summary, pid: 0, durationMs: 100, sentBytes: 7 }).look([]);
  assert.deepEqual(bench.bytes, [[7, 0]]);
});

test('an older connection that came in is known as such when its listener and its row are gone', () => {
  const inbound: TcpRow = { local: '10.0.0.5:5000', remote: '10.0.0.77:40000', pid: 100 };
  const bench = new Bench().etw().look([]).etw();
  const old = { local: inbound.local, remote: '10.0.0.77:40000' };
  bench.events({ type: rundown, ...old }).look([{ local: '10.0.0.5:5000', pid: 100 }, inbound]);
  bench
    .events({ type: closed, pid: 0, ...old })
    .etw()
    .look([])
    .etw()
    .look([]);
  bench
    .events({ type: summary, pid: 0, ...old, durationMs: 100, sentBytes: 7 })
    .etw()
    .look([]);
  assert.deepEqual(bench.counts, []);
  assert.deepEqual(bench.unattributed, {});
});

test('an older connection that went out is known as such although its port is listened on by then', () => {
  const old = { local: '10.0.0.5:5000', remote: REMOTE };
  const bench = new Bench().etw().look([]).etw();
  bench.events({ type: rundown, ...old }).look([{ ...old, pid: 100 }]);
  bench.events({ type: closed, pid: 0, ...old }).etw();
  const listener: TcpRow = { local: '10.0.0.5:5000', pid: 100 };
  bench.look([listener]).etw().look([listener]);
  bench
    .events({ type: summary, pid: 0, ...old, durationMs: 100, sentBytes: 7 })
    .etw()
    .look([listener]);
  assert.deepEqual(bench.bytes, [[7, 0]]);
});

test('an older connection without any row goes by who listens', () => {
  const bench = new Bench()
    .etw()
    .look([{ local: '10.0.0.5:5000', pid: 100 }])
    .etw();
  const old = (tcb: number, port: number) => [
    { type: rundown, tcb, local: `10.0.0.5:${port}` },
    { type: closed, tcb, pid: 0, local: `10.0.0.5:${port}` },
    { type: summary, tcb, pid: 0, local: `10.0.0.5:${port}`, durationMs: 100, sentBytes: port },
  ];
  bench.events(...old(16, 5000), ...old(32, 5001)).look([{ local: '10.0.0.5:5000', pid: 100 }]);
  assert.deepEqual(bench.bytes, [[5001, 0]]);
});

test('a connection waits for its owner as long as no list is newer, four ticks at most', () => {
  const late = (ticks: number) => {
    const bench = covered();
    const newest = bench.atMs - 15_000;
    bench.events({ type: connected, pid: 300, atMs: wall(bench.atMs - 1000) });
    // Ticks without a new list of processes.
    for (let i = 0; i < ticks; i++) {
      bench.model.observe(observation('tick', { intervalMs: 15_000 }, { atMs: bench.atMs }));
      bench.atMs += 15_000;
    }
    assert.ok(newest >= 0);
    bench.etw().look([], [...processes, { pid: 300, parentPid: 100, createdAtMs: wall(newest + 1) }]);
    return [bench.counts, bench.unattributed];
  };
  assert.deepEqual(late(0), [[`${REMOTE} 0 1 0 0`], {}]);
  assert.deepEqual(late(4), [[`${REMOTE} 0 1 0 0`], {}]);
  assert.deepEqual(late(5), [[], { 'connect: unknown process': 1 }]);
});

test('a connection that the tables do not show is given up after five looks, not before', () => {
  const carried = (looks: number) => {
    const bench = covered().events({ type: connected }).look([row]);
    for (let i = 0; i < looks; i++) bench.etw().look([]);
    bench.events({ type: closed, pid: 0 }, { type: summary, pid: 0, durationMs: 100, sentBytes: 7 }).etw().look([]);
    return bench.unattributed;
  };
  assert.deepEqual(carried(4), {});
  assert.deepEqual(carried(5), { 'bytes: unknown process': 7 });
});

test('failures of a process nobody knows are told, once each', () => {
  const bench = covered();
  bench.events(
    { type: failed, pid: 4444, status: 1 },
    { type: failed, pid: 4444, status: 1 },
    { type: connected, pid: 4444, tcb: 0 },
  );
  for (let i = 0; i < 6; i++) bench.etw().look([]);
  assert.deepEqual(bench.unattributed, { 'connect: unknown process': 3 });
  assert.deepEqual(bench.counts, []);
});

test('of more connections than may wait each is told all the same', () => {
  const bench = covered();
  const half = 65_586;
  for (const from of [1, half + 1]) {
    bench.events(...Array.from({ length: half }, (_, i) => ({ type: connected, tcb: (from + i) * 16, pid: 4444 })));
  }
  for (let i = 0; i < 6; i++) bench.etw().look([]);
  // 65,536 have room at a time, and 131,072 wait: the last hundred do not even do that.
  assert.deepEqual(bench.unattributed, {
    'connect: too many': 2 * half - 65_536 + 100,
    'connect: unknown process': 65_536 - 100,
  });
});
