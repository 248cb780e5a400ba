// TCP events from bytes: every layout in every version, both address families, empty addresses, newer versions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type BuiltEvent,
  connectByName,
  connectionResult,
  type EndpointValues,
  rundown,
  summary,
  tcbAndAddresses,
} from '../../helpers/etw-builder.ts';
import { decodeAll } from '../../helpers/etw-decode.ts';
import { type TcpEventRow, tcpEvents } from '../../helpers/event-tables.ts';

const AT = 1_767_300_000_123;
/** A kernel address, of which a record keeps the low 48 bits. */
const TCB = 0xffff_c00f_1234_5678n;
const TCB48 = 0xc00f_1234_5678;
const MAX32 = 0xffff_ffff;

/** The types of base/event-types.ts. */
const type = {
  requested: 1,
  connected: 2,
  failed: 3,
  accepted: 4,
  rundown: 5,
  summary: 6,
  retransmitted: 7,
  named: 8,
  reset: 9,
  closed: 10,
};

const endpoints: readonly EndpointValues[] = [
  { local: '10.1.2.3:50000', remote: '192.168.254.255:443' },
  { local: '[fd00:1:2:3:4:5:6:7]:65535', remote: '[2001:db8::9]:1' },
  // An IPv4-mapped IPv6 address is IPv4.
  { local: '[::ffff:a01:203]:50000', remote: '[::1]:80' },
  // A connect that failed before it had a local address.
  { local: '', remote: '10.0.0.9:443' },
  { local: '10.1.2.3:50000', remote: '' },
  { local: '', remote: '' },
];

/** The endpoints in the form of the table builder, where an absent one is all zeros. */
function expected({ local, remote }: EndpointValues): Pick<TcpEventRow, 'local' | 'remote'> {
  return Object.fromEntries(Object.entries({ local, remote }).filter(([, text]) => text !== ''));
}

function check(events: readonly BuiltEvent[], rows: readonly TcpEventRow[]): void {
  const { tcp, dropped } = decodeAll(events);
  assert.deepEqual(dropped, {});
  assert.deepEqual(tcp, tcpEvents(rows.map((row) => ({ atMs: AT, ...row }))));
}

const results: readonly [id: number, versions: number, type: number][] = [
  [1017, 1, type.accepted],
  [1033, 1, type.connected],
  [1034, 1, type.failed],
  [1038, 1, type.closed],
  [1039, 1, type.closed],
  [1043, 2, type.closed],
  [1045, 1, type.closed],
  [1046, 1, type.closed],
];

for (const [id, newest, expectedType] of results) {
  test(`decodes ${id}, the result of a connect, accept or close, in versions 0 to ${newest}`, () => {
    for (let version = 0; version <= newest; version++) {
      for (const each of endpoints) {
        const values = { ...each, tcb: TCB, status: 0xc000_0236, processId: 4321, compartment: 3 };
        check(
          [connectionResult(id, version, values, { atMs: AT, pid: 99 })],
          [{ type: expectedType, ...expected(each), tcb: TCB48, status: 0xc000_0236, pid: 4321, compartmentId: 3 }],
        );
      }
    }
  });
}

const blocks: readonly [id: number, type: number][] = [
  [1002, type.requested],
  [1183, type.reset],
  [1184, type.reset],
  [1186, type.retransmitted],
  [1187, type.retransmitted],
];

for (const [id, expectedType] of blocks) {
  test(`decodes ${id}, a control block and its endpoints`, () => {
    for (const each of endpoints) {
      // Only a request names its process in the header: tcp-owner.test.ts.
      const events = [
        tcbAndAddresses(id, { ...each, tcb: TCB, newState: MAX32, rexmitCount: MAX32 }, { atMs: AT, pid: 0 }),
      ];
      check(events, [{ type: expectedType, ...expected(each), tcb: TCB48 }]);
    }
  });
}

test('decodes 1300, a connection from before the session, in versions 0 to 3', () => {
  for (let version = 0; version <= 3; version++) {
    for (const each of endpoints) {
      const events = [rundown(version, { ...each, tcb: TCB, state: 5, processId: MAX32 - 3 }, { atMs: AT })];
      check(events, [{ type: type.rundown, ...expected(each), tcb: TCB48, pid: MAX32 - 3 }]);
    }
  }
});

test('decodes 4-byte pointers, and the fields after them, when the header flags a 32-bit program', () => {
  const head = { atMs: AT, narrow: true };
  const values = { local: '10.1.2.3:50000', remote: '192.168.254.255:443', tcb: TCB };
  const row = { local: values.local, remote: values.remote, tcb: 0x1234_5678 };
  check(
    [
      connectionResult(1033, 1, { ...values, processId: 4321, compartment: 3 }, head),
      tcbAndAddresses(1187, values, head),
      rundown(3, { ...values, processId: 4321 }, head),
      connectByName({ ...values, name: 'shop.example.com' }, head),
      summary(1, { ...values, bytesOut: 5, rttUs: 300, synRetrans: 7 }, head),
    ],
    [
      { ...row, type: type.connected, pid: 4321, compartmentId: 3 },
      { ...row, type: type.retransmitted },
      { ...row, type: type.rundown, pid: 4321 },
      { ...row, type: type.named, pid: 4, name: 'shop.example.com' },
      { ...row, type: type.summary, sentBytes: 5, rttUs: 300, synRetransmits: 7 },
    ],
  );
});

