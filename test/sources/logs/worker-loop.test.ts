// The turns of the logs worker, on a clock of the test.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FromLogsWorker, LogBatch, LogReader } from '../../../src/sources/logs/contracts.ts';
import { WorkerLoop } from '../../../src/sources/logs/worker-loop.ts';

/** A reader that counts its turns; `read` of a test may add to the batch. */
class FakeReader implements LogReader {
  turns: { nowMs: number; untilMs: number }[] = [];
  closed = false;
  readonly #read: (batch: LogBatch) => boolean;
  readonly #signals: readonly bigint[];
  constructor(read: (batch: LogBatch) => boolean = () => false, signals: readonly bigint[] = []) {
    this.#read = read;
    this.#signals = signals;
  }
  signals() {
    return this.#signals;
  }
  read(batch: LogBatch, nowMs: number, untilMs: number) {
    this.turns.push({ nowMs, untilMs });
    return this.#read(batch);
  }
  state() {
    return { logFiles: [] };
  }
  close() {
    this.closed = true;
  }
}

/** Runs the loop for some waits and returns what it did. */
async function run(readers: FakeReader[], waits: number, options: { acknowledge?: boolean; stepMs?: number } = {}) {
  const { acknowledge = true, stepMs = 250 } = options;
  const sent: FromLogsWorker[] = [];
  const waited: string[] = [];
  const clock = { now: 1000 };
  let acknowledged = 0;
  const wait = async (name: string) => {
    waited.push(name);
    clock.now += stepMs;
    if (waited.length === waits) loop.stop();
  };
  const loop = new WorkerLoop({
    readers,
    send: (message) => {
      sent.push(message);
      if (acknowledge && message.type === 'batch') acknowledged = message.seq;
    },
    acknowledged: () => acknowledged,
    now: () => clock.now,
    waits: {
      yield: () => wait('yield'),
      signals: (signals, timeoutMs) => wait(`signals [${signals}] ${timeoutMs}`),
      acknowledgement: (seq, timeoutMs) => wait(`acknowledgement ${seq} ${timeoutMs}`),
    },
  });
  await loop.run();
  return { sent, waited, batches: sent.filter((message) => message.type === 'batch') };
}

const positioned = (batch: LogBatch): boolean => {
  batch.positions.a = '1';
  return false;
};

test('waits for the signals of all readers at most 250 ms when there is nothing to read', async () => {
  const { waited, batches } = await run([new FakeReader(() => false, [1n, 2n]), new FakeReader()], 2);
  assert.deepEqual(waited, ['signals [1,2] 250', 'signals [1,2] 250']);
  assert.deepEqual(batches, []);
});

test('gives each reader an equal share of 50 ms and lets them begin in turn', async () => {
  const order: string[] = [];
  const reader = (name: string) =>
    new FakeReader(() => {
      order.push(name);
      return false;
    });
  const [a, b] = [reader('a'), reader('b')];
  await run([a, b], 2);
  assert.deepEqual(order, ['a', 'b', 'b', 'a']);
  for (const { nowMs, untilMs } of [...a.turns, ...b.turns]) assert.equal(untilMs - nowMs, 25);
});

test('only yields between two turns while there is more to read', async () => {
  const { waited } = await run([new FakeReader(() => true)], 3);
  assert.deepEqual(waited, ['yield', 'yield', 'yield']);
});

test('reads no further while two batches are not acknowledged', async () => {
  const reader = new FakeReader(positioned);
  const { waited, batches } = await run([reader], 4, { acknowledge: false });
  assert.deepEqual(
    batches.map(({ seq }) => seq),
    [1, 2],
  );
  assert.equal(reader.turns.length, 2);
  assert.deepEqual(waited.slice(2), ['acknowledgement 0 250', 'acknowledgement 0 250']);
});

test('sends an unchanged state every five seconds, also while it waits for an acknowledgement', async () => {
  for (const acknowledge of [true, false]) {
    const { sent } = await run([new FakeReader(positioned)], 41, { acknowledge });
    // 41 waits of 250 ms: at 0, 5 and 10 seconds.
    assert.equal(sent.filter(({ type }) => type === 'state').length, 3);
  }
});

test('sends a changed state at most once a second', async () => {
  let lag = 0;
  const reader = new FakeReader();
  const state = () => ({ logFiles: [], eventChannels: [{ lag: lag++ }] }) as never;
  reader.state = state;
  const { sent } = await run([reader], 9);
  assert.equal(sent.filter(({ type }) => type === 'state').length, 3);
});

test('a reader that throws is called again with backoff while the others go on', async () => {
  const broken = new FakeReader(() => {
    throw new Error('no access');
  });
  const other = new FakeReader();
  const { sent } = await run([broken, other], 16);
  assert.equal(other.turns.length, 16);
  // After one second, and after two more.
  assert.deepEqual(
    broken.turns.map(({ nowMs }) => nowMs - 1000),
    [0, 1000, 3000],
  );
  const states = sent.filter((message) => message.type === 'state');
  assert.equal(states[0]!.problem, 'logs are not read at the moment: no access');
});

test('closes all readers at a stop', async () => {
  const readers = [new FakeReader(), new FakeReader()];
  await run(readers, 1);
  assert.deepEqual(
    readers.map(({ closed }) => closed),
    [true, true],
  );
});
