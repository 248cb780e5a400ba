// NVML in use: values of GPUs, failing calls, missing exports, lost GPUs and a driver that comes and goes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NvmlReader } from '../../../../src/sources/poll/gpu/nvml-reader.ts';
import { aGpu, SimulatedNvml } from '../../../helpers/nvml.ts';

const SECOND_UUID = 'GPU-aaaaaaaa-2222-3333-4444-555555555555';
const WALL_MS = 1_700_000_000_000;

function fixture(nvml: SimulatedNvml, find: () => string | undefined = () => 'nvml.dll') {
  const time = { nowMs: 1000 };
  const clock = { monotonicMs: () => time.nowMs, wallMs: () => WALL_MS + time.nowMs };
  const reader = new NvmlReader({ clock, find, open: nvml.open });
  const after = async (ms: number) => {
    time.nowMs += ms;
    return reader.read();
  };
  return { reader, after, time };
}

const twoGpus = () => new SimulatedNvml([aGpu(), aGpu({ uuid: SECOND_UUID, pci: [1, 0x5e, 0], temperature: 70 })]);

test('reads identity, memory, temperature and power of each GPU', async () => {
  const { record, problems } = await fixture(twoGpus()).reader.read();
  assert.deepEqual(problems, []);
  assert.deepEqual(
    { state: record.state, reason: record.reason, driverVersion: record.driverVersion, sinceMs: record.sinceMs },
    { state: 'running', reason: '', driverVersion: '580.159.04', sinceMs: WALL_MS + 1000 },
  );
  const [first, second] = record.gpus;
  assert.deepEqual(
    { ...first, utilization: undefined, memoryUtilization: undefined, processes: undefined },
    {
      uuid: 'GPU-11111111-2222-3333-4444-555555555555',
      index: 0,
      name: 'NVIDIA L4',
      pciAddress: '00000000:3B:00.0',
      memoryTotalBytes: 24_000,
      memoryUsedBytes: 6000,
      temperatureCelsius: 41,
      powerWatts: 72.5,
      utilization: undefined,
      memoryUtilization: undefined,
      processes: undefined,
    },
  );
  assert.deepEqual(
    [second?.uuid, second?.pciAddress, second?.temperatureCelsius],
    [SECOND_UUID, '00000001:5E:00.0', 70],
  );
});

test('averages only the samples since the last reading, and has their peak', async () => {
  const nvml = new SimulatedNvml([aGpu({ samples: [[10, 90]], memorySamples: [[10, 50]] })]);
  const { after } = fixture(nvml);
  await after(0);
  nvml.gpus[0]!.samples.push([20, 0], [30, 100], [40, 20]);
  nvml.gpus[0]!.memorySamples.push([20, 4], [30, 8]);
  const { record } = await after(15_000);
  assert.deepEqual(record.gpus[0]?.utilization, { averagePercent: 40, peakPercent: 100, samples: 3 });
  assert.deepEqual(record.gpus[0]?.memoryUtilization, { averagePercent: 6, peakPercent: 8, samples: 2 });
});

test('counts samples that were gathered between two readings, each once', async () => {
  const nvml = new SimulatedNvml([aGpu({ samples: [], memorySamples: [] })]);
  const { reader, after } = fixture(nvml);
  await after(0);
  // The driver forgets its samples, as it does after some 14 seconds.
  nvml.gpus[0]!.samples = [
    [10, 80],
    [20, 40],
  ];
  nvml.gpus[0]!.memorySamples = [[10, 8]];
  await reader.sample();
  nvml.gpus[0]!.samples = [
    [20, 40],
    [30, 0],
  ];
  nvml.gpus[0]!.memorySamples = [[30, 2]];
  const { record } = await after(15_000);
  assert.deepEqual(record.gpus[0]?.utilization, { averagePercent: 40, peakPercent: 80, samples: 3 });
  assert.deepEqual(record.gpus[0]?.memoryUtilization, { averagePercent: 5, peakPercent: 8, samples: 2 });
});

test('a reading waits for a gathering that runs, and none begins while a reading runs', async () => {
  const nvml = new SimulatedNvml([aGpu({ samples: [[10, 80]] })]);
  const { reader } = fixture(nvml);
  await reader.read();
  const { promise, resolve } = Promise.withResolvers<void>();
  nvml.blocked.set('nvmlDeviceGetSamples', promise);
  const sampling = reader.sample();
  const reading = reader.read();
  await new Promise(setImmediate);
  const before = nvml.calls.length;
  await reader.sample();
  await new Promise(setImmediate);
  assert.equal(nvml.calls.length, before);
  resolve();
  await sampling;
  assert.equal((await reading).record.state, 'running');
});

