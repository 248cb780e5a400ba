// Growth of the per-connection statistics, with summaries, reuse of 4-tuples and scans that miss a connection.
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

/** One scan; returns each growth as text. `hasOwner` selects the rows that are accounted. */
function scan(
  deltas: EstatsDeltas,
  rows: readonly Partial<TcpStatisticsRow>[],
  hasOwner = (_row: number): boolean => true,
): string[] {
  const grown: string[] = [];
  const filled = rows.map((row) => ({ pid: 100, local: at(1), remote: REMOTE, ...row }));
  deltas.add(tcpStatistics(filled), (row, hash, { sentBytes, receivedBytes, retransmits, rttUs }) => {
    const own = hashOf(filled[row]!.local);
    assert.deepEqual([hash.a, hash.b], [own.a, own.b]);
    if (!hasOwner(row)) return false;
    grown.push(`${row}: ${sentBytes} ${receivedBytes} ${retransmits} ${rttUs}`);
    return true;
  });
  return grown;
}

test('reports the whole value in the first scan and the growth in the next ones', () => {
  const deltas = new EstatsDeltas();
  assert.deepEqual(scan(deltas, [{ sentBytes: 10, receivedBytes: 100, retransmittedPackets: 1, rttUs: 7 }]), [
    '0: 10 100 1 7',
  ]);
  assert.deepEqual(scan(deltas, [{ sentBytes: 15, receivedBytes: 100, retransmittedPackets: 4, rttUs: 8 }]), [
    '0: 5 0 3 8',
  ]);
  assert.deepEqual(scan(deltas, [{ sentBytes: 15, receivedBytes: 100, retransmittedPackets: 4 }]), ['0: 0 0 0 0']);
});

test('reports growth that was not accounted again, as part of the next growth', () => {
  const deltas = new EstatsDeltas();
  scan(deltas, [{ sentBytes: 10, retransmittedPackets: 1 }], () => false);
  scan(deltas, [{ sentBytes: 12, receivedBytes: 3, retransmittedPackets: 2 }], () => false);
  assert.deepEqual(scan(deltas, [{ sentBytes: 20, receivedBytes: 5, retransmittedPackets: 3 }]), ['0: 20 5 3 0']);
});

test('treats values below half, or another process, as another connection', () => {
  const deltas = new EstatsDeltas();
  const before = { sentBytes: 100, receivedBytes: 300, retransmittedPackets: 9 };
  scan(deltas, [before, { ...before, local: at(2) }]);
  const after = [
    { sentBytes: 40, receivedBytes: 140, retransmittedPackets: 1 },
    { sentBytes: 200, receivedBytes: 400, retransmittedPackets: 10, pid: 7 },
  ];
  const rows = after.map((row, i) => ({ ...row, local: at(i + 1) }));
  assert.deepEqual(scan(deltas, rows), ['0: 40 140 1 0', '1: 200 400 10 0']);
  // The accounted bytes of the earlier connection are dropped.
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 0, 0) }, { sentBytes: 40, receivedBytes: 140 });
});

test('a small step back adds nothing, and growth continues from the highest value', () => {
  const deltas = new EstatsDeltas();
  scan(deltas, [{ sentBytes: 5000, receivedBytes: 1e9, retransmittedPackets: 9 }]);
  assert.deepEqual(scan(deltas, [{ sentBytes: 4900, receivedBytes: 1e9 + 5, retransmittedPackets: 3 }]), [
    '0: 0 5 0 0',
  ]);
  assert.deepEqual(scan(deltas, [{ sentBytes: 5100, receivedBytes: 1e9 - 7, retransmittedPackets: 9 }]), [
    '0: 100 0 0 0',
  ]);
  assert.deepEqual(scan(deltas, [{ sentBytes: 5100, receivedBytes: 1e9 + 6, retransmittedPackets: 11 }]), [
    '0: 0 1 2 0',
  ]);
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 0, 0) }, { sentBytes: 5100, receivedBytes: 1e9 + 6 });
});

test('one scan with wrong values is no other connection', () => {
  for (const wrong of [
    [[0, 0]],
    [[30, 40]],
    [
      [0, 0],
      [0, 0],
    ],
  ] as const) {
    const deltas = new EstatsDeltas();
    const seen = [
      { sentBytes: 6000, receivedBytes: 8000, retransmittedPackets: 4 },
      ...wrong.map(([sentBytes, receivedBytes]) => ({ sentBytes, receivedBytes })),
      { sentBytes: 7000, receivedBytes: 8000, retransmittedPackets: 5 },
    ].flatMap((row) => scan(deltas, [row]).map((text) => text.split(' ').slice(1).map(Number)));
    const sum = (i: number): number => seen.reduce((total, growth) => total + growth[i]!, 0);
    assert.deepEqual([sum(0), sum(1), sum(2)], [7000, 8000 + wrong[0][1], 5]);
    assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 0, 0) }, { sentBytes: 7000, receivedBytes: sum(1) });
  }
});

test('lower values after a summary are those of the next connection', () => {
  const deltas = new EstatsDeltas();
  scan(deltas, [{ sentBytes: 100, receivedBytes: 300 }]);
  deltas.settle(hashOf(at(1)), 110, 310);
  assert.deepEqual(scan(deltas, [{ sentBytes: 90, receivedBytes: 280 }]), ['0: 90 280 0 0']);
});

test('returns accounted bytes to a summary, then skips a scan that may be older', () => {
  const deltas = new EstatsDeltas();
  scan(deltas, [{ sentBytes: 10, receivedBytes: 20 }]);
  scan(deltas, [{ sentBytes: 15, receivedBytes: 20 }]);
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 100, 40) }, { sentBytes: 15, receivedBytes: 20 });
  assert.deepEqual(scan(deltas, [{ sentBytes: 16, receivedBytes: 25 }]), []);
  assert.deepEqual(scan(deltas, [{ sentBytes: 18, receivedBytes: 30 }]), ['0: 2 5 0 0']);
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 0, 0) }, { sentBytes: 102, receivedBytes: 45 });
});

test('returns zero to a summary of an unknown or unaccounted connection', () => {
  const deltas = new EstatsDeltas();
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 5, 5) }, { sentBytes: 0, receivedBytes: 0 });
  scan(deltas, [{ sentBytes: 1 }], () => false);
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 5, 5) }, { sentBytes: 0, receivedBytes: 0 });
});

test('keeps a connection that one scan misses, and drops it after two', () => {
  const deltas = new EstatsDeltas();
  scan(deltas, [{ sentBytes: 10 }]);
  scan(deltas, []);
  assert.deepEqual(scan(deltas, [{ sentBytes: 12 }]), ['0: 2 0 0 0']);
  scan(deltas, []);
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 0, 0) }, { sentBytes: 12, receivedBytes: 0 });
  scan(deltas, []);
  assert.deepEqual({ ...deltas.settle(hashOf(at(1)), 0, 0) }, { sentBytes: 0, receivedBytes: 0 });
  assert.deepEqual(scan(deltas, [{ sentBytes: 13 }]), ['0: 13 0 0 0']);
});

test('takes the first of two rows with the same 4-tuple', () => {
  assert.deepEqual(scan(new EstatsDeltas(), [{ sentBytes: 10 }, { sentBytes: 11 }, { local: at(2), sentBytes: 1 }]), [
    '0: 10 0 0 0',
    '2: 1 0 0 0',
  ]);
});

test('reports growth that adds up to the values of the stack over many random scans', () => {
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
