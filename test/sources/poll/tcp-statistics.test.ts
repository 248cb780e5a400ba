// Statistics of long-lived connections: which are read and how; the TCP stack is a double that follows the rules of
// Windows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Win32Error } from '../../../src/native/win32-error.ts';
import { type LongLivedConnection, LongLivedConnections } from '../../../src/sources/poll/long-lived-connections.ts';
import { MAX_READS, type StatisticsCalls, TcpStatisticsReader } from '../../../src/sources/poll/tcp-statistics.ts';
import { tcpStatistics } from '../../helpers/event-tables.ts';
import { type TcpRow, tcpTable } from '../../helpers/observations.ts';

const ESTABLISHED = 5;
const outbound: TcpRow = { state: ESTABLISHED, pid: 1000, local: '10.0.0.5:50000', remote: '10.0.0.9:443' };
const outbound6: TcpRow = { state: ESTABLISHED, pid: 1001, local: '[fd00::5]:50001', remote: '[fd00::9]:5432' };

function longLivedOf(...rounds: (readonly TcpRow[])[]): LongLivedConnection[] {
  const connections = new LongLivedConnections();
  let last: LongLivedConnection[] = [];
  for (const rows of rounds)
    last = connections.update([
      tcpTable(
        4,
        rows.filter(({ local }) => !local.startsWith('[')),
      ),
      tcpTable(
        6,
        rows.filter(({ local }) => local.startsWith('[')),
      ),
    ]);
  return last;
}

const portsOf = (connections: readonly LongLivedConnection[]): number[] =>
  connections.map(({ localPort }) => localPort);

test('a connection is long-lived when two tables in a row contain it', () => {
  assert.deepEqual(portsOf(longLivedOf([outbound, outbound6])), []);
  assert.deepEqual(portsOf(longLivedOf([outbound, outbound6], [outbound6, outbound])), [50000, 50001]);
  assert.deepEqual(portsOf(longLivedOf([outbound], [], [outbound])), []);
});

test('other pids of the 4-tuple, other states, pid 0 and inbound connections are not long-lived', () => {
  assert.deepEqual(portsOf(longLivedOf([outbound], [{ ...outbound, pid: 2000 }])), []);
  for (const state of [1, 2, 3, 4, 6, 8, 11]) {
    const other = { ...outbound, state };
    assert.deepEqual(portsOf(longLivedOf([other], [other])), [], `state ${state}`);
  }
  const ended = { ...outbound, pid: 0 };
  assert.deepEqual(portsOf(longLivedOf([ended], [ended])), []);
  const listener: TcpRow = { state: 2, pid: 1000, local: '0.0.0.0:50000', remote: '0.0.0.0:0' };
  assert.deepEqual(portsOf(longLivedOf([listener, outbound, outbound6], [listener, outbound, outbound6])), [50001]);
});

test('a connection keeps its object as long as it is open', () => {
  const connections = new LongLivedConnections();
  connections.update([tcpTable(4, [outbound])]);
  const [first] = connections.update([tcpTable(4, [outbound])]);
  first!.estatsEnabled = true;
  const [second] = connections.update([tcpTable(4, [outbound])]);
  assert.equal(second, first);
});

/** Counters at their documented offsets: data bytes at 0 and 16, retransmissions at 20 and 24, smoothed time at 108. */
interface Counters {
  readonly out: number;
  readonly in: number;
  readonly packets: number;
  readonly bytes: number;
  readonly rttMs: number;
}

/** Counters by the bytes of a row. A type of counters is empty until it is enabled. */
class Stack implements StatisticsCalls {
  readonly counters = new Map<string, Counters>();
  readonly on = new Set<string>();
  readonly sets: string[] = [];
  gets = 0;
  refusal = 0;

  get(_family: 4 | 6, row: Buffer, type: number, enabled: Buffer, counters: Buffer): number {
    this.gets++;
    const found = this.counters.get(row.toString('hex'));
    if (this.refusal || !found) return this.refusal || 1168;
    enabled[0] = this.on.has(`${type} ${row.toString('hex')}`) ? 1 : 0;
    counters.fill(0xff);
    if (enabled[0] === 0) return 0;
    assert.equal(counters.length, type === 1 ? 96 : 160);
    if (type === 1) {
      counters.writeBigUInt64LE(BigInt(found.out), 0);
      counters.writeBigUInt64LE(BigInt(found.in), 16);
    } else {
      counters.writeUInt32LE(found.packets, 20);
      counters.writeUInt32LE(found.bytes, 24);
      counters.writeUInt32LE(found.rttMs, 108);
    }
    return 0;
  }

