// Counts of what belongs to no container, by kind and reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnattributedCounts } from '../../src/model/unattributed.ts';

test('counts by kind and reason, in one object for each', () => {
  const counts = new UnattributedCounts();
  assert.deepEqual([...counts.all()], []);
  counts.add('connect', 'no_container');
  const [first] = counts.all();
  counts.add('bytes', 'no_container', 1500);
  counts.add('connect', 'no_container');
  counts.add('connect', 'limit_reached');
  counts.add('bytes', 'no_container', 500);
  assert.deepEqual(
    [...counts.all()].map(({ kind, reason, count }) => `${kind}, ${reason}: ${count}`),
    ['connect, no_container: 2', 'bytes, no_container: 2000', 'connect, limit_reached: 1'],
  );
  assert.equal([...counts.all()][0], first);
});
