// What events say of one connection, joined: places in memory that are used again, ends that come late, summaries that are no end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TCP_EVENT } from '../../../src/base/event-types.ts';
import { Bench, LOCAL, processes, REMOTE, row } from '../../helpers/connection-bench.ts';
import { HOUR_MS, wall } from '../../helpers/model.ts';

const { requested, connected, failed, accepted, summary, closed, rundown, retransmitted, reset, named } = TCP_EVENT;
const CLOSE_WAIT = 8;
const FIN_WAIT_2 = 7;
const child = (atMs: number) => ({ pid: 101, parentPid: 100, createdAtMs: wall(atMs) });

/** `each` in turn, told by events only. */
function covered(): Bench {
  return new Bench().etw().look([]).etw();
}

test('connections of a process nobody knows yet count when it is known, although their memory serves others by then', () => {
  const bench = covered();
  const at = (port: number) => ({ pid: 101, local: `10.0.0.5:${port}` });
  bench.events(
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
  bench.look([], [...processes, child(5000)]);
  assert.deepEqual(bench.counts, [`${REMOTE} 0 3 0 2`]);
  assert.deepEqual(bench.bytes, [[80, 800]]);
  assert.deepEqual(bench.uncounted, {});
});

test('a summary at the rundown of a session is not the end: what comes after it counts once', () => {
  const bench = covered();
  bench.events({ type: connected }).look([row]).etw();
  const carried = (sentBytes: number, receivedBytes: number) => ({ type: summary, pid: 0, durationMs: 100, sentBytes, receivedBytes });
  bench.events(carried(100, 1000)).look([row]).etw();
  assert.deepEqual(bench.bytes, [[100, 1000]]);
  bench.look([row]).etw().look([row]).etw();
  bench.events({ type: closed, pid: 0 }, carried(150, 4000)).look([]);
  assert.deepEqual(bench.bytes, [[150, 4000]]);
  assert.deepEqual(bench.counts, [`${REMOTE} 0 1 0 0`]);
});

test('between a summary that is not the end and the end the statistics count on, and the end adds the rest', () => {
  const bench = covered();
  const sent = (sentBytes: number) => ({ type: summary, pid: 0, durationMs: 100, sentBytes });
  bench.events({ type: connected }).look([row]);
  bench.statistics({ sentBytes: 40 }).etw().look([row]);
  bench.events(sent(100)).statistics({ sentBytes: 60 }).etw().look([row]);
  assert.deepEqual(bench.bytes, [[100, 0]]);
  bench.statistics({ sentBytes: 65 }).etw().look([row]);
  bench.statistics({ sentBytes: 70 }).etw().look([row]);
  assert.equal(bench.bytes[0]![0] > 100, true);
  bench.events({ type: closed, pid: 0 }, sent(130)).statistics({ sentBytes: 75 }).etw().look([]);
  assert.deepEqual(bench.bytes, [[130, 0]]);
});

test('while the tables cannot be read no connection is given up', () => {
  const bench = covered().events({ type: connected }).look([]);
  for (let i = 0; i < 8; i++) bench.etw().blind();
  bench.events({ type: closed, pid: 0 }, { type: summary, pid: 0, durationMs: 120_000, sentBytes: 7 }).etw().look([]);
  assert.deepEqual(bench.bytes, [[7, 0]]);
});

test('a connection that the other side has closed stands until its own side closes it, hours later', () => {
  const bench = covered().events({ type: connected }).look([row]);
  for (let i = 0; i < 40; i++) bench.etw().look([{ ...row, state: CLOSE_WAIT }]);
  assert.equal(
    bench.destinations.some(({ active }) => active > 0),
    false,
  );
  bench.events({ type: closed, pid: 0 }, { type: summary, pid: 0, durationMs: 600_000, sentBytes: 7, receivedBytes: 8 }).etw().look([]);
  assert.deepEqual(bench.bytes, [[7, 8]]);
  assert.deepEqual(bench.uncounted, {});
});

test('a connection that waits for the last word of the other side is not given up before', () => {
  const bench = covered().events({ type: connected }).look([row]).events({ type: closed, pid: 0 });
  for (let i = 0; i < 9; i++) bench.etw().look([{ ...row, state: FIN_WAIT_2 }]);
  bench.events({ type: summary, pid: 0, durationMs: 100_000, sentBytes: 7 }).etw().look([]);
  assert.deepEqual(bench.bytes, [[7, 0]]);
});

test('without a summary a connection that ended goes after half a minute', () => {
  const bench = covered().events({ type: connected }).look([row]).events({ type: closed, pid: 0 });
  for (let i = 0; i < 4; i++) bench.etw().look([]);
  // Its memory tells nothing any more: whose these bytes are is not known.
  bench.events({ type: summary, pid: 0, sentBytes: 7 }).etw().look([]);
  assert.deepEqual(bench.uncounted, { 'bytes: unknown process': 7 });
});

test('what is told of a connection late goes to the process that made it, not to the next one with its pid', () => {
  const bench = covered();
  bench.processEvents({ type: 'started', pid: 777, createdAtMs: wall(1000), atMs: wall(1000), parentPid: 4, imageName: 'a.exe' });
  bench.events({ type: connected, pid: 777, atMs: wall(2000) });
  bench.processEvents(
    { type: 'stopped', pid: 777, createdAtMs: wall(1000), atMs: wall(3000), imageName: 'a.exe' },
    { type: 'started', pid: 777, createdAtMs: wall(4000), atMs: wall(4000), parentPid: 100, imageName: 'b.exe' },
  );
  bench.events({ type: closed, pid: 0, atMs: wall(5000) }, { type: summary, pid: 0, atMs: wall(5000), sentBytes: 7 });
  bench.etw().look([], [...processes, { pid: 777, parentPid: 100, createdAtMs: wall(4000) }]);
  for (let i = 0; i < 6; i++) bench.etw().look([], [...processes, { pid: 777, parentPid: 100, createdAtMs: wall(4000) }]);
  assert.deepEqual(bench.counts, []);
  assert.deepEqual(bench.uncounted, { 'connect: unknown process': 1, 'bytes: unknown process': 7 });
});

test('an old connection that ends before the first look counts nothing of what it carried', () => {
  const bench = new Bench().etw();
  bench.events(
    { type: rundown, atMs: wall(-900) },
    { type: closed, pid: 0, atMs: wall(-800) },
    { type: summary, pid: 0, atMs: wall(-800), durationMs: HOUR_MS, sentBytes: 5e9 },
  );
  bench.look([]).etw().look([]);
  assert.deepEqual(bench.bytes.flat().filter(Boolean), []);
  assert.deepEqual(bench.uncounted, { 'bytes: older than the agent': 5e9 });
});

test('a connect that was given up lends neither its time nor its end to the next one', () => {
  const bench = covered();
  bench.events(
    { type: requested, pid: 0, atMs: wall(10_000), remote: '10.0.0.1:1' },
    { type: closed, pid: 0, atMs: wall(10_500) },
    // The request of this one was lost.
    { type: connected, atMs: wall(14_000) },
  );
  bench.look([row]);
  assert.deepEqual([bench.destinations[0]!.connectMs, bench.destinations[0]!.timed], [0, 0]);
  for (let i = 0; i < 4; i++) bench.etw().look([row]);
  bench.events({ type: closed, pid: 0 }, { type: summary, pid: 0, sentBytes: 7 }).etw().look([]);
  assert.deepEqual(bench.bytes, [[7, 0]]);
});

test('a connect that is cancelled fails after its end was told, once', () => {
  const bench = covered();
  bench.events(
    { type: requested, pid: 0 },
    { type: closed },
    { type: failed, status: 0xc000_0120, remote: '0.0.0.0:0', local: '0.0.0.0:0' },
  );
  bench.look([]);
  assert.deepEqual(bench.counts, [`${REMOTE} 0 0 0 1`]);
});

test('a summary of another connection in the same memory is not taken for the one before', () => {
  const bench = covered().events({ type: connected }).look([row]);
  // The end of the first and all of the second were lost, but for this.
  bench.events({ type: summary, pid: 0, local: '10.0.0.5:50001', remote: '10.0.0.77:443', sentBytes: 9000 }).etw().look([]);
  assert.deepEqual(bench.bytes, [[0, 0]]);
  assert.deepEqual(bench.uncounted, { 'bytes: unknown process': 9000 });
});

test('bytes that are in no container are told by reason, as connects are', () => {
  const bench = covered();
  const carried = { type: summary, pid: 0, sentBytes: 5, receivedBytes: 6 } as const;
  const one = (tcb: number, pid: number) => [
    { type: connected, tcb, pid, local: `10.0.0.5:${tcb}` },
    { ...carried, tcb, local: `10.0.0.5:${tcb}` },
  ];
  bench.events(...one(16, 900), ...one(32, 4444));
  for (let i = 0; i < 6; i++) bench.etw().look([]);
  assert.deepEqual(bench.uncounted, {
    'connect: no container': 1,
    'bytes: no container': 11,
    'connect: unknown process': 1,
    'bytes: unknown process': 11,
  });
});

test('segments sent again and resets count, before and after the owner is known, and not for what comes in', () => {
  const bench = covered();
  bench.events({ type: connected, pid: 101 }, { type: retransmitted, pid: 0 }, { type: reset, pid: 0 });
  bench.events({ type: accepted, tcb: 32, local: '10.0.0.5:80', remote: '10.0.0.77:40000' }, { type: retransmitted, tcb: 32, pid: 0 });
  bench.look([row], [...processes, child(5000)]);
  bench.events(
    { type: retransmitted, pid: 0 },
    { type: reset, pid: 0 },
    { type: reset, pid: 0 },
    { type: retransmitted, pid: 0, tcb: 999 },
  );
  bench.etw().look([row]);
  assert.deepEqual(
    bench.destinations.map(({ retransmits, resets }) => [retransmits, resets]),
    [[2, 3]],
  );
});

test('a segment sent again counts although its destination was idle for so long that it was forgotten', () => {
  const bench = covered().events({ type: connected }).look([row]);
  for (let i = 0; i < 40; i++) bench.etw().look([{ ...row, state: CLOSE_WAIT }]);
  assert.deepEqual(bench.counts, []);
  bench.events({ type: retransmitted, pid: 0 }, { type: closed, pid: 0 }, { type: summary, pid: 0, durationMs: 600_000 }).etw().look([]);
  assert.deepEqual(
    bench.destinations.map(({ retransmits }) => retransmits),
    [1],
  );
});

test('the name that a program connected by is learned, one that is an address is not', () => {
  const bench = covered();
  bench.events(
    { type: named, pid: 0, tcb: 16, name: 'Db.Example.COM.' },
    { type: named, pid: 0, tcb: 32, remote: '10.0.0.10:1', name: '10.0.0.10' },
    { type: named, pid: 0, tcb: 48, remote: '10.0.0.11:1', name: '' },
  );
  bench.look([]);
  assert.deepEqual(
    [...bench.model.network.names.all()].map(({ ip, fqdn }) => [ip, fqdn]),
    [['10.0.0.9', 'db.example.com']],
  );
});

test('events without a control block count all the same', () => {
  const bench = covered();
  bench.events(
    { type: connected, tcb: 0, local: '10.0.0.5:1' },
    { type: failed, tcb: 0, local: '10.0.0.5:2', status: 0xc000_00b5 },
    { type: requested, tcb: 0, pid: 0 },
    { type: retransmitted, tcb: 0, pid: 0 },
    { type: accepted, tcb: 0, local: LOCAL, remote: '10.0.0.1:40000' },
  );
  bench.look([]);
  assert.deepEqual(bench.counts, [`${REMOTE} 0 1 0 1`]);
});