  set(family: 4 | 6, row: Buffer, type: number, enabled: Buffer): number {
    const key = row.toString('hex');
    if (this.refusal || !this.counters.has(key)) return this.refusal || 1168;
    assert.deepEqual([...enabled], [1]);
    this.sets.push(`${family} ${type}`);
    this.on.add(`${type} ${key}`);
    return 0;
  }
}

/** MIB_TCPROW: state, address, port, address, port; ports are in network order in the first two bytes of a DWORD. */
const row4 = Buffer.from('05000000' + '0a000005' + 'c3500000' + '0a000009' + '01bb0000', 'hex').toString('hex');
/** MIB_TCP6ROW: state, then address, scope and port of both endpoints. */
const fd00 = (last: string) => `fd0000000000000000000000000000${last}`;
const row6 = `05000000${fd00('05')}00000000c3510000${fd00('09')}0000000015380000`;

function aStack(): Stack {
  const stack = new Stack();
  stack.counters.set(row4, { out: 2 ** 40, in: 7, packets: 3, bytes: 4000, rttMs: 12 });
  stack.counters.set(row6, { out: 1, in: 2, packets: 0, bytes: 0, rttMs: 0xffff_ffff });
  return stack;
}

test('enables counters once and reads them from the next round on, for IPv4 and IPv6', () => {
  const stack = aStack();
  const reader = new TcpStatisticsReader(stack);
  const connections = longLivedOf([outbound, outbound6], [outbound, outbound6]);
  assert.equal(reader.read(connections).table.count, 0);
  // TCP_ESTATS_TYPE: 1 data, 3 path.
  assert.deepEqual(stack.sets, ['4 1', '4 3', '6 1', '6 3']);
  const { table, degraded } = reader.read(connections);
  const ends = ({ pid, local, remote = '' }: TcpRow) => ({ pid, local, remote });
  assert.deepEqual(degraded, []);
  assert.deepEqual(
    table,
    tcpStatistics([
      {
        ...ends(outbound),
        sentBytes: 2 ** 40,
        receivedBytes: 7,
        retransmittedPackets: 3,
        retransmittedBytes: 4000,
        rttUs: 12_000,
      },
      // All bits set: never measured.
      { ...ends(outbound6), sentBytes: 1, receivedBytes: 2, rttUs: 0 },
    ]),
  );
  assert.equal(stack.sets.length, 4);
});

test('omits a connection that ended, and enables the counters of one that reuses its 4-tuple', () => {
  const stack = aStack();
  const reader = new TcpStatisticsReader(stack);
  const connections = longLivedOf([outbound, outbound6], [outbound, outbound6]);
  reader.read(connections);
  stack.counters.delete(row4);
  stack.on.delete(`3 ${row6}`);
  assert.equal(reader.read(connections).table.count, 0);
  assert.deepEqual(stack.sets.slice(4), ['6 1', '6 3']);
  assert.deepEqual([...reader.read(connections).table.pid], [1001]);
});

test('reads 2,000 connections in a round, enabled ones first, and reports the limit', () => {
  const stack = new Stack();
  const reader = new TcpStatisticsReader(stack);
  const rows = Array.from(
    { length: MAX_READS + 500 },
    (_, i): TcpRow => ({ ...outbound, local: `10.0.${i >> 8}.${i & 255}:50000` }),
  );
  const connections = longLivedOf(rows, rows);
  for (let i = 0; i < rows.length; i++) {
    const address = Buffer.from([10, 0, i >> 8, i & 255]).toString('hex');
    stack.counters.set(row4.replace('0a000005', address), { out: i, in: 0, packets: 0, bytes: 0, rttMs: 1 });
  }
  const { degraded } = reader.read(connections);
  assert.equal(stack.sets.length, 2 * MAX_READS);
  assert.match(degraded[0]!.reason, /only 2000/);
  // The others come first in the table now, and still the same ones are read.
  const { table } = reader.read(connections.toReversed());
  assert.equal(table.count, MAX_READS);
  assert.ok(table.sentBytes.every((out) => out < MAX_READS));
  assert.deepEqual([stack.gets, stack.sets.length], [2 * MAX_READS, 2 * MAX_READS]);
});

test('a refusal ends the read, because it applies to all connections', () => {
  const stack = aStack();
  stack.refusal = 5;
  const connections = longLivedOf([outbound, outbound6], [outbound, outbound6]);
  assert.throws(
    () => new TcpStatisticsReader(stack).read(connections),
    (error) => error instanceof Win32Error && error.code === 5,
  );
  assert.ok(connections.every(({ estatsEnabled }) => !estatsEnabled));
});
