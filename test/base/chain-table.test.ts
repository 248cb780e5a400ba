// The hash table of linked entries, compared with a plain list under random additions and removals with equal hashes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChainLink, ChainTable } from '../../src/base/chain-table.ts';
import { below, seeded } from '../helpers/random.ts';

interface Entry extends ChainLink<Entry> {
  readonly key: number;
}

const anEntry = (key: number, hash: number): Entry => ({ key, hash, next: undefined });

function keysOf(table: ChainTable<Entry>, hash: number): number[] {
  const keys: number[] = [];
  for (let entry = table.first(hash); entry; entry = entry.next) if (entry.hash === hash) keys.push(entry.key);
  return keys.sort((a, b) => a - b);
}

test('finds each contained entry once by its hash while the table grows and shrinks', () => {
  const random = seeded(21);
  const table = new ChainTable<Entry>();
  const inside: Entry[] = [];
  let key = 0;
  for (let step = 0; step < 20_000; step++) {
    // The table grows to some thousand entries, shrinks to none, and both once more.
    const grows = Math.floor(step / 5000) % 2 === 0;
    if (inside.length === 0 || below(random, 10) < (grows ? 8 : 1)) {
      const entry = anEntry(key++, below(random, 3) === 0 ? below(random, 4) : (random() * 2 ** 32) | 0);
      table.add(entry);
      inside.push(entry);
    } else {
      const [entry] = inside.splice(below(random, inside.length), 1);
      table.remove(entry!);
      assert.equal(entry!.next, undefined);
      assert.ok(!keysOf(table, entry!.hash).includes(entry!.key));
    }
    assert.equal(table.size, inside.length);
    if (step % 500 !== 0) continue;
    for (const { hash } of inside) {
      const expected = inside.filter((each) => each.hash === hash).map((each) => each.key);
      assert.deepEqual(
        keysOf(table, hash),
        expected.sort((a, b) => a - b),
      );
    }
  }
});

test('a removed entry can be added to another table', () => {
  const [from, to] = [new ChainTable<Entry>(), new ChainTable<Entry>()];
  const entries = [anEntry(1, 8), anEntry(2, 8), anEntry(3, 16)];
  for (const entry of entries) from.add(entry);
  from.remove(entries[1]!);
  to.add(entries[1]!);
  assert.deepEqual([keysOf(from, 8), keysOf(to, 8), keysOf(from, 16)], [[1], [2], [3]]);
});

test('the number of chains grows and shrinks with the number of entries', () => {
  const table = new ChainTable<Entry>();
  const entries = Array.from({ length: 4096 }, (_, i) => anEntry(i, i));
  for (const entry of entries) table.add(entry);
  const chain = (hash: number): number[] => {
    const hashes: number[] = [];
    for (let entry = table.first(hash); entry; entry = entry.next) hashes.push(entry.hash);
    return hashes.sort((a, b) => a - b);
  };
  for (const { hash } of entries) assert.deepEqual(chain(hash), [hash]);
  for (const entry of entries.slice(1)) if (entry.key !== 8 && entry.key !== 16) table.remove(entry);
  // The table has its minimum of eight chains again.
  assert.deepEqual(chain(0), [0, 8, 16]);
});
