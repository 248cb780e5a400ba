// Connections by control block: against a plain map under random births, deaths and reuse, up to the limit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionTable, type Ends, KNOWN } from '../../../../src/model/net/tracker/connection-table.ts';
import { below, seeded } from '../../../helpers/random.ts';

const LIMIT = 65_536;
/** Pool memory of the kernel, as control blocks have it: the low 48 bits, 16 bytes apart. */
const POOL = 0xc00f_8a00_0000;

/** Ends of one row behind `before` rows of others. */
function ends(localPort: number, remotePort: number, last: number, before = 0): Ends {
  const rows = (value: number) =>
    Uint8Array.from({ length: 16 * (before + 1) }, (_, i) => (i < 16 * before ? 0xee : value + (i % 16)));
  return {
    localPort: Uint16Array.from({ length: before + 1 }, (_, i) => (i < before ? 9 : localPort)),
    remotePort: Uint16Array.from({ length: before + 1 }, (_, i) => (i < before ? 9 : remotePort)),
    localAddress: rows(last),
    remoteAddress: rows(last + 100),
  };
}

test('random births, deaths, reuse and successions give what a map gives', () => {
  const random = seeded(31);
  const table = new ConnectionTable();
  const numbers = new Map<number, number>();
  const detached = new Set<number>();
  const taken = new Set<number>();
  for (let step = 0; step < 20_000; step++) {
    // Neighbours, and blocks that only the upper half tells apart.
    const tcb = POOL + below(random, 1200) * 16 + below(random, 3) * 0x1_0000_0000;
    const known = numbers.get(tcb);
    assert.equal(table.find(tcb), known ?? -1);
    if (known === undefined) {
      const number = table.add(tcb);
      assert.equal(taken.has(number), false);
      taken.add(number);
      assert.deepEqual(
        [table.known[number], table.pid[number], table.connectMs[number], table.name[number]],
        [0, 0, -1, ''],
      );
      assert.deepEqual(
        [table.owners[number], table.destinations[number], table.sentBytes[number]],
        [undefined, undefined, 0],
      );
      numbers.set(tcb, number);
      [table.known[number], table.pid[number], table.connectMs[number], table.name[number]] = [255, 7, 7, 'x'];
      [table.owners[number], table.destinations[number], table.sentBytes[number]] = [[], [], 7];
    } else if (below(random, 3) > 0) {
      table.remove(known);
      taken.delete(known);
      numbers.delete(tcb);
    } else {
      table.detach(known);
      numbers.delete(tcb);
      detached.add(known);
      assert.equal(table.pid[known], 7);
    }
    if (detached.size > 50) {
      const [first] = detached;
      table.remove(first!);
      taken.delete(first!);
      detached.delete(first!);
    }
    assert.equal(table.size, numbers.size + detached.size);
  }
  assert.ok(numbers.size > 1024);
  const all: number[] = [];
  table.each((number) => all.push(number));
  assert.deepEqual(
    all,
    [...numbers.values(), ...detached].sort((a, b) => a - b),
  );
});

test('a new connection has nothing of the one whose number it has', () => {
  const table = new ConnectionTable();
  const columns = () =>
    Object.entries(table).filter(([, value]) => ArrayBuffer.isView(value)) as [string, Float64Array][];
  const first = table.add(16);
  const fresh = new Map(columns().map(([name, column]) => [name, column[first]]));
  for (const [, column] of columns()) column[first] = 99;
  table.tcb[first] = 16;
  table.remove(first);
  assert.equal(table.add(32), first);
  const left = columns().filter(([name, column]) => column[first] !== fresh.get(name));
  // Ends and time of the last event are set with each event, by whoever adds.
  assert.deepEqual(left.map(([name]) => name).sort(), ['atMs', 'local', 'localPort', 'remote', 'remotePort', 'tcb']);
});

