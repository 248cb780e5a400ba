// When positions of log streams are written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PositionStore } from '../../../src/sources/logs/position-store.ts';

function fixture() {
  const written: object[] = [];
  const storing: (() => void)[] = [];
  const sleeping: (() => void)[] = [];
  const faults: Error[] = [];
  const store = new PositionStore({
    positions: { a: '1' },
    write: async (positions) => {
      const fault = faults.shift();
      if (fault) throw fault;
      written.push(positions);
    },
    stored: () => new Promise((resolve) => storing.push(resolve)),
    sleep: (ms) => {
      assert.equal(ms, 1000);
      return new Promise((resolve) => sleeping.push(resolve));
    },
  });
  const next = async (waiting: (() => void)[]) => {
    waiting.shift()!();
    await nextTurn();
  };
  return { store, written, storing, sleeping, faults, next };
}

test('writes a position only after the records before it are stored', async () => {
  const { store, written, storing, next } = fixture();
  store.add({ a: '2' });
  // `stored` does not wait for the record before this position.
  store.add({ a: '3' });
  await nextTurn();
  assert.deepEqual(written, []);
  await next(storing);
  assert.deepEqual(written, [{ a: '2' }]);
});

test('writes at most once a second, what was added last', async () => {
  const { store, written, storing, sleeping, next } = fixture();
  store.add({ a: '2' });
  await next(storing);
  store.add({ a: '3' });
  store.add({ b: '1' });
  await nextTurn();
  assert.equal(storing.length, 0);
  await next(sleeping);
  await next(storing);
  assert.deepEqual(written, [{ a: '2' }, { a: '3', b: '1' }]);
});

test('an empty position removes the stream', async () => {
  const { store, written, storing, next } = fixture();
  store.add({ a: '', b: '1' });
  await next(storing);
  assert.deepEqual(written, [{ b: '1' }]);
});

test('a close writes the last positions without the pause', async () => {
  const { store, written, storing, sleeping, next } = fixture();
  store.add({ a: '2' });
  store.add({ a: '3' });
  const closed = store.close();
  await next(storing);
  await next(storing);
  await closed;
  assert.deepEqual(written, [{ a: '2' }, { a: '3' }]);
  assert.equal(sleeping.length, 0);
});

test('a close ends the pause between two writes', async () => {
  const { store, storing, sleeping, next } = fixture();
  store.add({ a: '2' });
  await next(storing);
  assert.equal(sleeping.length, 1);
  await store.close();
});

test('reports a failed write and repeats it', async () => {
  const { store, written, storing, sleeping, faults, next } = fixture();
  faults.push(new Error('disk full'));
  store.add({ a: '2' });
  await next(storing);
  assert.equal(store.problem, 'positions of logs cannot be stored: disk full');
  await next(sleeping);
  await next(storing);
  assert.deepEqual(written, [{ a: '2' }]);
  assert.equal(store.problem, undefined);
});
