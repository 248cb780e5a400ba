// GPU counters of Windows: names of instances, raw arrays, use of engines, and the GPU of an adapter.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Win32Error } from '../../../../src/native/win32-error.ts';
import { Adapters } from '../../../../src/sources/poll/gpu/adapters.ts';
import { parseCounterArray } from '../../../../src/sources/poll/gpu/counter-array.ts';
import type { Collected } from '../../../../src/sources/poll/gpu/counter-query.ts';
import { CounterReader } from '../../../../src/sources/poll/gpu/counter-reader.ts';
import { EngineUsage } from '../../../../src/sources/poll/gpu/engine-usage.ts';
import { parseInstanceName } from '../../../../src/sources/poll/gpu/instance-name.ts';
import type { Gpu } from '../../../../src/sources/poll/gpu/nvml-devices.ts';
import { SampleWindow } from '../../../../src/sources/poll/gpu/nvml-samples.ts';
import { type RawItem, rawCounterArray } from '../../../helpers/counter-array.ts';

const LUID = 'luid_0x00000000_0x00005678';
const ADAPTER = '0x00000000_0x00005678';
const SECOND_TICKS = 10_000_000n;

const engine = (pid: number, number: number, type: string, luid = LUID) =>
  `pid_${pid}_${luid}_phys_0_eng_${number}_engtype_${type}`;
const values = (items: readonly RawItem[]) => parseCounterArray(rawCounterArray(items), items.length);

const names: [name: string, pid: number | undefined, adapter: string | undefined][] = [
  ['pid_1234_luid_0x00000000_0x00005678_phys_0_eng_0_engtype_3D', 1234, ADAPTER],
  ['pid_1234_luid_0x00000000_0x00005678_phys_0', 1234, ADAPTER],
  ['luid_0x00000000_0x00005678_phys_0', undefined, ADAPTER],
  ['luid_0x00000000_0x00005678_phys_0_part_0', undefined, ADAPTER],
  ['pid_4_luid_0x00000001_0x0001d0c4_phys_0_eng_10_engtype_', 4, '0x00000001_0x0001D0C4'],
  ['pid_4_luid_0x0_0x5678_phys_0_eng_1', 4, ADAPTER],
  ['pid_4_luid_0x00000000_0x00005678_phys_0_eng_3_engtype_High Priority 3D#1', 4, ADAPTER],
  ['pid_4_luid_0x00000000_0x00005678_phys_0_eng_3_engtype_pid_9_luid_0x1_0x1_phys_7', 4, ADAPTER],
  ['PID_4294967295_LUID_0x00000000_0x00005678_PHYS_0', 4_294_967_295, ADAPTER],
  ['pid_7_luid_0x00000000_0x00005678_phys_1', 7, `${ADAPTER} phys 1`],
];
for (const [name, pid, adapter] of names) {
  test(`parses the instance ${name.slice(-60)}`, () => {
    const parsed = parseInstanceName(name);
    assert.deepEqual([parsed?.pid, parsed?.adapter], [pid, adapter]);
  });
}

for (const name of [
  '',
  '_Total',
  'pid_4294967296_luid_0x0_0x1_phys_0',
  'pid__luid_0x0_0x1_phys_0',
  'pid_-1_luid_0x0_0x1_phys_0',
  'pid_1_luid_0x000000000_0x1_phys_0',
  'pid_1_luid_0xg_0x1_phys_0',
  'pid_1_luid_0x0_0x1',
  'pid_1_luid_0x0_0x1_phys_',
  'pid_1_luid_0x0_0x1_phys_0_rest',
  'xpid_1_luid_0x0_0x1_phys_0',
  `pid_1_luid_0x0_0x1_phys_0_eng_0_engtype_${'x'.repeat(300)}`,
]) {
  test(`refuses the instance ${name.slice(0, 50)}`, () => assert.equal(parseInstanceName(name), undefined));
}

test('parses a raw array, and leaves out instances without a valid value or name', () => {
  const { values: found, invalid } = values([
    { name: engine(10, 0, '3D'), value: 123n },
    { name: engine(11, 0, '3D'), value: 5n, status: 0xc0000bba },
    { name: '_Total', value: 9n },
    { name: engine(12, 0, '3D'), value: 7n, status: 1 },
    { name: engine(13, 0, '3D'), value: -1n },
    { name: engine(14, 0, '3D'), value: 1n, nameAt: 1n },
    { name: engine(15, 0, '3D'), value: 1n, nameAt: 0n },
  ]);
  assert.deepEqual(
    found.map(({ instance, value }) => [instance.pid, value]),
    [
      [10, 123],
      [12, 7],
    ],
  );
  assert.equal(invalid, 5);
});