test('decodes 1382, the name of a connect by name, with and without terminating NUL', () => {
  for (const nul of [true, false]) {
    for (const each of endpoints) {
      for (const name of ['shop.example.com', 'bücher.example', '']) {
        const events = [connectByName({ ...each, tcb: TCB, name, nul, status: 0xc000_0001 }, { atMs: AT, pid: 99 })];
        check(events, [{ type: type.named, ...expected(each), tcb: TCB48, pid: 99, name }]);
      }
    }
  }
});

test('decodes 1477, the counters of a connection, in versions 0 and 1', () => {
  for (const version of [0, 1]) {
    for (const each of endpoints) {
      const values = {
        bytesOut: 2 ** 40 + 1,
        bytesIn: 2 ** 41 + 3,
        bytesRetrans: MAX32,
        connectionTimeMs: 2 ** 33 + 5,
        rttUs: 12_345,
      };
      check(
        [summary(version, { ...each, tcb: TCB, ...values, synRetrans: 7 }, { atMs: AT })],
        [
          {
            type: type.summary,
            ...expected(each),
            tcb: TCB48,
            sentBytes: 2 ** 40 + 1,
            receivedBytes: 2 ** 41 + 3,
            retransmittedBytes: MAX32,
            durationMs: 2 ** 33 + 5,
            rttUs: 12_345,
            synRetransmits: 7,
          },
        ],
      );
    }
  }
});

test('a built connection result has the documented size of 60, 68, 84 or 92 bytes', () => {
  const size = (version: number, local: string, remote: string) =>
    connectionResult(1033, version, { local, remote }).payload.length;
  assert.deepEqual(
    [
      size(0, '1.2.3.4:1', '1.2.3.4:2'),
      size(1, '1.2.3.4:1', '1.2.3.4:2'),
      size(0, '[::1]:1', '[::1]:2'),
      size(1, '[::1]:1', '[::1]:2'),
    ],
    [60, 68, 84, 92],
  );
});

test('decodes newer versions of events that only append fields, and counts those of others', () => {
  const newer = (event: BuiltEvent, version: number): BuiltEvent => ({
    ...event,
    version,
    payload: Buffer.concat([event.payload, Buffer.alloc(12, 0xee)]),
  });
  const { tcp, dropped, events } = decodeAll([
    newer(connectionResult(1033, 1, { processId: 7 }), 9),
    newer(connectionResult(1043, 2, { processId: 8 }), 255),
    newer(rundown(3, { processId: 9 }), 4),
    newer(summary(1, { bytesOut: 10 }), 2),
    newer(tcbAndAddresses(1187, {}), 1),
    newer(tcbAndAddresses(1187, {}), 1),
    newer(tcbAndAddresses(1002, {}), 3),
    newer(connectByName({ name: 'a' }), 1),
  ]);
  assert.deepEqual([...tcp.type], [type.connected, type.closed, type.rundown, type.summary]);
  assert.deepEqual([...tcp.pid], [7, 8, 9, 0]);
  assert.equal(events, 8);
  assert.deepEqual(dropped, {
    'unknown version: tcpip 1187 v1': 2,
    'unknown version: tcpip 1002 v3': 1,
    'unknown version: tcpip 1382 v1': 1,
  });
});

test('an address of unknown family or length is zero, and the fields after it are decoded', () => {
  const whole = connectionResult(1033, 0, { processId: 7, tcb: TCB });
  for (const family of [1, 23, 34]) {
    const payload = Buffer.from(whole.payload);
    payload.writeUInt16LE(family, 4);
    const { tcp } = decodeAll([{ ...whole, payload }]);
    assert.deepEqual([tcp.count, tcp.pid[0], tcp.localPort[0], tcp.tcb[0]], [1, 7, 0, TCB48], `family ${family}`);
    assert.ok(tcp.localAddress.every((byte) => byte === 0));
  }
});

test('orders the rows of a table by time', () => {
  const times = [5, 3, 3, 9, 1, 7];
  const { tcp } = decodeAll(
    times.map((ms, index) =>
      connectionResult(1033, 1, { processId: index, remote: `10.0.0.${index}:${index}` }, { atMs: AT + ms }),
    ),
  );
  assert.deepEqual(
    [...tcp.atMs],
    [1, 3, 3, 5, 7, 9].map((ms) => AT + ms),
  );
  assert.deepEqual([...tcp.pid], [4, 1, 2, 0, 5, 3]);
  assert.deepEqual([...tcp.remotePort], [4, 1, 2, 0, 5, 3]);
  assert.deepEqual(
    [4, 1, 2, 0, 5, 3],
    Array.from({ length: 6 }, (_, row) => tcp.remoteAddress[row * 16 + 15]),
  );
});