test('uses the instant value while the driver has no sample since the last reading', async () => {
  const { record } = await fixture(new SimulatedNvml([aGpu({ rates: [30, 10] })])).reader.read();
  assert.deepEqual(record.gpus[0]?.utilization, { averagePercent: 30, peakPercent: 30, samples: 0 });
  assert.deepEqual(record.gpus[0]?.memoryUtilization, { averagePercent: 10, peakPercent: 10, samples: 0 });
});

test('leaves out samples that are no percentage, and counts them', async () => {
  const nvml = new SimulatedNvml([
    aGpu({
      samples: [
        [10, 50],
        [20, 4_294_967_295],
      ],
      memorySamples: [[1, 1]],
    }),
  ]);
  const { record } = await fixture(nvml).reader.read();
  assert.deepEqual(record.gpus[0]?.utilization, { averagePercent: 50, peakPercent: 50, samples: 1 });
  assert.deepEqual(record.callFailures, [{ call: 'nvmlDeviceGetSamples', error: 'value out of range', count: 1 }]);
});

test('omits only the value whose call fails, and reports the name of the error', async () => {
  const nvml = twoGpus();
  nvml.errors.set('nvmlDeviceGetPowerUsage 1', 3);
  const { after } = fixture(nvml);
  await after(0);
  const { record, problems } = await after(15_000);
  assert.deepEqual(
    record.gpus.map(({ powerWatts }) => powerWatts),
    [72.5, undefined],
  );
  assert.equal(record.gpus[1]?.temperatureCelsius, 70);
  assert.deepEqual(
    problems.map(({ part, reason }) => `${part}: ${reason}`),
    ['power of GPU 1: nvmlDeviceGetPowerUsage: NVML_ERROR_NOT_SUPPORTED (3)'],
  );
  assert.deepEqual(record.callFailures, [
    { call: 'nvmlDeviceGetPowerUsage', error: 'NVML_ERROR_NOT_SUPPORTED', count: 2 },
  ]);
});

const valuesByExport = {
  nvmlSystemGetDriverVersion: [],
  nvmlDeviceGetName: [],
  nvmlDeviceGetMemoryInfo: ['memoryTotalBytes', 'memoryUsedBytes'],
  nvmlDeviceGetTemperature: ['temperatureCelsius'],
  nvmlDeviceGetPowerUsage: ['powerWatts'],
  nvmlDeviceGetSamples: [],
  nvmlDeviceGetDriverModel: [],
} as const;

for (const [name, values] of Object.entries(valuesByExport)) {
  test(`reads everything else when the library lacks ${name}`, async () => {
    const nvml = new SimulatedNvml([aGpu()]);
    nvml.missing.add(name as keyof typeof valuesByExport);
    const { record } = await fixture(nvml).reader.read();
    assert.equal(record.state, 'running');
    const all = ['memoryTotalBytes', 'memoryUsedBytes', 'temperatureCelsius', 'powerWatts', 'utilization'] as const;
    const absent = all.filter((value) => record.gpus[0]?.[value] === undefined);
    assert.deepEqual(absent, values);
  });
}

test('omits utilization when neither samples nor rates are supported, as on a partitioned GPU', async () => {
  const nvml = new SimulatedNvml([aGpu()]);
  for (const call of ['nvmlDeviceGetSamples', 'nvmlDeviceGetUtilizationRates', 'nvmlDeviceGetProcessUtilization'])
    nvml.errors.set(call, 3);
  const { record, problems } = await fixture(nvml).reader.read();
  assert.deepEqual([record.gpus[0]?.utilization, record.gpus[0]?.memoryUtilization], [undefined, undefined]);
  assert.equal(record.gpus[0]?.memoryUsedBytes, 6000);
  assert.ok(problems.some(({ part }) => part === 'utilization of GPU 0'));
});

