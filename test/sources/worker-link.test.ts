// The protocol between the main thread and a worker: start, messages, errors and end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkerLink } from '../../src/sources/worker-link.ts';
import { FakeWorker } from '../helpers/fake-worker.ts';

const entry = new URL('file:///worker.ts');

function linkTo(worker: FakeWorker, more: { requestStop?: () => void; now?: () => number } = {}) {
  const messages: unknown[] = [];
  const errors: Error[] = [];
  const link = new WorkerLink({
    name: 'windows',
    entry,
    workerData: { size: 1 },
    onMessage: (message) => messages.push(message),
    onFatal: (error) => errors.push(error),
    spawn: worker.spawn,
    ...more,
  });
  return { link, messages, errors };
}

test('the thread is started with its name, its data and its limits', () => {
  const worker = new FakeWorker();
  linkTo(worker);
  assert.deepEqual(worker.spawned, { entry, options: { name: 'windows', workerData: { size: 1 } } });
});

test('passes on messages and errors; a thrown value that is no Error becomes one', () => {
  const worker = new FakeWorker();
  const { messages, errors } = linkTo(worker);
  worker.send('first');
  worker.send('second');
  worker.emit('error', new TypeError('broken'));
  worker.emit('error', 'a text');
  assert.deepEqual(messages, ['first', 'second']);
  assert.deepEqual(
    errors.map((error) => error.toString()),
    ['TypeError: broken', 'Error: a text'],
  );
});

test('the silence of a worker counts from its last message, and is 0 before the first', () => {
  const worker = new FakeWorker();
  let now = 100;
  const { link } = linkTo(worker, { now: () => now });
  now = 900;
  assert.equal(link.silentMs, 0);
  worker.send('header');
  now = 2400;
  assert.equal(link.silentMs, 1500);
});

test('a stop asks the worker and resolves when its thread has ended', async () => {
  const worker = new FakeWorker();
  const { link } = linkTo(worker);
  let isStopped = false;
  const stopped = link.stop().then(() => {
    isStopped = true;
  });
  assert.deepEqual(worker.received, [{ type: 'stop' }]);
  await Promise.resolve();
  assert.equal(isStopped, false);
  worker.emit('exit', 0);
  await stopped;
});

test('a worker that is blocked is asked in its own way, and an end before the stop counts', async () => {
  const worker = new FakeWorker();
  let requests = 0;
  const { link } = linkTo(worker, { requestStop: () => void requests++ });
  worker.emit('exit', 0);
  await link.stop();
  assert.equal(requests, 1);
  assert.deepEqual(worker.received, []);
});

test('a real thread sends, reports what it throws and ends', { timeout: 30_000 }, async () => {
  const program = `
    import { parentPort, workerData } from 'node:worker_threads';
    parentPort.postMessage('started');
    parentPort.on('message', (message) => {
      parentPort.postMessage(message);
      if (message.type === 'stop') throw new Error('thrown at the stop of ' + workerData);
    });`;
  const messages: unknown[] = [];
  const errors: string[] = [];
  const answered = Promise.withResolvers<void>();
  const link = new WorkerLink({
    name: 'test',
    entry: new URL(`data:text/javascript,${encodeURIComponent(program)}`),
    workerData: 'a test',
    onMessage: (message) => {
      messages.push(message);
      answered.resolve();
    },
    onFatal: (error) => errors.push(error.message),
  });
  await answered.promise;
  await link.stop();
  assert.deepEqual(messages, ['started', { type: 'stop' }]);
  assert.deepEqual(errors, ['thrown at the stop of a test']);
});