test('everything of every connection is where it was when the table has grown', () => {
  const table = new ConnectionTable();
  const columns = () =>
    Object.entries(table).filter(([name, value]) => ArrayBuffer.isView(value) && name !== 'tcb') as [
      string,
      Float64Array,
    ][];
  const expected = new Map<string, number[]>();
  for (let i = 0; i < 1100; i++) {
    assert.equal(table.add(POOL + i * 16), i);
    for (const [name, column] of columns()) {
      const width = column.length / table.tcb.length;
      for (let k = 0; k < width; k++) column[i * width + k] = (i * 31 + name.length + k) % 251;
      if (!expected.has(name)) expected.set(name, []);
      for (let k = 0; k < width; k++) expected.get(name)!.push((i * 31 + name.length + k) % 251);
    }
  }
  for (const [name, column] of columns())
    assert.deepEqual([...column.subarray(0, expected.get(name)!.length)], expected.get(name), name);
  for (let i = 0; i < 1100; i++) assert.equal(table.find(POOL + i * 16), i);
});

test('it is full at its limit, and who ends goes first, but not who waits', () => {
  const table = new ConnectionTable();
  for (let i = 0; i < LIMIT; i++) {
    assert.equal(table.full, false);
    table.add(POOL + i * 16);
  }
  assert.equal(table.full, true);
  table.each((number) => {
    table.known[number] =
      number % 60 === 59 ? KNOWN.closing : number % 7 === 0 ? KNOWN.closing | KNOWN.waiting : KNOWN.connected;
  });
  for (let i = 0; i < 1000; i++) {
    const victim = table.victim();
    assert.equal(table.known[victim], KNOWN.closing);
    table.remove(victim);
    assert.equal(table.full, false);
    table.known[table.add(POOL - 16 * (i + 1))] = KNOWN.connected;
  }
  for (let i = 0; i < 1000; i++) table.find(POOL - 16 * (i + 1));
  // Nobody ends: one goes all the same, and not the same one again and again.
  table.each((number) => {
    table.known[number] = KNOWN.connected;
  });
  const gone = new Set<number>();
  for (let i = 0; i < 100; i++) gone.add(table.victim());
  assert.equal(gone.size, 100);
  table.each((number) => number % 2 === 0 && table.remove(number));
  for (let i = 0; i < 100; i++) assert.ok(table.find(table.tcb[table.victim()]!) >= 0);
});

test('ends are taken in as far as an event tells them, and cleared', () => {
  const table = new ConnectionTable();
  const [other, number] = [table.add(16), table.add(32)];
  table.clearEnds(other);
  table.clearEnds(number);
  table.setEnds(number, ends(80, 0, 1, 2), 2);
  assert.deepEqual([table.localPort[number], table.remotePort[number]], [80, 0]);
  assert.deepEqual(
    [...table.local.subarray(16, 32)],
    Array.from({ length: 16 }, (_, i) => i + 1),
  );
  assert.equal(table.remote[16], 0);
  table.setEnds(number, ends(0, 443, 51), 0);
  assert.deepEqual([table.localPort[number], table.remotePort[number]], [80, 443]);
  assert.deepEqual([table.local[16], table.remote[16], table.remote[31]], [1, 151, 166]);
  assert.deepEqual([...table.local.subarray(0, 16), ...table.remote.subarray(0, 16)], new Array(32).fill(0));
  table.clearEnds(number);
  assert.deepEqual(
    [table.localPort[number], table.remotePort[number], ...table.local.subarray(0, 33)],
    new Array(35).fill(0),
  );
  assert.deepEqual([...table.remote.subarray(0, 33)], new Array(33).fill(0));
});

test('a row may be of a connection unless a port that both know is another', () => {
  const table = new ConnectionTable();
  const number = table.add(16);
  table.clearEnds(number);
  assert.equal(table.mayBe(number, ends(80, 443, 1), 0), true);
  table.setEnds(number, ends(80, 443, 1), 0);
  const cases: [localPort: number, remotePort: number, expected: boolean][] = [
    [80, 443, true],
    [0, 0, true],
    [80, 0, true],
    [0, 443, true],
    [81, 443, false],
    [80, 444, false],
    [0, 444, false],
    [81, 0, false],
  ];
  for (const [localPort, remotePort, expected] of cases) {
    assert.equal(table.mayBe(number, ends(localPort, remotePort, 1, 1), 1), expected, `${localPort} ${remotePort}`);
  }
});
