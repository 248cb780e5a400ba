// Stop and flush of a destination.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, createDestination, payloadOf, settled } from '../../helpers/delivery.ts';

const never = () => new Promise<Answer>(() => {});

test('stop sends what is queued while requests succeed', async () => {
  const { destination, queue, transport } = createDestination();
  destination.start();
  await settled();
  await destination.add(payloadOf([1]));
  assert.equal(await destination.stop(5000), true);
  assert.deepEqual(transport.accepted, [1]);
  assert.equal(queue.size().payloads, 0);
  assert.equal(destination.status().state, 'stopped');
});

test('stop tries once more during a wait and keeps what fails', async () => {
  const { destination, queue, transport } = createDestination(() => ({ kind: 'refused' }));
  await destination.add(payloadOf([1]));
  destination.start();
  await settled();
  assert.equal(await destination.stop(5000), true);
  assert.equal(transport.requests.length, 2);
  assert.deepEqual(queue.samples(), [1]);
});

test('stop lets a request in flight finish within the time', async () => {
  let answer = (_: Answer): void => {};
  const { destination, queue, clock } = createDestination(() => new Promise((resolve) => (answer = resolve)));
  await destination.add(payloadOf([1]));
  destination.start();
  await settled();
  const stopped = destination.stop(5000);
  await clock.advance(4000);
  answer({ kind: 'success' });
  assert.equal(await stopped, true);
  assert.equal(queue.size().payloads, 0);
  assert.deepEqual(destination.status().totals.delivered, { payloads: 1, items: 1 });
});

test('stop aborts a request that takes longer and leaves its payloads in the queue', async () => {
  const { destination, queue, clock } = createDestination(never);
  await destination.add(payloadOf([1, 2]));
  destination.start();
  await settled();
  const stopped = destination.stop(5000);
  await clock.advance(5000);
  assert.equal(await stopped, true);
  assert.deepEqual(queue.samples(), [1, 2]);
  assert.deepEqual(destination.status().totals.requests, {});
});

test('stop resolves to false when a call of the queue does not return', async () => {
  const { destination, queue, clock } = createDestination();
  queue.remove = () => new Promise(() => {});
  await destination.add(payloadOf([1]));
  destination.start();
  await settled();
  const stopped = destination.stop(1000);
  await clock.advance(2000);
  assert.equal(await stopped, false);
});

test('stop before the start resolves at once', async () => {
  const { destination } = createDestination();
  assert.equal(await destination.stop(1000), true);
});

test('flush starts, ends a wait, and reports whether the queue is empty', async () => {
  const { destination, transport } = createDestination(() => ({ kind: 'retryable', status: 503 }));
  await destination.add(payloadOf([1]));
  const failed = await destination.flush();
  assert.deepEqual([failed.delivered, failed.outcome?.status], [false, 503]);
  transport.answer = () => ({ kind: 'success' });
  const delivered = await destination.flush();
  assert.deepEqual([delivered.delivered, delivered.outcome?.status], [true, 204]);
  assert.deepEqual(transport.accepted, [1]);
  assert.equal((await destination.flush()).delivered, true);
  assert.equal(transport.requests.length, 2);
});

test('flush after a stop resolves', async () => {
  const { destination } = createDestination();
  await destination.stop(10);
  assert.equal((await destination.flush()).delivered, false);
});
