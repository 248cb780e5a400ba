// Counters that leave the model: jitter, restarts, wraps, and single wrong readings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrowingCounter } from '../../src/base/growing-counter.ts';

/** The totals after each raw value. */
function totals(values: readonly number[], add: 'add' | 'add32' = 'add'): number[] {
  const counter = new GrowingCounter();
  return values.map((raw) => {
    counter[add](raw);
    return counter.total;
  });
}

test('a small step back adds nothing, and growth continues from the highest value', () => {
  assert.deepEqual(totals([1e12 + 5000, 1e12 + 4000, 1e12 + 5500]), [1e12 + 5000, 1e12 + 5000, 1e12 + 5500]);
  assert.deepEqual(totals([5000, 4000, 4500, 4999, 5001], 'add32'), [5000, 5000, 5000, 5000, 5001]);
});

test('a fall below half of the highest value is a restart, and counts from zero', () => {
  assert.deepEqual(totals([1000, 40, 60, 2000]), [1000, 1040, 1060, 3000]);
  assert.deepEqual(totals([900_000, 20_000, 30_000], 'add32'), [900_000, 920_000, 930_000]);
});

test('one wrong reading is no restart: the growth is that between the readings around it', () => {
  assert.deepEqual(totals([1_000_000, 0, 1_200_000]), [1_000_000, 1_000_000, 1_200_000]);
  assert.deepEqual(totals([1_000_000, 300_000, 1_200_000]), [1_000_000, 1_300_000, 1_300_000]);
  assert.deepEqual(totals([1_000_000, 0, 0, 0, 1_200_000, 1_300_000]).at(-1), 1_300_000);
  assert.deepEqual(totals([4_294_967_000, 0, 4_294_967_100], 'add32').at(-1), 4_294_967_296);
});

test('a counter of 32 bits wraps from the top of its range to the bottom, and nowhere else', () => {
  assert.deepEqual(totals([4_294_967_290, 10, 20], 'add32'), [4_294_967_290, 4_294_967_306, 4_294_967_316]);
  assert.deepEqual(totals([3_000_000_000, 10], 'add32'), [3_000_000_000, 3_000_000_010]);
  assert.deepEqual(totals([4_000_000_000, 3_900_000_000], 'add32'), [4_000_000_000, 4_000_000_000]);
  assert.deepEqual(totals([900_000, 20_000], 'add32'), [900_000, 920_000]);
});

test('never decreases, whatever the source reports', () => {
  const values = [0, 5, 3, 4.29e9, 0, 0, 2, 4e9, 4.29e9, 1, 4.29e9, 7, 3e9, 2e9, 2.5e9, 1e9, 0, 4.1e9];
  for (const add of ['add', 'add32'] as const) {
    const seen = totals(values, add);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
      add,
    );
  }
});
