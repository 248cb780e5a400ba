// The list of mounted volumes is read in every fourth round, and at once after a volume has gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MountedVolumes } from '../../../src/sources/poll/mounted-volumes.ts';

function fixture() {
  const listed: number[] = [];
  let round = 0;
  let failure: Error | undefined;
  const volumes = new MountedVolumes(() => {
    if (failure) throw failure;
    listed.push(round);
    return { volumes: new Set(), mounted: [{ volume: `list ${listed.length}`, mountPoint: 'C:\\' }], degraded: [] };
  });
  const read = (): string => {
    round++;
    return volumes.read().mounted[0]!.volume;
  };
  const fail = (error?: Error): void => {
    failure = error;
  };
  return { listed, volumes, read, fail };
}

test('lists in the first round and in every fourth one after it', () => {
  const { listed, read } = fixture();
  const found = Array.from({ length: 9 }, read);
  assert.deepEqual(listed, [1, 5, 9]);
  assert.deepEqual([found[3], found[4], found[8]], ['list 1', 'list 2', 'list 3']);
});

test('lists again in the round after a volume has gone, and then in every fourth one', () => {
  const { listed, volumes, read } = fixture();
  read();
  volumes.forget();
  for (let i = 0; i < 5; i++) read();
  assert.deepEqual(listed, [1, 2, 6]);
});

test('a list that fails is not replaced by the last one, and is tried again in the next round', () => {
  const { listed, read, fail } = fixture();
  for (let i = 0; i < 4; i++) read();
  fail(new Error('refused'));
  assert.throws(read, /refused/);
  fail();
  assert.equal(read(), 'list 2');
  assert.deepEqual(listed, [1, 6]);
});
