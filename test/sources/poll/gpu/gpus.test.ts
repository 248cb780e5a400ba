// The poll of GPUs: readings between rounds, and calls that do not return.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GpusRecord } from '../../../../src/sources/host.ts';
import { createGpuPoll } from '../../../../src/sources/poll/gpu/gpus.ts';
import type { NvmlReading } from '../../../../src/sources/poll/gpu/nvml-reader.ts';

const record: GpusRecord = {
  state: 'running',
  reason: '',
  sinceMs: 1,
  driverVersion: '1',
  gpus: [],
  processes: [],
  callFailures: [],
};
const reading: NvmlReading = { record, gpus: [], problems: [] };

function fixture(read: () => Promise<NvmlReading>, intervalMs = 15_000) {
  const time = { nowMs: 0 };
  const samples: number[] = [];
  const timers: { callback: () => void; delayMs: number }[] = [];
  const poll = createGpuPoll({
    intervalMs,
    clock: { monotonicMs: () => time.nowMs, wallMs: () => Date.UTC(2026, 0, 1) + time.nowMs },
    after: (callback, delayMs) => timers.push({ callback, delayMs }),
    reader: { read, sample: async () => void samples.push(time.nowMs), running: 'nvmlDeviceGetMemoryInfo' },
  });
  const settled = () => new Promise(setImmediate);
  return { poll, time, timers, samples, settled };
}

test('reads at once for the second round, then shortly before each round', async () => {
  let reads = 0;
  const { poll, timers, settled } = fixture(async () => {
    reads++;
    return reading;
  });
  assert.equal(poll.read({}), undefined);
  await settled();
  assert.equal(reads, 1);
  assert.deepEqual(poll.read({})?.data, record);
  assert.deepEqual(
    timers.map(({ delayMs }) => delayMs),
    [6500, 14_000],
  );
  timers[1]!.callback();
  await settled();
  assert.equal(reads, 2);
});

test('reads half an interval before a round when rounds are short', () => {
  const { poll, timers } = fixture(async () => reading, 500);
  poll.read({});
  poll.read({});
  assert.equal(timers[0]?.delayMs, 250);
});

test('never waits for a call that does not return, and starts no other', async () => {
  let reads = 0;
  const { promise, resolve } = Promise.withResolvers<NvmlReading>();
  const { poll, time, timers, settled } = fixture(() => {
    reads++;
    return promise;
  });
  poll.read({});
  time.nowMs = 15_000;
  assert.equal(poll.read({}), undefined);
  timers[1]!.callback();
  time.nowMs = 45_000;
  const expected = /^Error: nvmlDeviceGetMemoryInfo has not returned since 2026-01-01T00:00:00.000Z$/;
  assert.throws(() => poll.read({}), expected);
  time.nowMs = 60_000;
  assert.throws(() => poll.read({}), expected);
  assert.equal(reads, 1);
  resolve(reading);
  await settled();
  const found = poll.read({});
  assert.deepEqual([found?.data, found?.seconds], [record, 60]);
});

test('reports an unexpected error of a reading once', async () => {
  const { poll, settled } = fixture(() => Promise.reject(new Error('broken')));
  poll.read({});
  await settled();
  assert.throws(() => poll.read({}), /broken/);
  assert.equal(poll.read({}), undefined);
});

test('gathers samples of utilization at least every ten seconds in a long interval', () => {
  const { poll, timers, samples } = fixture(async () => reading, 60_000);
  poll.read({});
  poll.read({});
  assert.deepEqual(
    timers.map(({ delayMs }) => delayMs),
    [9000, 19_000, 29_000, 39_000, 49_000, 59_000],
  );
  for (const { callback } of timers.slice(0, -1)) callback();
  assert.equal(samples.length, 5);
});
