// GET /api/v1/gpus and what status reports of GPUs: values, processes with their containers, and states.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GpusAnswer } from '../../../src/api/resources/gpus.ts';
import type { StatusAnswer } from '../../../src/api/resources/status.ts';
import type { GpusRecord } from '../../../src/sources/host.ts';
import { anApi } from '../../helpers/api.ts';
import { aModel, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { observation } from '../../helpers/observations.ts';

const reading: GpusRecord = {
  state: 'partial',
  reason: 'GPU 1: nvmlDeviceGetMemoryInfo: NVML_ERROR_GPU_IS_LOST (15)',
  sinceMs: 5000,
  nextAttemptAtMs: 9000,
  driverVersion: '580.1',
  gpus: [
    {
      uuid: 'GPU-1',
      index: 0,
      name: 'NVIDIA L4',
      pciAddress: '00000000:3B:00.0',
      memoryTotalBytes: 1000,
      memoryUsedBytes: 400,
      powerWatts: 71.5,
      utilization: { averagePercent: 12.5, peakPercent: 80, samples: 75 },
      processes: { source: 'performance counters', usage: true, memory: true },
    },
  ],
  processes: [
    { pid: 100, gpu: 'GPU-1', usagePercent: 10, memoryBytes: 300 },
    { pid: 999, gpu: 'GPU-1', memoryBytes: 5 },
  ],
  callFailures: [{ call: 'nvmlDeviceGetTemperature', error: 'NVML_ERROR_NOT_SUPPORTED', count: 3 }],
  otherAdapters: [
    { luid: '0x00000000_0x00009999', reason: 'it is not a GPU of NVIDIA: PCI bus 9, device 3', processes: 2 },
  ],
};

async function answers(record?: GpusRecord) {
  const model = aModel();
  if (record) model.observe(observation('gpus', record));
  round(model, 0, { services: [web()], processes: [{ pid: 100, name: 'web.exe', createdAtMs: wall(-HOUR_MS) }] });
  const { app } = anApi({ model });
  return {
    gpus: (await app.inject('/api/v1/gpus')).json() as GpusAnswer,
    status: (await app.inject('/api/v1/status')).json() as StatusAnswer,
  };
}

test('has the values of a GPU, marks those that are unknown, and names containers of processes', async () => {
  const { gpus: answer } = await answers(reading);
  const [gpu] = answer.gpus;
  assert.deepEqual(
    [gpu?.hasPower, gpu?.powerWatts, gpu?.hasTemperature, gpu?.temperatureCelsius, gpu?.hasMemoryUtilization],
    [true, 71.5, false, 0, false],
  );
  assert.deepEqual([gpu?.utilizationPercent, gpu?.peakUtilizationPercent, gpu?.samples], [12.5, 80, 75]);
  assert.deepEqual(gpu?.processes, [
    {
      pid: 100,
      name: 'web.exe',
      containerIds: ['/win/web'],
      hasUsage: true,
      usagePercent: 10,
      hasMemory: true,
      memoryBytes: 300,
    },
    { pid: 999, name: '', containerIds: [], hasUsage: false, usagePercent: 0, hasMemory: true, memoryBytes: 5 },
  ]);
  assert.deepEqual([answer.callFailures, answer.otherAdapters], [reading.callFailures, reading.otherAdapters]);
});

test('has the state of the driver library, and status since when and when the next attempt is', async () => {
  const { gpus: answer, status } = await answers(reading);
  assert.deepEqual(
    [answer.state, answer.reason, answer.sinceMs, answer.nextAttemptAtMs, answer.driverVersion],
    ['partial', reading.reason, 5000, 9000, '580.1'],
  );
  assert.deepEqual(status.retrying, [{ part: 'GPU', reason: reading.reason, sinceMs: 5000, nextAttemptAtMs: 9000 }]);
});

test('is off without a reading, and has nothing to retry without a driver', async () => {
  const none = await answers();
  assert.deepEqual([none.gpus.state, none.gpus.gpus, none.status.retrying], ['off', [], []]);
  const absent = await answers({ ...reading, state: 'absent', gpus: [], processes: [] });
  assert.deepEqual([absent.gpus.state, absent.status.retrying], ['absent', []]);
});
