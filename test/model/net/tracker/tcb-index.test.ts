// The index of control blocks, compared with a Map under random insertion, removal and growth.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TcbIndex } from '../../../../src/model/net/tracker/tcb-index.ts';
import { below, seeded } from '../../../helpers/random.ts';

/** Addresses of kernel pool memory: the low 48 bits, 16 bytes apart. */
const POOL = 0xc00f_8a00_0000;

test('finds what a Map finds after random insertions and removals', () => {
  const random = seeded(61);
  const index = new TcbIndex(2048);
  const numbers = new Map<number, number>();
  const free = Array.from({ length: 2048 }, (_, i) => i);
  for (let step = 0; step < 30_000; step++) {
    // Adjacent addresses, and addresses that differ in the upper half only.
    const tcb = POOL + below(random, 1000) * 16 + below(random, 3) * 0x1_0000_0000;
    const number = numbers.get(tcb);
    assert.equal(index.find(tcb), number ?? -1);
    if (number !== undefined) {
      assert.equal(index.tcbOf(number), tcb);
      index.remove(number);
      numbers.delete(tcb);
      free.push(number);
    } else if (free.length > 0) {
      numbers.set(tcb, free.pop()!);
      index.add(numbers.get(tcb)!, tcb);
    }
  }
  assert.ok(numbers.size > 800);
  for (const [tcb, number] of numbers) assert.equal(index.find(tcb), number);
});

test('finds every control block after it has grown', () => {
  const index = new TcbIndex(4);
  let length = 4;
  for (let i = 0; i < 1000; i++) {
    if (i === length) {
      index.grow();
      length *= 2;
    }
    index.add(i, POOL + i * 16);
  }
  for (let i = 0; i < 1000; i++) assert.equal(index.find(POOL + i * 16), i);
});

test('creates placeholder keys that differ from each other and from every address', () => {
  const index = new TcbIndex(512);
  const keys = Array.from({ length: 100 }, () => index.placeholderKey());
  assert.equal(new Set(keys).size, 100);
  assert.ok(keys.every((key) => key > 0 && !Number.isInteger(key)));
});