test('refuses a raw array that is shorter than its count of items', () => {
  const buffer = rawCounterArray([{ name: 'pid_1_luid_0x0_0x1_phys_0', value: 1n }]);
  assert.throws(() => parseCounterArray(buffer, 40), { name: 'BoundsError' });
  assert.deepEqual(parseCounterArray(rawCounterArray([]), 0), { values: [], invalid: 0 });
});

/** Percent of each process on the adapter after a second reading ten seconds later. */
function usageAfter(first: readonly RawItem[], second: readonly RawItem[]): [number, number][] {
  const usage = new EngineUsage();
  assert.equal(usage.update(values(first).values, 1000), undefined);
  return [...(usage.update(values(second).values, 11_000)?.get(ADAPTER) ?? [])];
}

test('counts a process with its busiest engine, not with the sum', () => {
  const found = usageAfter(
    [
      { name: engine(10, 0, '3D'), value: 0n },
      { name: engine(10, 1, 'Copy'), value: 50n * SECOND_TICKS },
      { name: engine(10, 2, 'Video'), value: 0n },
    ],
    [
      { name: engine(10, 0, '3D'), value: 4n * SECOND_TICKS },
      { name: engine(10, 1, 'Copy'), value: 57n * SECOND_TICKS },
      { name: engine(10, 2, 'Video'), value: 0n },
    ],
  );
  assert.deepEqual(found, [[10, 70]]);
});

test('counts a process that started since the last reading from zero, an older one not at all', () => {
  const found = usageAfter(
    [],
    [
      { name: engine(10, 0, '3D'), value: 2n * SECOND_TICKS },
      { name: engine(11, 0, '3D'), value: 500n * SECOND_TICKS },
    ],
  );
  assert.deepEqual(found, [
    [10, 20],
    [11, 0],
  ]);
});

test('starts again from zero when a pid is reused, and never exceeds 100 percent', () => {
  const found = usageAfter(
    [
      { name: engine(10, 0, '3D'), value: 100n * SECOND_TICKS },
      { name: engine(11, 0, '3D'), value: 0n },
    ],
    [
      { name: engine(10, 0, '3D'), value: 3n * SECOND_TICKS },
      { name: engine(11, 0, '3D'), value: 12n * SECOND_TICKS },
    ],
  );
  assert.deepEqual(found, [
    [10, 30],
    [11, 100],
  ]);
});

test('an instance that is missing for one reading has no peak afterwards', () => {
  const usage = new EngineUsage();
  const at = (seconds: bigint) => values([{ name: engine(10, 0, '3D'), value: seconds * SECOND_TICKS }]).values;
  usage.update(at(3n), 0);
  usage.update([], 10_000);
  assert.deepEqual([...usage.update(at(4n), 20_000)!.get(ADAPTER)!], [[10, 10]]);
  assert.equal(usage.update(at(4n), 20_000), undefined);
});

function gpu(index: number, values: Partial<Gpu> = {}): Gpu {
  return {
    index,
    handle: 1n,
    uuid: `GPU-${index}`,
    name: 'x',
    pci: { domain: 0, bus: index + 1, device: 0 },
    isWddm: true,
    isWindowsScheduled: true,
    utilization: new SampleWindow(),
    memoryUtilization: new SampleWindow(),
    processUsageSince: 0n,
    ...values,
  };
}

const OTHER = 'luid_0x00000000_0x00009999';
const addresses = new Map([
  [0x5678, { bus: 1, device: 0 }],
  [0x9999, { bus: 9, device: 3 }],
]);

function aReader(collect: () => Partial<Collected>, read = async ({ low }: { low: number }) => addresses.get(low)!) {
  const none = { values: [], invalid: 0 };
  const time = { nowMs: 0 };
  const reader = new CounterReader({
    now: () => time.nowMs,
    query: {
      collect: async () => ({ runningTime: none, processMemory: none, adapterMemory: none, ...collect() }),
      running: undefined,
    },
    adapters: new Adapters(read),
  });
  return async (gpus: readonly Gpu[]) => {
    time.nowMs += 10_000;
    return reader.read(gpus);
  };
}

