// GPUs under Wine: the agent's own bindings against doubles of NVML, performance counters and graphics adapters.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compileC, whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { windowsBuild } from '../../scripts/lib/windows-build.ts';
import { openWine, type Wine, whyNoWine } from '../../scripts/lib/wine.ts';
import type { GpusRecord, Observation, Unavailability } from '../../src/sources/host.ts';
import { openTape } from '../../src/sources/tape/read-tape.ts';
import { useDoubles } from './doubles/doubles.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());

type GpuReading = Extract<Observation, { kind: 'gpus' }>;

/** Two GPUs: one of NVIDIA's driver model (WDM), one that Windows schedules (WDDM). */
const nvmlScript = [
  'driver 581.42',
  'gpu',
  'uuid GPU-11111111-2222-3333-4444-555555555555',
  'name NVIDIA L4',
  'pci 0 59 0',
  'memory 24000 18000 6000',
  'temperature 41',
  'power 72500',
  'model 1',
  ...['sample 1 100 20', 'sample 1 200 60', 'sample 2 100 5', 'sample 2 200 7'],
  'compute 10 2000',
  'usage 150 10 35',
  'gpu',
  'uuid GPU-aaaaaaaa-2222-3333-4444-555555555555',
  'name NVIDIA T400',
  'pci 0 101 0',
  'memory 2000 1500 500',
  'temperature 44',
  'power 9000',
  'rates 3 1',
  'model 0',
  'error nvmlDeviceGetPowerUsage 3 1',
];
const LUID = 'luid_0x00000000_0x0000D1F4_phys_0';
const counterScript = [
  'at D1F4 101 0',
  'at C2A0 3 0',
  `engine 5000000 pid_20_${LUID}_eng_0_engtype_3D`,
  `engine 900000000000 pid_21_${LUID}_eng_1_engtype_VideoDecode`,
  'engine 0 pid_4_luid_0x00000000_0x0000C2A0_phys_0_eng_0_engtype_3D',
  `process 300 pid_20_${LUID}`,
  `adapter 400 ${LUID}`,
];

interface Run {
  readonly nvml: readonly string[];
  readonly counters?: readonly string[];
  readonly defines?: readonly string[];
  readonly isAbsent?: boolean;
  /** A call does not return: the process then ends itself after the recording. */
  readonly isBlocked?: boolean;
}

