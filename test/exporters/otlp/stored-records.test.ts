// A sink reports when the records so far are stored, so that a source saves its position only after that.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Payload } from '../../../src/exporters/payload.ts';
import { FakeTimers, LogsFixture } from '../../helpers/otlp-logs.ts';

/** Payloads in the order in which they were appended; the test stores or refuses each. */
class ManualQueue {
  readonly appended: { readonly payload: Payload; readonly store: () => void; readonly fail: () => void }[] = [];

  append(payload: Payload): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.appended.push({ payload, store: resolve, fail: () => reject(new Error('no space')) });
    return promise;
  }

  async hasAppended(count: number): Promise<void> {
    while (this.appended.length < count) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets everything run that depends on promises only. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Whether `stored()` of this moment has resolved, read later. */
function watch({ logs }: LogsFixture): { readonly done: boolean } {
  const state = { done: false };
  void logs.sink.stored().then(() => {
    state.done = true;
  });
  return state;
}

function fill(fixture: LogsFixture, count: number): void {
  for (let i = 0; i < count; i++) assert.ok(fixture.emit('/a', { body: String(i) }));
}

test('resolves at once when nothing was emitted or all is stored', async () => {
  const fixture = new LogsFixture();
  await fixture.logs.sink.stored();
  fill(fixture, 1024);
  await fixture.logs.sink.stored();
  await fixture.logs.sink.stored();
  assert.deepEqual([fixture.payloads.length, fixture.timers.pending], [1, 0]);
});

test('waits for the time of the batch and for the queue, without a batch of its own', async () => {
  const queue = new ManualQueue();
  const fixture = new LogsFixture({ queue });
  fill(fixture, 3);
  const first = watch(fixture);
  fixture.timers.advance(4999);
  fill(fixture, 2);
  const second = watch(fixture);
  await settled();
  assert.deepEqual([first.done, queue.appended.length, fixture.logs.status().pending], [false, 0, 5]);
  fixture.timers.advance(1);
  await queue.hasAppended(1);
  assert.equal(queue.appended[0]!.payload.count, 5);
  await settled();
  assert.deepEqual([first.done, second.done], [false, false]);
  queue.appended[0]!.store();
  await settled();
  assert.deepEqual([first.done, second.done], [true, true]);
});

test('does not wait for records that were emitted after the call', async () => {
  const queue = new ManualQueue();
  const fixture = new LogsFixture({ queue });
  fill(fixture, 1024);
  const first = watch(fixture);
  fill(fixture, 1100);
  const second = watch(fixture);
  await queue.hasAppended(2);
  queue.appended[0]!.store();
  await settled();
  assert.deepEqual([first.done, second.done], [true, false]);
  queue.appended[1]!.store();
  await settled();
  assert.equal(second.done, false);
  fixture.timers.advance(5000);
  await queue.hasAppended(3);
  queue.appended[2]!.store();
  await settled();
  assert.equal(second.done, true);
});

test('waits for an earlier batch that is stored after a later one', async () => {
  const queue = new ManualQueue();
  const fixture = new LogsFixture({ queue });
  fill(fixture, 2048);
  const both = watch(fixture);
  await queue.hasAppended(2);
  queue.appended[1]!.store();
  await settled();
  assert.equal(both.done, false);
  queue.appended[0]!.store();
  await settled();
  assert.equal(both.done, true);
});

test('waits for batches that wait for room in front of the queue', async () => {
  const queue = new ManualQueue();
  const fixture = new LogsFixture({ queue });
  fill(fixture, 5 * 1024);
  const all = watch(fixture);
  await queue.hasAppended(4);
  for (const { store } of queue.appended.slice(1)) store();
  await queue.hasAppended(5);
  queue.appended[4]!.store();
  await settled();
  assert.equal(all.done, false);
  queue.appended[0]!.store();
  await settled();
  assert.equal(all.done, true);
});

test('resolves after a batch that the queue refused, with its records counted as dropped', async () => {
  const queue = new ManualQueue();
  const fixture = new LogsFixture({ queue });
  fill(fixture, 1024);
  const first = watch(fixture);
  await queue.hasAppended(1);
  queue.appended[0]!.fail();
  await settled();
  assert.deepEqual([first.done, fixture.logs.status().dropped.not_stored], [true, 1024]);
});

test('resolves at a stop, also for a source that still waits', async () => {
  const fixture = new LogsFixture({ schedule: new FakeTimers().schedule });
  fill(fixture, 1);
  const waiting = watch(fixture);
  assert.equal(await fixture.logs.stop(1000), true);
  await settled();
  assert.equal(waiting.done, true);
  assert.equal(fixture.emit('/a'), false);
  await fixture.logs.sink.stored();
});
