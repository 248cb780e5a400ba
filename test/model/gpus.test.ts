// GPUs in the model: what containers use of them, series that stay at 0, and readings that fail.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GpuProcessRecord, GpuRecord, GpusRecord } from '../../src/sources/host.ts';
import { aModel, HOUR_MS, round, wall, web } from '../helpers/model.ts';
import { observation, unavailable } from '../helpers/observations.ts';

const known = { source: 'driver', usage: true, memory: true } as const;
const gpu = (uuid: string, values: Partial<GpuRecord> = {}): GpuRecord => {
  return { uuid, index: 0, name: 'NVIDIA L4', memoryTotalBytes: 1000, processes: known, ...values };
};
const record = (gpus: GpuRecord[], processes: GpuProcessRecord[]): GpusRecord => {
  return {
    state: 'running',
    reason: '',
    sinceMs: 1,
    driverVersion: '580',
    gpus,
    processes,
    callFailures: [],
    otherAdapters: [],
  };
};

/** A container with root 100 and child 101; another process is 200. */
const processes = [
  { pid: 100, createdAtMs: wall(-HOUR_MS) },
  { pid: 101, parentPid: 100, createdAtMs: wall(-10) },
  { pid: 200, createdAtMs: wall(-HOUR_MS) },
];

/** What the container uses after each of these readings; undefined for one that failed. */
function usesAfter(...readings: (GpusRecord | undefined)[]) {
  const model = aModel();
  return readings.map((reading, i) => {
    model.observe(
      reading ? observation('gpus', reading) : unavailable('gpus', { part: 'gpus', reason: 'nvmlX has not returned' }),
    );
    round(model, i * 15_000, { services: [web()], processes });
    const [container] = model.containers.all();
    return container!.gpus.all().map(({ uuid, usagePercent, memoryPercent }) => [uuid, usagePercent, memoryPercent]);
  });
}

test('sums the processes of a container, and leaves others out', () => {
  const uses = usesAfter(
    record(
      [gpu('A'), gpu('B')],
      [
        { pid: 100, gpu: 'A', usagePercent: 10, memoryBytes: 100 },
        { pid: 101, gpu: 'A', usagePercent: 20, memoryBytes: 150 },
        { pid: 200, gpu: 'A', usagePercent: 50, memoryBytes: 500 },
        { pid: 200, gpu: 'B', usagePercent: 1 },
      ],
    ),
  );
  assert.deepEqual(uses, [[['A', 30, 25]]]);
});

test('has at most 100 percent', () => {
  const all = [100, 101].map((pid) => ({ pid, gpu: 'A', usagePercent: 80, memoryBytes: 900 }));
  assert.deepEqual(usesAfter(record([gpu('A')], all)), [[['A', 100, 100]]]);
});

test('stays at 0 when a container stops using a GPU that it has used once', () => {
  const used = record([gpu('A')], [{ pid: 100, gpu: 'A', usagePercent: 10, memoryBytes: 100 }]);
  assert.deepEqual(usesAfter(record([gpu('A')], []), used, record([gpu('A')], [])), [
    [],
    [['A', 10, 10]],
    [['A', 0, 0]],
  ]);
});

test('has no value while a GPU is missing, its processes are unknown, or the reading fails', () => {
  const used = record([gpu('A')], [{ pid: 100, gpu: 'A', usagePercent: 10, memoryBytes: 100 }]);
  const { processes: _, ...unknown } = gpu('A');
  const none = [['A', undefined, undefined]];
  assert.deepEqual(usesAfter(used, record([], []), record([unknown], []), undefined, used), [
    [['A', 10, 10]],
    none,
    none,
    none,
    [['A', 10, 10]],
  ]);
});

test('has only the value that is known', () => {
  const part = (values: Partial<GpuRecord>, each: Partial<GpuProcessRecord>) =>
    usesAfter(record([gpu('A', values)], [{ pid: 100, gpu: 'A', ...each }]));
  assert.deepEqual(part({}, { usagePercent: 10 }), [[['A', 10, undefined]]]);
  assert.deepEqual(part({}, { memoryBytes: 10 }), [[['A', undefined, 1]]]);
  assert.deepEqual(part({ memoryTotalBytes: 0 }, { usagePercent: 1, memoryBytes: 10 }), [[['A', 1, undefined]]]);
});

test('forgets the GPUs of the last reading when a reading fails', () => {
  const model = aModel();
  model.observe(observation('gpus', record([gpu('A')], [])));
  assert.equal(model.gpus.all().length, 1);
  model.observe(unavailable('gpus', { part: 'gpus', reason: 'nvmlX has not returned' }));
  assert.deepEqual([model.gpus.all(), model.gpus.record], [[], undefined]);
});
