// Encodes passes of a generated host as remote write; prints one JSON line.
import { setImmediate as nextTurn } from 'node:timers/promises';
import snappyjs from 'snappyjs';
import { keepHeapSmall } from '../../src/base/memory.ts';
import type { MetricDefinition } from '../../src/collectors/families/definition.ts';
import { SampleGatherer, type Snapshot } from '../../src/collectors/samples.ts';
import { remoteWriteFormat } from '../../src/exporters/remote-write/format.ts';
import { encodePass } from '../../src/exporters/remote-write/write-request.ts';
import { rssAnonMiB } from './event-memory-use.ts';

export interface RemoteWriteTask {
  readonly series: number;
}

export interface RemoteWriteResult {
  readonly series: number;
  readonly plainBytes: number;
  readonly bytes: number;
  /** Main-thread CPU milliseconds of each pass; the first one encodes all labels. */
  readonly cpuMs: readonly number[];
  /** Longest time in milliseconds without a turn of the event loop, for each pass; other processes may lengthen it. */
  readonly blockMs: readonly number[];
  /** Most main-thread CPU milliseconds of a turn of the event loop, for each pass. */
  readonly blockCpuMs: readonly number[];
  /** RssAnon after all passes, less that before the first, in MiB. */
  readonly extraRssMiB: number;
  /** Median milliseconds in which snappyjs compresses the same plain bytes. */
  readonly snappyjsMs: number;
}

keepHeapSmall();

const PASSES = 60;
const FAMILIES = 7;
const OWNERS = Math.ceil((JSON.parse(process.argv[2]!) as RemoteWriteTask).series / FAMILIES);

const node = { machine_id: '0123456789abcdef0123456789abcdef', system_uuid: '4C4C4544-004A-5A10-805A-B4C04F4D4D32' };
const families = Array.from({ length: FAMILIES }, (_, i): MetricDefinition => {
  return {
    name: `container_net_tcp_family_${i}_total`,
    type: 'counter',
    help: 'Total number of things of a destination',
    labels: ['destination', 'actual_destination'],
    scope: 'container',
    unit: 'things',
    emittedWhen: 'always',
  };
});
const owners = Array.from({ length: OWNERS }, (_, i) => {
  return { container: `/windows/service-${i % 200}`, destination: `10.0.${i >> 8}.${i & 255}:${1024 + i}` };
});

const gatherer = new SampleGatherer();
gatherer.relabel(node);

/** Series of eight labels: name, job, instance, machine, UUID, container, destination, actual destination. */
function pass(number: number): Snapshot {
  gatherer.begin();
  for (const [i, owner] of owners.entries())
    for (const family of families)
      gatherer.add(
        family,
        owner,
        ({ container, destination }) => ({
          ...node,
          container_id: container,
          destination,
          actual_destination: destination,
        }),
        number * i,
      );
  return gatherer.finish(1_764_288_000_000 + number * 15_000);
}

let lastTurn = 0;
let lastCpu = 0;
let longest = 0;
let longestCpu = 0;
let done = false;

function cpuNow(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function endTurn(): void {
  const now = performance.now();
  const cpu = cpuNow();
  longest = Math.max(longest, now - lastTurn);
  longestCpu = Math.max(longestCpu, cpu - lastCpu);
  lastTurn = now;
  lastCpu = cpu;
}

function turn(): void {
  endTurn();
  if (!done) setImmediate(turn);
}

// The passes themselves need memory too: without them the encoder would be charged for it.
for (let number = 1 - PASSES; number <= 0; number++) {
  pass(number);
  await nextTurn();
}
const rssBefore = rssAnonMiB();
const cpuMs: number[] = [];
const blockMs: number[] = [];
const blockCpuMs: number[] = [];
let payload: Awaited<ReturnType<typeof encodePass>>;
let series = 0;
turn();
for (let number = 1; number <= PASSES; number++) {
  const snapshot = pass(number);
  series = snapshot.series;
  endTurn();
  longest = 0;
  longestCpu = 0;
  const before = lastCpu;
  payload = await encodePass(snapshot, []);
  endTurn();
  cpuMs.push(lastCpu - before);
  blockMs.push(longest);
  blockCpuMs.push(longestCpu);
}
done = true;
const extraRssMiB = rssAnonMiB() - rssBefore;

const plain = snappyjs.uncompress(payload!.body);
const times = Array.from({ length: 15 }, () => {
  const startedAt = performance.now();
  snappyjs.compress(plain);
  return performance.now() - startedAt;
});
const result: RemoteWriteResult = {
  series,
  plainBytes: remoteWriteFormat.plainBytes(payload!),
  bytes: payload!.body.length,
  cpuMs,
  blockMs,
  blockCpuMs,
  extraRssMiB,
  snappyjsMs: times.sort((a, b) => a - b)[times.length >> 1]!,
};
console.log(JSON.stringify(result));