test('identifies a GPU without UUID by its PCI address, and drops a duplicate UUID', async () => {
  const nvml = new SimulatedNvml([aGpu(), aGpu(), aGpu({ pci: [0, 0x5e, 0] })]);
  nvml.errors.set('nvmlDeviceGetUUID 2', 999);
  const { record, problems } = await fixture(nvml).reader.read();
  assert.deepEqual(
    record.gpus.map(({ uuid }) => uuid),
    ['GPU-11111111-2222-3333-4444-555555555555', 'PCI-00000000:5E:00.0'],
  );
  assert.deepEqual(
    problems.map(({ part, reason }) => [part, reason]),
    [['GPU 1', 'another GPU has the same UUID']],
  );
});

test('reports no problem and looks for a driver again where none is installed', async () => {
  let path: string | undefined;
  const { after } = fixture(new SimulatedNvml([aGpu()]), () => path);
  const { record, problems } = await after(0);
  assert.deepEqual([record.state, record.gpus, problems], ['absent', [], []]);
  assert.match(record.reason, /no NVIDIA driver is installed/);
  assert.equal(record.nextAttemptAtMs, WALL_MS + 2000);
  path = 'nvml.dll';
  assert.equal((await after(500)).record.state, 'absent');
  assert.equal((await after(500)).record.state, 'running');
});

test('retries with backoff when the driver is not loaded, with since and next attempt', async () => {
  const nvml = new SimulatedNvml([aGpu()]);
  nvml.errors.set('nvmlInit_v2', 9);
  const { after } = fixture(nvml);
  const { record, problems } = await after(0);
  assert.deepEqual(
    [record.state, record.sinceMs, record.nextAttemptAtMs],
    ['retrying', WALL_MS + 1000, WALL_MS + 2000],
  );
  assert.equal(record.reason, 'nvmlInit_v2: NVML_ERROR_DRIVER_NOT_LOADED (9)');
  assert.equal(problems[0]?.reason, record.reason);
  // The second attempt comes after one second, the third after two more.
  for (const [waitMs, attempts] of [
    [1000, 2],
    [1000, 2],
    [1000, 3],
    [3000, 3],
    [1000, 4],
  ] as const) {
    await after(waitMs);
    assert.equal(nvml.count('nvmlInit_v2'), attempts);
  }
  const waiting = await after(0);
  assert.equal(waiting.record.sinceMs, WALL_MS + 1000);
  nvml.errors.clear();
  assert.equal((await after(300_000)).record.state, 'running');
});

test('loads the library again after the driver was replaced', async () => {
  const nvml = new SimulatedNvml([aGpu()]);
  const { after } = fixture(nvml);
  await after(0);
  nvml.errors.set('nvmlDeviceGetMemoryInfo', 18);
  const { record } = await after(15_000);
  assert.deepEqual([record.state, record.gpus, nvml.unloaded, nvml.initialised], ['retrying', [], 1, 0]);
  assert.match(record.reason, /NVML_ERROR_LIB_RM_VERSION_MISMATCH/);
  nvml.errors.clear();
  nvml.driverVersion = '581.1';
  const again = await after(15_000);
  assert.deepEqual([again.record.state, again.record.driverVersion, nvml.initialised], ['running', '581.1', 1]);
});

test('goes on with the other GPUs while one is lost, and initialises again to find it', async () => {
  const nvml = twoGpus();
  const { after } = fixture(nvml);
  await after(0);
  nvml.errors.set('nvmlDeviceGetMemoryInfo 1', 15);
  const lost = await after(120_000);
  assert.deepEqual(
    [lost.record.state, lost.record.gpus.length, lost.record.sinceMs, lost.record.nextAttemptAtMs],
    ['partial', 1, WALL_MS + 121_000, WALL_MS + 122_000],
  );
  assert.equal(lost.record.reason, 'GPU 1: nvmlDeviceGetMemoryInfo: NVML_ERROR_GPU_IS_LOST (15)');
  nvml.errors.set('nvmlDeviceGetHandleByIndex_v2 1', 15);
  const still = await after(1000);
  assert.deepEqual([still.record.state, still.record.gpus.length, nvml.unloaded], ['partial', 1, 1]);
  assert.equal(still.record.sinceMs, WALL_MS + 121_000);
  nvml.errors.clear();
  const found = await after(300_000);
  assert.deepEqual([found.record.state, found.record.gpus.length], ['running', 2]);
  assert.equal(found.record.nextAttemptAtMs, undefined);
});

