// TCP tables from bytes: both families, network byte order, and tables with a wrong count.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundsError, ForeignBuffer } from '../../../src/native/buffer.ts';
import { moduleRows, parseTcpTable, pidRows, type RowShape } from '../../../src/sources/poll/tcp-table.ts';
import {
  BASE,
  type Memory,
  tcp4ModuleTable,
  tcp4Table,
  tcp6ModuleTable,
  tcp6Table,
} from '../../helpers/foreign-memory.ts';
import { mutate, truncateEverywhere } from '../../helpers/fuzz.ts';

const loopback6 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const global6 = [0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6];

const rows4 = [
  { state: 2, local: [0, 0, 0, 0], localPort: 80, remote: [0, 0, 0, 0], remotePort: 0, pid: 4 },
  {
    state: 5,
    local: [10, 1, 2, 3],
    localPort: 0x1234,
    remote: [192, 168, 254, 255],
    remotePort: 0xfedc,
    pid: 0xfffffffc,
  },
];
const rows6 = [
  {
    state: 2,
    local: new Array<number>(16).fill(0),
    localPort: 443,
    remote: new Array<number>(16).fill(0),
    remotePort: 0,
    pid: 8,
  },
  { state: 5, local: loopback6, localPort: 50000, remote: global6, remotePort: 5432, pid: 1234 },
];

const parse4 = (buffer: ForeignBuffer) => parseTcpTable(buffer, pidRows[4], 1);
const parse6 = (buffer: ForeignBuffer) => parseTcpTable(buffer, pidRows[6], 1);

test('reads each field of an IPv4 table, and nothing behind the table', () => {
  const table = parseTcpTable(new ForeignBuffer(tcp4Table(rows4, 300).bytes, BASE), pidRows[4], 7);
  assert.deepEqual(table, {
    compartmentId: 7,
    family: 4,
    count: 2,
    state: Uint8Array.of(2, 5),
    pid: Uint32Array.of(4, 0xfffffffc),
    localPort: Uint16Array.of(80, 0x1234),
    remotePort: Uint16Array.of(0, 0xfedc),
    localAddress: Uint8Array.of(0, 0, 0, 0, 10, 1, 2, 3),
    remoteAddress: Uint8Array.of(0, 0, 0, 0, 192, 168, 254, 255),
  });
});

test('reads each field of an IPv6 table without the scope ids', () => {
  const table = parseTcpTable(new ForeignBuffer(tcp6Table(rows6, 300).bytes, BASE), pidRows[6], 1);
  assert.deepEqual(table, {
    compartmentId: 1,
    family: 6,
    count: 2,
    state: Uint8Array.of(2, 5),
    pid: Uint32Array.of(8, 1234),
    localPort: Uint16Array.of(443, 50000),
    remotePort: Uint16Array.of(0, 5432),
    localAddress: Uint8Array.from([...new Array<number>(16).fill(0), ...loopback6]),
    remoteAddress: Uint8Array.from([...new Array<number>(16).fill(0), ...global6]),
  });
});

test('reads the same fields from the longer rows of tables with modules', () => {
  const parse = (memory: Memory, shape: RowShape) => parseTcpTable(new ForeignBuffer(memory.bytes, BASE), shape, 7);
  const module = 0xffff_ffff_ffffn;
  const long4 = rows4.map((row) => ({ ...row, module }));
  const long6 = rows6.map((row) => ({ ...row, module }));
  assert.deepEqual(parse(tcp4ModuleTable(long4, 300), moduleRows[4]), parse(tcp4Table(rows4), pidRows[4]));
  assert.deepEqual(parse(tcp6ModuleTable(long6, 300), moduleRows[6]), parse(tcp6Table(rows6), pidRows[6]));
  assert.equal(
    truncateEverywhere((buffer) => parseTcpTable(buffer, moduleRows[4], 1), tcp4ModuleTable(long4).bytes),
    1,
  );
});

test('each column has its own memory, so that it can be transferred to another thread', () => {
  const table = parse4(new ForeignBuffer(tcp4Table(rows4).bytes, BASE));
  const columns = [table.state, table.pid, table.localPort, table.remotePort, table.localAddress, table.remoteAddress];
  assert.equal(new Set(columns.map((column) => column.buffer)).size, columns.length);
  for (const column of columns) assert.equal(column.buffer.byteLength, column.byteLength);
});

test('reads an empty table', () => {
  for (const parse of [parse4, parse6]) assert.equal(parse(new ForeignBuffer(Buffer.alloc(4), BASE)).count, 0);
});

test('refuses a count larger than the buffer before it allocates columns', () => {
  for (const [parse, rowBytes] of [
    [parse4, 24],
    [parse6, 56],
  ] as const) {
    for (const count of [3, 1000, 0x7fffffff, 0xffffffff]) {
      const bytes = Buffer.alloc(4 + 2 * rowBytes + rowBytes - 1);
      bytes.writeUInt32LE(count, 0);
      const before = process.memoryUsage().arrayBuffers;
      assert.throws(() => parse(new ForeignBuffer(bytes, BASE)), BoundsError);
      assert.ok(process.memoryUsage().arrayBuffers - before < 1_000_000, `${count} rows took memory`);
    }
  }
});

test('refuses each truncated table and no complete one', () => {
  assert.equal(truncateEverywhere(parse4, tcp4Table(rows4).bytes), 1);
  assert.equal(truncateEverywhere(parse6, tcp6Table(rows6).bytes), 1);
});

test('20,000 damaged tables of each family give a table or a BoundsError', { timeout: 60_000 }, () => {
  mutate(parse4, tcp4Table(rows4, 48).bytes, 20_000, 1);
  mutate(parse6, tcp6Table(rows6, 112).bytes, 20_000, 2);
});
