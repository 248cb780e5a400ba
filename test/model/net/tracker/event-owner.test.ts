// Owners of connections whose events name the process seldom, late, out of order, or not at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TCP_EVENT } from '../../../../src/base/event-types.ts';
import { ConnectionFixture, LOCAL, processes, REMOTE, row } from '../../../helpers/connection-fixture.ts';
import { event, TCPIP } from '../../../helpers/etw-builder.ts';
import { decodeAll } from '../../../helpers/etw-decode.ts';
import { wall } from '../../../helpers/model.ts';
import { observation } from '../../../helpers/observations.ts';

const { requested, connected, failed, summary, closed, reset, named, rundown } = TCP_EVENT;
const REFUSED = 0xc000_0236;
const CLOSE_WAIT = 8;
const OTHER = '10.0.0.77:443';
const other = { local: '10.0.0.5:50001', remote: OTHER };

/** A host whose events cover every interval. */
function covered(): ConnectionFixture {
  return new ConnectionFixture().etw().scan([]).etw();
}

/** Decodes events from the hexadecimal text of their payloads, and passes them on. */
function decode(
  fixture: ConnectionFixture,
  events: readonly [id: number, version: number, pid: number, hex: string][],
) {
  const atMs = wall(fixture.atMs - 5000);
  const built = events.map(([id, version, pid, hex]) =>
    event(TCPIP, id, version, Buffer.from(hex, 'hex'), { pid, atMs }),
  );
  const { tcp, dropped } = decodeAll(built);
  assert.deepEqual(dropped, {});
  fixture.model.observe(observation('tcpEvents', tcp, { atMs: fixture.atMs }));
}

test('counts a refused connect for the process in the header of its request', () => {
  const fixture = covered();
  const request =
    'b01ab7448ebbffff100000000200c3500a000005000000000000000010000000020015380a00000900000000000000000000000000000000';
  const failure =
    '100000000200c3500a000005000000000000000010000000020015380a0000090000000000000000360200c000000000' +
    '00000000b01ab7448ebbffff0000000000000000';
  decode(fixture, [
    [1002, 0, 100, request],
    [1183, 0, 0, request],
    [1034, 1, 0, failure],
  ]);
  fixture.scan([]);
  assert.deepEqual(fixture.counts, ['10.0.0.9:5432 0 0 0 1']);
  assert.deepEqual(fixture.unattributed, {});
  // No connection was reset: the connect failed.
  assert.equal(fixture.destinations[0]!.resets, 0);
});

test('counts a refused connect to an IPv6 or IPv4-mapped address for the process of its request', () => {
  // AF_INET6, port, flow, address, scope.
  const endpoint = (port: string, address: string) => `1c0000001700${port}00000000${address}00000000`;
  for (const [local, remote, text] of [
    ['fd000000000000000000000000000005', 'fd000000000000000000000000000009', '[fd00::9]:5432'],
    ['00000000000000000000ffff0a000005', '00000000000000000000ffff0a000009', '10.0.0.9:5432'],
  ] as const) {
    const addresses = endpoint('c350', local) + endpoint('1538', remote);
    const fixture = covered();
    decode(fixture, [
      [1002, 0, 100, `b01ab7448ebbffff${addresses}0000000000000000`],
      [1034, 1, 0, `${addresses}360200c00000000000000000b01ab7448ebbffff0000000000000000`],
    ]);
    fixture.scan([]);
    assert.deepEqual(fixture.counts, [`${text} 0 0 0 1`]);
  }
});

test('counts a connect without any process as unattributed', () => {
  const fixture = covered();
  fixture.events({ type: requested, pid: 0 }, { type: failed, pid: 0, status: REFUSED });
  fixture.scan([]).etw().scan([]);
  assert.deepEqual(fixture.counts, []);
  assert.deepEqual(fixture.unattributed, { 'connect: unknown_process': 1 });
});

test('keeps the process of the request through a connect, close and summary without one', () => {
  const fixture = covered();
  fixture.events(
    { type: requested },
    { type: connected, pid: 0 },
    { type: closed, pid: 0 },
    { type: summary, pid: 0, sentBytes: 7, durationMs: 100 },
  );
  fixture.scan([]);
  assert.deepEqual([fixture.counts, fixture.bytes], [[`${REMOTE} 0 1 0 0`], [[7, 0]]]);
});

test('separates the owners of connects that use the same TCB in turn', () => {
  const fixture = covered();
  fixture.events(
    { type: requested, pid: 900 },
    { type: failed, pid: 0, status: REFUSED },
    { type: requested, ...other },
    { type: failed, ...other, pid: 0, status: REFUSED },
    { type: requested, pid: 900, remote: '10.0.0.8:1' },
    { type: connected, pid: 0, remote: '10.0.0.8:1' },
  );
  fixture.scan([]);
  assert.deepEqual(fixture.counts, [`${OTHER} 0 0 0 1`]);
  assert.deepEqual(fixture.unattributed, { 'connect: no_container': 2 });
});

for (const type of [connected, failed]) {
  test(`does not take the process of an earlier request with other endpoints for event ${type}`, () => {
    for (const elsewhere of [other, { local: other.local }, { remote: OTHER }, { remote: '10.0.0.10:5432' }]) {
      const fixture = covered();
      // The result of the first connect and the request of the second were lost.
      fixture.events({ type: requested }, { type, pid: 0, ...elsewhere });
      fixture.scan([]).etw().scan([]);
      assert.deepEqual(fixture.counts, []);
      assert.deepEqual(fixture.unattributed, { 'connect: unknown_process': 1 });
    }
  });
}

