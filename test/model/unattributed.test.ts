// What is in no container's counts, summed by what it is and why.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnattributedCounts } from '../../src/model/unattributed.ts';

test('counts grow by what and reason, each in one object for good', () => {
  const counts = new UnattributedCounts();
  assert.deepEqual([...counts.all()], []);
  counts.add('connect', 'no container');
  const [first] = counts.all();
  counts.add('bytes', 'no container', 1500);
  counts.add('connect', 'no container');
  counts.add('connect', 'too many');
  counts.add('bytes', 'no container', 500);
  assert.deepEqual(
    [...counts.all()].map(({ what, reason, count }) => `${what}, ${reason}: ${count}`),
    ['connect, no container: 2', 'bytes, no container: 2000', 'connect, too many: 1'],
  );
  assert.equal([...counts.all()][0], first);
});
