// The acknowledged round in shared memory, from one thread to another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Acknowledgement } from '../../src/sources/acknowledgement.ts';

test('the other thread sees the last acknowledged round, also one above 2^31', () => {
  const main = new Acknowledgement();
  const worker = new Acknowledgement(main.shared);
  assert.equal(worker.seq, 0);
  for (const seq of [16, 2 ** 31 + 5]) {
    main.seq = seq;
    assert.equal(worker.seq, seq);
  }
});

test('a waiting worker goes on with the next acknowledgement, or at once if it is there', async () => {
  const main = new Acknowledgement();
  const worker = new Acknowledgement(main.shared);
  let isOver = false;
  const waiting = worker.changed(0).then(() => {
    isOver = true;
  });
  await new Promise(setImmediate);
  assert.equal(isOver, false);
  main.seq = 3;
  await waiting;
  await worker.changed(0);
});
