// An inference server with two GPUs: one that NVIDIA's driver schedules (TCC), and one that Windows schedules (WDDM).
import { PART_GRANTS } from '../../../src/sources/grants.ts';
import type { CloudInstance } from '../../../src/sources/host.ts';
import { Adapters } from '../../../src/sources/poll/gpu/adapters.ts';
import { parseCounterArray } from '../../../src/sources/poll/gpu/counter-array.ts';
import type { Collected } from '../../../src/sources/poll/gpu/counter-query.ts';
import { CounterReader } from '../../../src/sources/poll/gpu/counter-reader.ts';
import { createGpuPoll } from '../../../src/sources/poll/gpu/gpus.ts';
import { NvmlReader } from '../../../src/sources/poll/gpu/nvml-reader.ts';
import type { Reading } from '../../../src/sources/poll/poll.ts';
import { type RawItem, rawCounterArray } from '../counter-array.ts';
import { aGpu, SimulatedNvml } from '../nvml.ts';
import { WALL_AT_ZERO_MS } from '../observations.ts';
import { GIB, Machine, MIB } from './machine.ts';
import { type ExtraReading, INTERVAL_MS, quiet, type Scenario } from './scenario.ts';

const TRITON = 3100;
const WORKER = 3140;
const DESKTOP = 2200;
const SAMPLE_US = 200_000;

function machine(): Machine {
  const host = new Machine({
    hostname: 'INFER02',
    productName: 'Windows Server 2022 Standard',
    version: { major: 10, minor: 0, build: 20348 },
    machineGuid: '6b1f0d52-7c3e-4f0a-9a51-0f2e4d6c8b97',
    uuidBytes: [0x52, 0x0d, 0x1f, 0x6b, 0x3e, 0x7c, 0x0a, 0x4f, 0x9a, 0x51, 0x0f, 0x2e, 0x4d, 0x6c, 0x8b, 0x97],
    groups: [16],
    totalBytes: 128 * GIB,
    availableBytes: 90 * GIB,
    systemCachePages: 1_000_000,
    pageLists: { zeroed: 20_000_000, free: 100_000, modified: 9000, standby: [0, 0, 0, 0, 0, 2_000_000, 0, 0] },
    elevated: true,
    privileges: ['SeDebugPrivilege', 'SeProfileSingleProcessPrivilege'],
    upForMs: 2 * 86_400_000,
  });
  host.volume({
    guid: '6b1f0d52-0001-4f0a-9a51-0f2e4d6c8b97',
    mountPoints: ['C:\\'],
    sizeBytes: 960 * GIB,
    readRate: 9,
  });
  host.adapter({ index: 1, alias: 'Loopback Pseudo-Interface 1', type: 24, flags: 0, addresses: ['127.0.0.1', '::1'] });
  host.adapter({ index: 7, alias: 'Ethernet', addresses: ['10.60.0.2'], packetRate: 900 });
  host.service('TritonServer', { displayName: 'Triton', binaryPath: '"C:\\Program Files\\triton\\tritonserver.exe"' });
  host.process({ pid: TRITON, image: 'tritonserver.exe', workingSetBytes: 900 * MIB, userRate: 400, threads: 60 });
  host.start('TritonServer', TRITON);
  host.process({ pid: WORKER, parentPid: TRITON, image: 'python.exe', workingSetBytes: 2 * GIB, userRate: 700 });
  host.listen(TRITON, '0.0.0.0:8000', '0.0.0.0:8001');
  host.service('RemoteDesk', { displayName: 'Remote desktop', binaryPath: 'C:\\remote\\remotedesk.exe' });
  host.process({ pid: DESKTOP, image: 'remotedesk.exe', workingSetBytes: 120 * MIB, userRate: 30 });
  host.start('RemoteDesk', DESKTOP);
  host.listen(DESKTOP, '10.60.0.2:5900');
  return host;
}

/** Four samples a round from this time on. */
function samples(round: number, ...percents: number[]): [number, number][] {
  return percents.map((percent, i) => [(round * percents.length + i + 1) * SAMPLE_US, percent]);
}

/** The GPUs in one round. */
type Change = (nvml: SimulatedNvml) => void;

const changes: Change[] = [
  ({ gpus: [first] }) => {
    first!.samples = samples(0, 10, 20, 90, 40);
    first!.memorySamples = samples(0, 5, 10, 30, 15);
    first!.usage = [[4 * SAMPLE_US, WORKER, 40]];
  },
  ({ gpus: [first] }) => {
    first!.samples = samples(1, 100, 98, 97, 99);
    first!.memorySamples = samples(1, 40, 42, 44, 46);
    first!.usage = [
      [8 * SAMPLE_US, WORKER, 91],
      [8 * SAMPLE_US, TRITON, 7],
    ];
    first!.temperature = 68;
    first!.milliwatts = 71_800;
  },
  // The worker is idle: its container keeps its series, at 0.
  ({ gpus: [first] }) => {
    first!.samples = samples(2, 0, 0, 0, 0);
    first!.memorySamples = samples(2, 0, 0, 0, 0);
    first!.usage = [];
  },
  // The second GPU stops answering.
  (nvml) => {
    nvml.gpus[0]!.samples = samples(3, 0, 0, 0, 0);
    nvml.gpus[0]!.memorySamples = samples(3, 0, 0, 0, 0);
    nvml.errors.set('nvmlDeviceGetMemoryInfo 1', 15);
    nvml.errors.set('nvmlDeviceGetHandleByIndex_v2 1', 15);
  },
];