test('attributes processes of an adapter to the GPU at the same place on the PCI bus', async () => {
  let seconds = 0n;
  const read = aReader(() => {
    seconds += 5n;
    return {
      runningTime: values([
        { name: engine(10, 0, 'Compute 0'), value: seconds * SECOND_TICKS },
        { name: engine(20, 0, '3D', OTHER), value: 0n },
      ]),
      processMemory: values([
        { name: `pid_10_${LUID}_phys_0`, value: 3000n },
        { name: `pid_11_${LUID}_phys_0`, value: 99_000n },
      ]),
      adapterMemory: values([{ name: `${LUID}_phys_0`, value: 8000n }]),
    };
  });
  const first = await read([gpu(0)]);
  assert.deepEqual(first.byGpu.get('GPU-0')?.knowledge, {
    source: 'performance counters',
    usage: false,
    memory: true,
  });
  const { byGpu, otherAdapters, problems } = await read([gpu(0)]);
  assert.deepEqual(byGpu.get('GPU-0'), {
    knowledge: { source: 'performance counters', usage: true, memory: true },
    // More memory than the adapter has in use is limited to that.
    processes: [
      { pid: 10, gpu: 'GPU-0', memoryBytes: 3000, usagePercent: 50 },
      { pid: 11, gpu: 'GPU-0', memoryBytes: 8000, usagePercent: 0 },
    ],
  });
  assert.deepEqual(otherAdapters, [
    { luid: '0x00000000_0x00009999', reason: 'it is not a GPU of NVIDIA: PCI bus 9, device 3', processes: 1 },
  ]);
  assert.deepEqual(problems, []);
});

const unmapped: [
  title: string,
  gpus: Gpu[],
  reason: RegExp,
  read?: (() => Promise<never>) | undefined,
  name?: string,
][] = [
  [
    'two GPUs are at that address of different domains',
    [gpu(0), gpu(1, { pci: { domain: 1, bus: 1, device: 0 } })],
    /several GPUs are at PCI bus 1, device 0 of different PCI domains/,
  ],
  [
    'Windows refuses the address',
    [gpu(0)],
    /its PCI address cannot be read: D3DKMTOpenAdapterFromLuid: access denied \(0xc0000022\)/,
    () => Promise.reject(new Win32Error('D3DKMTOpenAdapterFromLuid', 0xc0000022)),
  ],
  ['GPUs are linked', [gpu(0)], /one of several linked GPUs/, undefined, `pid_10_${LUID}_phys_1`],
];
for (const [title, gpus, reason, read, name = `pid_10_${LUID}_phys_0`] of unmapped) {
  test(`reports an adapter that cannot be mapped and the GPU without one when ${title}`, async () => {
    const memory = values([{ name, value: 1n }]);
    const found = await aReader(() => ({ processMemory: memory }), read)(gpus);
    assert.match(found.otherAdapters[0]?.reason ?? '', reason);
    assert.equal(found.byGpu.size, 0);
    assert.deepEqual(
      found.problems.map(({ part }) => part),
      gpus.map(({ index }) => `use of GPU ${index} by processes`),
    );
  });
}

test('reports a counter that is missing, and has the others', async () => {
  const error = new Win32Error('PdhAddEnglishCounterW', 0xc0000bb8);
  const read = aReader(() => ({
    runningTime: { error },
    processMemory: values([{ name: `pid_10_${LUID}_phys_0`, value: 5n }]),
  }));
  const { byGpu, problems } = await read([gpu(0)]);
  assert.deepEqual(byGpu.get('GPU-0')?.processes, [{ pid: 10, gpu: 'GPU-0', memoryBytes: 5 }]);
  assert.deepEqual(
    problems.map(({ part, reason }) => `${part}: ${reason}`),
    ['running time of GPU engines: PdhAddEnglishCounterW: no such performance object (0xc0000bb8)'],
  );
});

test('reports counters that cannot be collected at all, and instances that are not valid', async () => {
  const failing = aReader(() => {
    throw new Win32Error('PdhCollectQueryData', 0x800007d5);
  });
  const { problems } = await failing([gpu(0)]);
  assert.deepEqual(
    problems.map(({ part, reason }) => `${part}: ${reason}`),
    ['use of GPUs by processes: PdhCollectQueryData: no data (0x800007d5)'],
  );
  const invalid = aReader(() => ({ processMemory: { values: [], invalid: 3 } }));
  assert.match((await invalid([])).problems[0]?.reason ?? '', /^3 instances of the counter are not valid/);
});
