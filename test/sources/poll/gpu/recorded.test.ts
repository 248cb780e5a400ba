// What a real card answered, read by this agent, equals what nvidia-smi reported at the same moment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GpusRecord } from '../../../../src/sources/host.ts';
import { NvmlReader } from '../../../../src/sources/poll/gpu/nvml-reader.ts';
import { h100, type Moment, RecordedNvml } from '../../../helpers/recorded-nvml.ts';

const MIB = 1024 * 1024;

/** The readings of all moments, as the capture made them. */
async function readings(): Promise<[Moment, GpusRecord][]> {
  const nvml = new RecordedNvml();
  const clock = { monotonicMs: () => 1000, wallMs: () => 1000 };
  const reader = new NvmlReader({ clock, find: () => 'libnvidia-ml.so.1', open: nvml.open });
  const found: [Moment, GpusRecord][] = [];
  for (const moment of h100.moments) {
    nvml.next(moment);
    // Between two readings the capture looked at the samples once, unless processes were started.
    if (moment.calls.filter(({ call }) => call === 'nvmlDeviceGetSamples').length > 4) await reader.sample();
    const { record, problems } = await reader.read();
    assert.deepEqual([problems, nvml.left], [[], 0], moment.name);
    found.push([moment, record]);
  }
  return found;
}

const all = await readings();
const near = (actual: number, expected: number, tolerance: number, what: string): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} instead of ${expected}`);

for (const [{ name, nvidiaSmi }, { driverVersion, gpus, processes }] of all) {
  test(`reads the H100 as nvidia-smi does: ${name}`, () => {
    const gpu = gpus[0]!;
    const smi = nvidiaSmi.gpus[0]!;
    const number = (title: string) => Number(smi[title]);
    assert.deepEqual([gpus.length, gpu.name, driverVersion], [1, smi.name, smi.driver_version]);
    near(gpu.memoryTotalBytes! / MIB, number('memory.total [MiB]'), 1, 'memory');
    // nvidia-smi shows the part that the driver reserves apart. A process may have allocated in between.
    const used = number('memory.used [MiB]') + number('memory.reserved [MiB]');
    near(gpu.memoryUsedBytes! / MIB, used, 300, 'used memory');
    near(gpu.temperatureCelsius!, number('temperature.gpu'), 4, 'temperature');
    near(gpu.powerWatts!, number('power.draw.average [W]'), 30, 'power');
    assert.deepEqual(
      processes.map(({ pid }) => pid).toSorted(),
      nvidiaSmi.processes.map(({ pid }) => Number(pid)).toSorted(),
    );
    for (const { pid, 'used_gpu_memory [MiB]': mib } of nvidiaSmi.processes) {
      const process = processes.find((each) => each.pid === Number(pid));
      near(process!.memoryBytes! / MIB, Number(mib), 300, `memory of ${pid}`);
    }
  });
}

const reading = (name: string): GpusRecord => all.find(([moment]) => moment.name === name)![1];

test('has a mean near nvidia-smi under steady load, and a peak far above the mean in bursts', () => {
  const steady = reading('load').gpus[0]!.utilization!;
  near(steady.averagePercent, 97, 10, 'mean under steady load');
  const bursts = reading('bursts').gpus[0]!.utilization!;
  assert.ok(bursts.peakPercent >= 90, String(bursts.peakPercent));
  near(bursts.averagePercent, 25, 10, 'mean of bursts of half a second every two seconds');
});

test('an interval of 14 seconds has all of its samples of 200 ms, although the driver keeps 72', () => {
  for (const name of ['idle', 'load', 'bursts'])
    near(reading(name).gpus[0]!.utilization!.samples, 70, 3, `samples of ${name}`);
});

test('a process that only holds memory has no use, the busy one has that of the GPU', () => {
  const use = (name: string) => reading(name).processes.map(({ usagePercent }) => usagePercent ?? -1);
  const [holding, busy] = use('load');
  assert.equal(holding, 0);
  near(busy!, reading('load').gpus[0]!.utilization!.averagePercent, 5, 'use under steady load');
  near(use('bursts')[1]!, reading('bursts').gpus[0]!.utilization!.averagePercent, 5, 'use in bursts');
});