/** GPU readings in six rounds of a second. */
async function record(wine: Wine, run: Run): Promise<GpuReading[]> {
  const folder = mkdtempSync('/tmp/coroot-agent-gpus-');
  const library = join(wine.prefix, 'drive_c', 'windows', 'system32', 'nvml.dll');
  try {
    const { node, main } = await windowsBuild();
    const { nodeArgs, env } = await useDoubles(wine, ['gpuCounters', 'gpuAdapters']);
    const source = join(import.meta.dirname, 'doubles', 'nvml.c');
    if (!run.isAbsent) copyFileSync(await compileC({ source, kind: 'dll', defines: run.defines ?? [] }), library);
    const [tapeFile, nvml, counters] = ['a.tape', 'nvml.txt', 'counters.txt'].map((name) => join(folder, name));
    writeFileSync(nvml!, run.nvml.join('\n'));
    writeFileSync(counters!, (run.counters ?? counterScript).join('\n'));
    const args = ['record', wine.toWindowsPath(tapeFile!), '--for', '5s', '--scrape-interval', '1s', '--disable-etw'];
    const variables = {
      ...env,
      COROOT_TEST_NVML: wine.toWindowsPath(nvml!),
      COROOT_TEST_GPU_COUNTERS: wine.toWindowsPath(counters!),
    };
    const result = await wine.run(node, [...nodeArgs, wine.toWindowsPath(main), ...args], { env: variables });
    assert.equal(result.code, run.isBlocked ? 1 : 0, result.stderr);
    if (run.isBlocked) assert.match(result.stderr, /the tape is complete, but a worker did not end in time/);
    await using tape = await openTape(tapeFile!);
    const found: GpuReading[] = [];
    let rounds = 0;
    for await (const each of tape.observations) {
      if (each.kind === 'gpus') found.push(each);
      if (each.kind === 'tick') rounds++;
    }
    assert.equal(rounds, 6);
    return found;
  } finally {
    rmSync(library, { force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

const texts = (problems: readonly Unavailability[] = []) => problems.map(({ part, reason }) => `${part}: ${reason}`);
const lastOf = (readings: GpuReading[]): GpusRecord => {
  const { data } = readings.at(-1) ?? {};
  assert.ok(data, `${readings.length} readings`);
  return data;
};

test('GPUs under Wine, from doubles', { skip, timeout: 300_000 }, async (t) => {
  await using wine = await openWine();

  await t.test('reads each GPU and its processes from the source that knows them', async () => {
    const readings = await record(wine, { nvml: nvmlScript });
    const first = readings[0]!.data!;
    assert.deepEqual(first.gpus[0]?.utilization, { averagePercent: 40, peakPercent: 60, samples: 2 });
    assert.deepEqual(first.gpus[0]?.memoryUtilization, { averagePercent: 6, peakPercent: 7, samples: 2 });
    const { gpus, processes, otherAdapters, state, driverVersion } = lastOf(readings);
    assert.deepEqual([state, driverVersion], ['running', '581.42']);
    assert.deepEqual(
      gpus.map(({ name, pciAddress, temperatureCelsius, powerWatts, memoryUsedBytes, processes: by }) => [
        name,
        pciAddress,
        temperatureCelsius,
        powerWatts,
        memoryUsedBytes,
        by?.source,
      ]),
      [
        ['NVIDIA L4', '00000000:3B:00.0', 41, 72.5, 6000, 'driver'],
        ['NVIDIA T400', '00000000:65:00.0', 44, undefined, 500, 'performance counters'],
      ],
    );
    assert.deepEqual(
      processes.map(({ pid, gpu, memoryBytes }) => [pid, gpu.slice(0, 8), memoryBytes]),
      [
        [10, 'GPU-1111', 2000],
        [20, 'GPU-aaaa', 300],
        [21, 'GPU-aaaa', undefined],
      ],
    );
    assert.deepEqual(otherAdapters, [
      { luid: '0x00000000_0x0000C2A0', reason: 'it is not a GPU of NVIDIA: PCI bus 3, device 0', processes: 1 },
    ]);
    assert.deepEqual(texts(readings.at(-1)!.degraded), [
      'power of GPU 1: nvmlDeviceGetPowerUsage: NVML_ERROR_NOT_SUPPORTED (3)',
    ]);
  });

  await t.test('reads what an old driver has, which lacks samples and newer versions of functions', async () => {
    const { gpus, processes, callFailures } = lastOf(await record(wine, { nvml: nvmlScript, defines: ['OLD_DRIVER'] }));
    assert.deepEqual(gpus[0]?.utilization, { averagePercent: 0, peakPercent: 0, samples: 0 });
    assert.deepEqual(
      processes.filter(({ pid }) => pid === 10).map(({ memoryBytes, usagePercent }) => [memoryBytes, usagePercent]),
      [[2000, undefined]],
    );
    assert.ok(
      callFailures.some(
        ({ call, error }) => call === 'nvmlDeviceGetSamples' && error === 'NVML_ERROR_FUNCTION_NOT_FOUND',
      ),
    );
  });

  await t.test('retries when the driver is not loaded', async () => {
    const readings = await record(wine, { nvml: [...nvmlScript, 'error nvmlInit_v2 9'] });
    const { state, reason, nextAttemptAtMs, sinceMs, callFailures } = lastOf(readings);
    assert.deepEqual([state, reason], ['retrying', 'nvmlInit_v2: NVML_ERROR_DRIVER_NOT_LOADED (9)']);
    assert.ok(nextAttemptAtMs! > sinceMs);
    assert.ok(callFailures[0]!.count >= 2);
  });

  await t.test('runs rounds while a call does not return', async () => {
    const readings = await record(wine, {
      nvml: [...nvmlScript, 'hang nvmlDeviceGetTemperature 60000'],
      isBlocked: true,
    });
    assert.deepEqual(readings, []);
  });

  await t.test('reports counters that cannot be read, and keeps the values of the GPUs', async () => {
    const counters = [...counterScript, 'error PdhCollectQueryData C0000BB8'];
    const readings = await record(wine, { nvml: nvmlScript, counters });
    assert.equal(lastOf(readings).gpus.length, 2);
    assert.ok(
      texts(readings.at(-1)!.degraded).includes(
        'use of GPUs by processes: PdhCollectQueryData: no such performance object (0xc0000bb8)',
      ),
    );
  });

  await t.test('loads nothing and has no problem without a driver', async () => {
    const readings = await record(wine, { nvml: nvmlScript, isAbsent: true });
    const { state, reason, gpus } = lastOf(readings);
    assert.deepEqual([state, gpus, readings.at(-1)!.degraded], ['absent', [], undefined]);
    assert.match(reason, /C:\\windows\\System32\\nvml\.dll/i);
  });
});