test('finds a GPU that was added, at the next reading or by a new initialisation', async () => {
  const nvml = new SimulatedNvml([aGpu()]);
  const { after } = fixture(nvml);
  await after(0);
  nvml.gpus.push(aGpu({ uuid: SECOND_UUID, pci: [0, 0x5e, 0] }));
  assert.equal((await after(15_000)).record.gpus.length, 2);
  assert.equal(nvml.count('nvmlInit_v2'), 1);
  await after(600_000);
  assert.deepEqual([nvml.count('nvmlInit_v2'), nvml.unloaded], [2, 1]);
});

test('runs without any GPU', async () => {
  const { record } = await fixture(new SimulatedNvml()).reader.read();
  assert.deepEqual([record.state, record.gpus, record.processes], ['running', [], []]);
});

test('reads memory and use of processes unless Windows schedules the GPU', async () => {
  const nvml = new SimulatedNvml([
    aGpu({
      driverModel: 1,
      compute: [
        [10, 2000],
        [11, -1],
      ],
      graphics: [
        [10, 2000],
        [12, 500],
      ],
      usage: [
        [5, 10, 60],
        [6, 10, 20],
      ],
    }),
    aGpu({ uuid: SECOND_UUID, driverModel: 0, compute: [[10, -1]] }),
  ]);
  const { record } = await fixture(nvml).reader.read();
  const gpu = 'GPU-11111111-2222-3333-4444-555555555555';
  assert.deepEqual(record.processes, [
    { pid: 10, gpu, usagePercent: 40, memoryBytes: 2000 },
    { pid: 11, gpu, usagePercent: 0 },
    { pid: 12, gpu, usagePercent: 0, memoryBytes: 500 },
  ]);
  assert.deepEqual(
    record.gpus.map(({ processes }) => processes),
    [{ source: 'driver', usage: true, memory: true }, undefined],
  );
});

test('asks for the use by processes since the last reading, though all were idle in it', async () => {
  const nvml = new SimulatedNvml([aGpu({ samples: [[100, 0]], usage: [[50, 10, 90]] })]);
  const { after } = fixture(nvml);
  await after(0);
  nvml.gpus[0]!.usage = [[50, 10, 90]];
  nvml.gpus[0]!.compute = [[10, 1]];
  const { record } = await after(15_000);
  assert.equal(record.processes[0]?.usagePercent, 0);
});

test('reads a list of processes that is longer than the first buffer', async () => {
  const compute = Array.from({ length: 300 }, (_, i) => [i + 1, 1000] as const);
  const { record } = await fixture(new SimulatedNvml([aGpu({ compute })])).reader.read();
  assert.equal(record.processes.length, 300);
});

test('sums the memory of a process over the instances of a partitioned GPU', async () => {
  const compute = [
    [7, 100, 1],
    [7, 200, 2],
  ] as const;
  const { record } = await fixture(new SimulatedNvml([aGpu({ compute: [...compute] })])).reader.read();
  assert.equal(record.processes[0]?.memoryBytes, 300);
});

test('uses older versions of functions where the library lacks the newer ones', async () => {
  const nvml = new SimulatedNvml([
    aGpu({
      compute: [
        [10, 2000],
        [11, 300],
      ],
    }),
  ]);
  for (const kind of ['Compute', 'Graphics'] as const)
    for (const version of ['_v3', '_v2'] as const) nvml.missing.add(`nvmlDeviceGet${kind}RunningProcesses${version}`);
  nvml.missing.add('nvmlDeviceGetPciInfo_v3');
  const { record } = await fixture(nvml).reader.read();
  assert.deepEqual(
    record.processes.map(({ pid, memoryBytes }) => [pid, memoryBytes]),
    [
      [10, 2000],
      [11, 300],
    ],
  );
  assert.equal(record.gpus[0]?.pciAddress, '00000000:3B:00.0');
});

test('knows which call has not returned', async () => {
  const nvml = new SimulatedNvml([aGpu()]);
  const { promise, resolve } = Promise.withResolvers<void>();
  nvml.blocked.set('nvmlDeviceGetPowerUsage', promise);
  const { reader } = fixture(nvml);
  const reading = reader.read();
  await new Promise(setImmediate);
  assert.equal(reader.running, 'nvmlDeviceGetPowerUsage');
  resolve();
  await reading;
  assert.equal(reader.running, undefined);
});
