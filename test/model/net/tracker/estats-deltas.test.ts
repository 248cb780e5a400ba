// Growth of what the stack counts of connections that live for long: against sums kept by hand, with summaries, reuse and gaps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EstatsDeltas } from '../../../../src/model/net/tracker/estats-deltas.ts';
import { TupleHash } from '../../../../src/model/net/tracker/tuple-set.ts';
import { type TcpStatisticsRow, tcpStatistics } from '../../../helpers/event-tables.ts';
import { endpoint } from '../../../helpers/observations.ts';
import { below, seeded } from '../../../helpers/random.ts';

const REMOTE = '10.0.0.9:5432';
const at = (port: number) => `10.0.0.5:${port}`;

function hashOf(local: string): TupleHash {
  const [a, b] = [endpoint(4, local), endpoint(4, REMOTE)];
  return new TupleHash().of(Uint8Array.from(a.address), a.port, Uint8Array.from(b.address), b.port, 0, 4);
}

/** One look; each growth as text, and `wanted` tells which rows are somebody's. */
function look(
  deltas: EstatsDeltas,
  rows: readonly Partial<TcpStatisticsRow>[],
  wanted = (_row: number): boolean => true,
): string[] {
  const grown: string[] = [];
  const filled = rows.map((row) => ({ pid: 100, local: at(1), remote: REMOTE, ...row }));
  deltas.add(tcpStatistics(filled), (row, hash, { sentBytes, receivedBytes, retransmits, rttUs }) => {
    const own = hashOf(filled[row]!.local);
    assert.deepEqual([hash.a, hash.b], [own.a, own.b]);
    if (!wanted(row)) return false;
    grown.push(`${row}: ${sentBytes} ${receivedBytes} ${retransmits} ${rttUs}`);
    return true;
  });
  return grown;
}

test('the first look counts all since the counters were turned on, the next ones what has grown', () => {
  const deltas = new EstatsDeltas();
  assert.deepEqual(look(deltas, [{ sentBytes: 10, receivedBytes: 100, retransmittedPackets: 1, rttUs: 7 }]), [
    '0: 10 100 1 7',
  ]);
  assert.deepEqual(look(deltas, [{ sentBytes: 15, receivedBytes: 100, retransmittedPackets: 4, rttUs: 8 }]), [
    '0: 5 0 3 8',
  ]);
  assert.deepEqual(look(deltas, [{ sentBytes: 15, receivedBytes: 100, retransmittedPackets: 4 }]), ['0: 0 0 0 0']);
});

test('growth that nobody takes comes again, whole', () => {
  const deltas = new EstatsDeltas();
  look(deltas, [{ sentBytes: 10, retransmittedPackets: 1 }], () => false);
  look(deltas, [{ sentBytes: 12, receivedBytes: 3, retransmittedPackets: 2 }], () => false);
  assert.deepEqual(look(deltas, [{ sentBytes: 20, receivedBytes: 5, retransmittedPackets: 3 }]), ['0: 20 5 3 0']);
});

test('less than before is another connection, and so is another process’s', () => {
  const deltas = new EstatsDeltas();
  const before = { sentBytes: 100, receivedBytes: 100, retransmittedPackets: 9 };
  look(deltas, [before, { ...before, local: at(2) }, { ...before, local: at(3) }, { ...before, local: at(4) }]);
  const after = [
    { sentBytes: 99, receivedBytes: 200 },
    { sentBytes: 200, receivedBytes: 99 },
    { sentBytes: 200, receivedBytes: 200, pid: 7 },
    { sentBytes: 200, receivedBytes: 200, retransmittedPackets: 8 },
  ];
  const rows = after.map((row, i) => ({ ...row, local: at(i + 1) }));
  // The stack's count of segments went back alone: that is no segment.
  assert.deepEqual(look(deltas, rows), ['0: 99 200 0 0', '1: 200 99 0 0', '2: 200 200 0 0', '3: 100 100 0 0']);
  // What was counted of the connection before is not the new one's.
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 0, 0) }, { sentBytes: 99, receivedBytes: 200 });
});

