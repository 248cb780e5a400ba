// The output of `gpus`, from a real control plane.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addGpusCommand } from '../../cli/commands/gpus.ts';
import type { GpusRecord } from '../../src/sources/host.ts';
import { aModel, HOUR_MS, round, wall, web } from '../helpers/model.ts';
import { observation } from '../helpers/observations.ts';
import { printedBy } from '../helpers/printed.ts';

const known = { source: 'driver', usage: true, memory: true } as const;
const reading: GpusRecord = {
  state: 'running',
  reason: '',
  sinceMs: 1,
  driverVersion: '580.1',
  gpus: [
    {
      uuid: 'GPU-a',
      index: 0,
      name: 'NVIDIA L4',
      memoryTotalBytes: 2 ** 34,
      memoryUsedBytes: 2 ** 33,
      temperatureCelsius: 41,
      processes: known,
    },
    {
      uuid: 'GPU-b',
      index: 1,
      name: 'NVIDIA T400',
      powerWatts: 12.34,
      utilization: { averagePercent: 2.5, peakPercent: 9, samples: 3 },
    },
  ],
  processes: [{ pid: 100, gpu: 'GPU-a', usagePercent: 33.3, memoryBytes: 2 ** 30 }],
  callFailures: [],
  otherAdapters: [
    { luid: '0x00000000_0x0000C2A0', reason: 'it is not a GPU of NVIDIA: PCI bus 3, device 0', processes: 4 },
  ],
};

function printed(args: string[], record: Partial<GpusRecord> = {}): Promise<string> {
  const model = aModel();
  model.observe(observation('gpus', { ...reading, ...record }));
  round(model, 0, { services: [web()], processes: [{ pid: 100, name: 'web.exe', createdAtMs: wall(-HOUR_MS) }] });
  return printedBy([addGpusCommand], ['gpus', ...args], model);
}

test('gpus lists GPUs, then the processes on them with their containers', async () => {
  const text = await printed([]);
  assert.match(text, /GPU NAME +BUSY +PEAK +MEMORY BUSY MEMORY USED +MEMORY +TEMP +POWER/);
  assert.match(text, /0 NVIDIA L4 +8\.0 GiB +16\.0 GiB 41 °C/);
  assert.match(text, /1 NVIDIA T400 +2\.5 % +9\.0 % +12\.3 W/);
  assert.match(text, /0 100 web\.exe \/win\/web +33\.3 % +1\.0 GiB/);
  assert.doesNotMatch(text, /OTHER ADAPTER/);
});

test('gpus selects by name, UUID or number, and -w has other adapters', async () => {
  const named = async (...args: string[]) =>
    (JSON.parse(await printed([...args, '-o', 'json'])) as { index: number }[]).map(({ index }) => index);
  assert.deepEqual(await named('nvidia l*'), [0]);
  assert.deepEqual(await named('GPU-b'), [1]);
  assert.deepEqual(await named('1'), [1]);
  assert.deepEqual(await named('nothing*'), []);
  assert.match(await printed(['-w']), /0x00000000_0x0000C2A0 +4 it is not a GPU of NVIDIA/);
});

test('gpus says why there are none', async () => {
  const none = { gpus: [], processes: [] };
  assert.match(await printed([], none), /^The NVIDIA driver lists no GPU\.\n$/);
  const text = await printed([], { ...none, state: 'retrying', reason: 'nvmlInit_v2: X', nextAttemptAtMs: 2 });
  assert.match(text, /^retrying since .+, next attempt at .+: nvmlInit_v2: X\n$/);
});