/** LUIDs of the adapters: the second GPU, and the display adapter of the remote management controller. */
const GPU_ADAPTER = 'luid_0x00000000_0x0000D1F4';
const OTHER_ADAPTER = 'luid_0x00000000_0x0000C2A0';
const addresses = new Map([
  [0xd1f4, { bus: 0x65, device: 0 }],
  [0xc2a0, { bus: 3, device: 0 }],
]);
const TICKS_PER_SECOND = 10_000_000;

/** GPU counters of Windows after so many seconds; the desktop uses its 3D engine for a fifth of the time. */
function counters(seconds: number): Collected {
  const engines = [
    { name: `pid_${DESKTOP}_${GPU_ADAPTER}_phys_0_eng_0_engtype_3D`, value: BigInt(seconds * 0.2 * TICKS_PER_SECOND) },
    {
      name: `pid_${DESKTOP}_${GPU_ADAPTER}_phys_0_eng_5_engtype_VideoEncode`,
      value: BigInt(seconds * TICKS_PER_SECOND) / 9n,
    },
    { name: `pid_4_${OTHER_ADAPTER}_phys_0_eng_0_engtype_3D`, value: 0n },
  ];
  const memory = [{ name: `pid_${DESKTOP}_${GPU_ADAPTER}_phys_0`, value: BigInt(384 * MIB) }];
  const parse = (items: readonly RawItem[]) => parseCounterArray(rawCounterArray(items), items.length);
  return {
    runningTime: parse(engines),
    processMemory: parse(memory),
    adapterMemory: parse([{ name: `${GPU_ADAPTER}_phys_0`, value: BigInt(512 * MIB) }]),
  };
}

async function readings(): Promise<(Reading<'gpus'> | undefined)[]> {
  const nvml = new SimulatedNvml([
    aGpu({
      uuid: 'GPU-7c2d1e90-4b6a-48f3-8e15-20c4d8a1b3f6',
      memory: [24 * GIB, 9 * GIB, 15 * GIB],
      driverModel: 1,
      compute: [
        [TRITON, 0.5 * GIB],
        [WORKER, 12 * GIB],
      ],
    }),
    aGpu({
      uuid: 'GPU-91e0a4c7-5d3b-4f26-b7a8-6c15e2f09d34',
      name: 'NVIDIA T400',
      pci: [0, 0x65, 0],
      memory: [2 * GIB, 1.5 * GIB, 0.5 * GIB],
      temperature: 44,
      rates: [3, 1],
      driverModel: 0,
      graphics: [[DESKTOP, -1]],
    }),
  ]);
  // This card has no sensor of its power.
  nvml.errors.set('nvmlDeviceGetPowerUsage 1', 3);
  let nowMs = 0;
  const clock = { monotonicMs: () => nowMs, wallMs: () => WALL_AT_ZERO_MS + nowMs };
  const query = { collect: async () => counters(nowMs / 1000), running: undefined };
  const timers: (() => void)[] = [];
  const poll = createGpuPoll({
    intervalMs: INTERVAL_MS,
    clock,
    after: (callback) => timers.push(callback),
    reader: new NvmlReader({ clock, find: () => 'nvml.dll', open: nvml.open }),
    counters: new CounterReader({
      now: clock.monotonicMs,
      query,
      adapters: new Adapters(async ({ low }) => addresses.get(low)!),
    }),
  });
  const found: (Reading<'gpus'> | undefined)[] = [];
  for (const change of [() => {}, ...changes]) {
    found.push(poll.read({}));
    change(nvml);
    nowMs += INTERVAL_MS;
    for (const callback of timers.splice(0)) callback();
    // Every call of the simulated libraries is settled within one turn of the event loop.
    await new Promise(setImmediate);
  }
  return [...found, poll.read({})];
}

const rounds = await readings();

/** The cloud by the round: the metadata service answers from the second attempt on. */
const cloudOf: readonly (Pick<ExtraReading, 'degraded'> & { readonly data: CloudInstance })[] = [
  {
    data: { provider: 'AWS' },
    degraded: [
      {
        part: 'metadata service of the cloud',
        reason: 'connect ENETUNREACH 169.254.169.254:80',
        consequence: PART_GRANTS.cloudMetadata.consequence,
      },
    ],
  },
  {
    data: {
      provider: 'AWS',
      accountId: '210987654321',
      instanceId: 'i-0b7d52f96c3e4f0a9',
      instanceType: 'g4dn.12xlarge',
      instanceLifeCycle: 'on-demand',
      region: 'eu-central-1',
      availabilityZone: 'eu-central-1b',
      availabilityZoneId: 'euc1-az3',
      localIpv4: '10.60.0.2',
    },
  },
];

export const gpuServer: Scenario = {
  name: 'gpu-server',
  about: 'an inference server in a cloud with two GPUs, one of which is lost in the last round',
  machine,
  rounds: changes.map(() => quiet).concat(quiet),
  // The first reading begins in the first round and is there in the second.
  extra: (round) => {
    const { data, degraded } = rounds[round] ?? {};
    return [
      ...(data ? [{ kind: 'gpus' as const, data, ...(degraded?.length ? { degraded } : {}) }] : []),
      ...(cloudOf[round] ? [{ kind: 'cloud' as const, ...cloudOf[round] }] : []),
    ];
  },
};