test('a summary learns what is counted already; a look from before it counts nothing, the one after it grows on', () => {
  const deltas = new EstatsDeltas();
  look(deltas, [{ sentBytes: 10, receivedBytes: 20 }]);
  look(deltas, [{ sentBytes: 15, receivedBytes: 20 }]);
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 100, 40) }, { sentBytes: 15, receivedBytes: 20 });
  assert.deepEqual(look(deltas, [{ sentBytes: 16, receivedBytes: 25 }]), []);
  assert.deepEqual(look(deltas, [{ sentBytes: 18, receivedBytes: 30 }]), ['0: 2 5 0 0']);
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 0, 0) }, { sentBytes: 102, receivedBytes: 45 });
});

test('of a connection that nobody asked for nothing is counted', () => {
  const deltas = new EstatsDeltas();
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 5, 5) }, { sentBytes: 0, receivedBytes: 0 });
  look(deltas, [{ sentBytes: 1 }], () => false);
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 5, 5) }, { sentBytes: 0, receivedBytes: 0 });
});

test('a connection that one look misses is remembered, one that two miss begins anew', () => {
  const deltas = new EstatsDeltas();
  look(deltas, [{ sentBytes: 10 }]);
  look(deltas, []);
  assert.deepEqual(look(deltas, [{ sentBytes: 12 }]), ['0: 2 0 0 0']);
  look(deltas, []);
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 0, 0) }, { sentBytes: 12, receivedBytes: 0 });
  look(deltas, []);
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 0, 0) }, { sentBytes: 0, receivedBytes: 0 });
  assert.deepEqual(look(deltas, [{ sentBytes: 13 }]), ['0: 13 0 0 0']);
});

test('a connection twice in a look counts once', () => {
  assert.deepEqual(look(new EstatsDeltas(), [{ sentBytes: 10 }, { sentBytes: 11 }, { local: at(2), sentBytes: 1 }]), [
    '0: 10 0 0 0',
    '2: 1 0 0 0',
  ]);
});

test('growth of random connections over many looks adds up to what the stack says of each', () => {
  const random = seeded(41);
  const deltas = new EstatsDeltas();
  const stack = Array.from({ length: 40 }, () => ({ sentBytes: 0, receivedBytes: 0 }));
  const counted = stack.map(() => ({ sentBytes: 0, receivedBytes: 0 }));
  for (let turn = 0; turn < 300; turn++) {
    const order = stack.map((_, i) => i).sort(() => random() - 0.5);
    const rows = order.filter((i) => i % 2 === 0 || turn % 2 === 0);
    for (const each of stack) {
      each.sentBytes += below(random, 1000);
      each.receivedBytes += below(random, 2) * below(random, 1e9);
    }
    const table = tcpStatistics(rows.map((i) => ({ pid: i, local: at(i + 1), remote: REMOTE, ...stack[i]! })));
    deltas.add(table, (row, _hash, growth) => {
      if (below(random, 4) === 0) return false;
      counted[rows[row]!]!.sentBytes += growth.sentBytes;
      counted[rows[row]!]!.receivedBytes += growth.receivedBytes;
      return true;
    });
  }
  const last = tcpStatistics(stack.map((each, i) => ({ pid: i, local: at(i + 1), remote: REMOTE, ...each })));
  deltas.add(last, (row, _hash, growth) => {
    counted[row]!.sentBytes += growth.sentBytes;
    counted[row]!.receivedBytes += growth.receivedBytes;
    return true;
  });
  assert.deepEqual(counted, stack);
  for (const [i, each] of stack.entries()) assert.deepEqual({ ...deltas.settle(hashOf(at(i + 1)), 0, 0) }, each);
});