test('a late result of an earlier connect does not end the connect that has its TCB now', () => {
  const fixture = covered();
  fixture.events(
    { type: requested, pid: 900, atMs: wall(10_000) },
    { type: requested, ...other, atMs: wall(11_000) },
    { type: failed, pid: 0, status: REFUSED, atMs: wall(10_500) },
    { type: connected, ...other, pid: 0, atMs: wall(11_020) },
  );
  fixture.scan([]).etw().scan([]);
  assert.deepEqual(fixture.counts, [`${OTHER} 0 1 0 0`]);
  assert.deepEqual([fixture.destinations[0]!.timed, fixture.destinations[0]!.connectMs], [1, 20]);
  assert.deepEqual(fixture.unattributed, { 'connect: unknown_process': 1 });
});

test('a late close of an earlier connection does not cancel the connect that has its TCB now', () => {
  const fixture = covered();
  fixture.events({ type: requested, ...other }, { type: closed, pid: 0 }, { type: connected, ...other, pid: 0 });
  fixture.scan([]);
  assert.deepEqual(fixture.counts, [`${OTHER} 0 1 0 0`]);
});

for (const type of [connected, failed]) {
  test(`takes the process of a request that arrives after its result, event ${type}`, () => {
    const fixture = covered();
    fixture.events({ type, pid: 0, status: type === failed ? REFUSED : 0, atMs: wall(10_005) });
    fixture.events({ type: requested, atMs: wall(10_000) });
    fixture.scan([]);
    assert.deepEqual(fixture.counts, [type === failed ? `${REMOTE} 0 0 0 1` : `${REMOTE} 0 1 0 0`]);
    assert.deepEqual(fixture.unattributed, {});
  });
}

test('takes the process of a connect by name, whose request was lost or has none', () => {
  for (const first of [[], [{ type: requested, pid: 0 }]]) {
    const fixture = covered();
    fixture.events(...first, { type: named, name: 'db.example.com' }, { type: failed, pid: 0, status: REFUSED });
    fixture.scan([]);
    assert.deepEqual(fixture.counts, [`${REMOTE} 0 0 0 1`]);
  }
});

test('takes the process of a close after a connect without one', () => {
  const fixture = covered();
  fixture.events({ type: connected, pid: 0 }, { type: closed });
  fixture.scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 1 0 0`]);
});

test('takes the process of a row in the TCP tables, which is listed later', () => {
  for (const state of [undefined, CLOSE_WAIT]) {
    const fixture = covered();
    const young = { ...row, pid: 101, ...(state === undefined ? {} : { state }) };
    fixture.events({ type: connected, pid: 0 }).scan([young]).etw();
    fixture.scan([], [...processes, { pid: 101, parentPid: 100, createdAtMs: wall(5000) }]);
    assert.deepEqual(fixture.counts, [`${REMOTE} 0 1 0 0`]);
    assert.deepEqual(fixture.unattributed, {});
  }
});

test('the process of a result wins over that of the request', () => {
  const fixture = covered();
  fixture.events({ type: requested, pid: 900 }, { type: failed, pid: 100, status: REFUSED });
  fixture.events({ type: requested, ...other }, { type: failed, ...other, pid: 900, status: REFUSED });
  fixture.scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 0 0 1`]);
  assert.deepEqual(fixture.unattributed, { 'connect: no_container': 1 });
});

test('neither a name nor a rundown replaces a known process', () => {
  const fixture = covered();
  fixture.events(
    { type: requested },
    { type: named, pid: 900, name: 'db.example.com' },
    { type: rundown, pid: 900 },
    { type: reset, pid: 900 },
    { type: failed, pid: 0, status: REFUSED },
  );
  fixture.scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 0 0 1`]);
});

test('attributes a failure to the process that requested it, whose pid another process has now', () => {
  const fixture = covered();
  const parent = { pid: 777, parentPid: 100, imageName: 'a.exe' };
  fixture.processEvents({ type: 'started', ...parent, createdAtMs: wall(6000), atMs: wall(6000) });
  fixture.events({ type: requested, pid: 777, atMs: wall(7000), local: LOCAL });
  const foreign = { type: 'started', pid: 777, parentPid: 900, imageName: 'b.exe' } as const;
  fixture.processEvents(
    { type: 'stopped', pid: 777, imageName: 'a.exe', createdAtMs: wall(6000), atMs: wall(8000) },
    { ...foreign, createdAtMs: wall(9000), atMs: wall(9000) },
  );
  // Both the failure without a process and one with the reused pid belong to the request.
  fixture.events({ type: failed, pid: 0, status: REFUSED, atMs: wall(9500) });
  fixture.events({ type: requested, pid: 777, atMs: wall(7500), tcb: 32 });
  fixture.events({ type: failed, pid: 777, status: REFUSED, atMs: wall(9500), tcb: 32 });
  fixture.scan([]).etw().scan([]);
  assert.deepEqual(fixture.counts, [`${REMOTE} 0 0 0 2`]);
});
