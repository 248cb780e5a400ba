// The poll of GPUs: readings between rounds, and calls that do not return.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GpusRecord } from '../../../../src/sources/host.ts';
import type { CounterReading } from '../../../../src/sources/poll/gpu/counter-reader.ts';
import { createGpuPoll } from '../../../../src/sources/poll/gpu/gpus.ts';
import type { Gpu } from '../../../../src/sources/poll/gpu/nvml-devices.ts';
import type { NvmlReading } from '../../../../src/sources/poll/gpu/nvml-reader.ts';

const record: GpusRecord = {
  state: 'running',
  reason: '',
  sinceMs: 1,
  driverVersion: '1',
  gpus: [],
  processes: [],
  callFailures: [],
  otherAdapters: [],
};
const reading: NvmlReading = { record, gpus: [], problems: [] };

const noCounters = async (): Promise<CounterReading> => ({ byGpu: new Map(), otherAdapters: [], problems: [] });

function fixture(read: () => Promise<NvmlReading>, intervalMs = 15_000, counters = noCounters) {
  const time = { nowMs: 0 };
  const samples: number[] = [];
  const timers: { callback: () => void; delayMs: number }[] = [];
  const poll = createGpuPoll({
    intervalMs,
    clock: { monotonicMs: () => time.nowMs, wallMs: () => Date.UTC(2026, 0, 1) + time.nowMs },
    after: (callback, delayMs) => timers.push({ callback, delayMs }),
    reader: { read, sample: async () => void samples.push(time.nowMs), running: 'nvmlDeviceGetMemoryInfo' },
    counters: { read: counters, running: 'PdhCollectQueryData' },
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

const windowsGpu = { uuid: 'GPU-1', index: 0, isWindowsScheduled: true } as Gpu;

/** A poll after its second round, in which the counters of Windows were read as well. */
async function withCounters(counters: () => Promise<CounterReading>, gpus: readonly Gpu[] = [windowsGpu]) {
  const listed = { ...record, gpus: [{ uuid: 'GPU-1', index: 0, name: 'x' }], processes: [{ pid: 1, gpu: 'GPU-1' }] };
  const state = fixture(async () => ({ record: listed, gpus, problems: [] }), 15_000, counters);
  state.poll.read({});
  await state.settled();
  state.poll.read({});
  state.timers.at(-1)!.callback();
  await state.settled();
  return state;
}

test('replaces what the driver knows about processes where Windows schedules the GPU', async () => {
  const knowledge = { source: 'performance counters', usage: true, memory: true } as const;
  const processes = [{ pid: 7, gpu: 'GPU-1', usagePercent: 5 }];
  const { poll } = await withCounters(async () => {
    return { byGpu: new Map([['GPU-1', { knowledge, processes }]]), otherAdapters: [], problems: [] };
  });
  const { data } = poll.read({})!;
  assert.deepEqual([data.gpus[0]?.processes, data.processes], [knowledge, processes]);
});

test('reads no counters of Windows while no GPU is scheduled by it', async () => {
  let reads = 0;
  await withCounters(async () => {
    reads++;
    return { byGpu: new Map(), otherAdapters: [], problems: [] };
  }, [{ ...windowsGpu, isWindowsScheduled: false }]);
  assert.equal(reads, 0);
});

test('keeps the values of the driver while the counters of Windows do not return', async () => {
  const { poll, time, timers, settled } = await withCounters(() => new Promise(() => {}));
  poll.read({});
  time.nowMs = 40_000;
  timers.at(-1)!.callback();
  await settled();
  const { data, degraded } = poll.read({})!;
  assert.equal(data.gpus.length, 1);
  assert.deepEqual(
    degraded?.map(({ part, reason }) => `${part}: ${reason}`),
    ['use of GPUs by processes: PdhCollectQueryData has not returned since 2026-01-01T00:00:00.000Z'],
  );
});
