// Records what the NVML of this machine answers to the agent's own calls, idle and under load, and how long each takes.
//
//   node scripts/nvml-capture.ts LIBRARY FOLDER    e.g. C:\Windows\System32\nvml.dll or libnvidia-ml.so.1
//
// FOLDER receives capture.json, and the answers of nvidia-smi of the same moments. Load comes from `python3` with
// PyTorch, if it is there. The capture has UUIDs of GPUs: scripts/lib/nvml-fixture.ts replaces them.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Nvml, openNvml } from '../src/native/nvml.ts';
import { NvmlReader } from '../src/sources/poll/gpu/nvml-reader.ts';

/** One call: arguments that go in, buffers after the call as base64, and its time. */
interface RecordedCall {
  call: string;
  args: (string | number | null)[];
  buffers: string[];
  code: number;
  ms: number;
}

const [library = 'libnvidia-ml.so.1', folder = '.'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const clock = { monotonicMs: () => performance.now() + 1000, wallMs: Date.now };

/** Passes calls on and appends them to `calls`. */
function recorded(nvml: Nvml, calls: RecordedCall[]): Nvml {
  const functions = Object.entries(nvml.functions).filter(([, run]) => run !== undefined);
  const wrapped = functions.map(([call, run]) => [
    call,
    async (...args: unknown[]) => {
      const startedAt = performance.now();
      const code = await (run as (...each: unknown[]) => Promise<number>)(...args);
      const ms = performance.now() - startedAt;
      const buffers = args.filter((arg) => Buffer.isBuffer(arg)).map((arg) => trimmed(arg).toString('base64'));
      const values = args.map((arg) =>
        Buffer.isBuffer(arg) ? `buffer ${arg.length}` : typeof arg === 'bigint' ? String(arg) : (arg as number | null),
      );
      calls.push({ call, args: values, buffers, code, ms });
      return code;
    },
  ]);
  return { functions: Object.fromEntries(wrapped), unload: () => nvml.unload() };
}

/** Without the zeros at the end. */
function trimmed(buffer: Buffer): Buffer {
  let { length } = buffer;
  while (length > 0 && buffer[length - 1] === 0) length--;
  return Buffer.from(buffer.subarray(0, length));
}

function smi(name: string, ...args: string[]): void {
  const { stdout, error } = spawnSync('nvidia-smi', args, { encoding: 'utf8' });
  writeFileSync(join(folder, name), error ? `${error.message}\n` : stdout);
}

const FIELDS =
  'uuid,name,driver_version,pci.bus_id,memory.total,memory.used,memory.reserved,memory.free,temperature.gpu,power.draw.instant,power.draw.average,power.draw,utilization.gpu,utilization.memory,mig.mode.current';

/** A reading, and what nvidia-smi reports at the same moment. */
async function moment(name: string, reader: NvmlReader, calls: RecordedCall[]) {
  calls.length = 0;
  const startedAt = performance.now();
  const { record, problems } = await reader.read();
  const ms = performance.now() - startedAt;
  smi(`${name}.csv`, `--query-gpu=${FIELDS}`, '--format=csv,nounits');
  smi(`${name}-processes.csv`, '--query-compute-apps=pid,used_memory', '--format=csv,nounits');
  return { name, ms, record, problems, calls: [...calls] };
}

const LOAD = `
import sys, time, torch
kind = sys.argv[1]
held = torch.empty(4 * 1024**3, dtype=torch.uint8, device='cuda')
a = torch.randn(8192, 8192, device='cuda', dtype=torch.bfloat16)
torch.cuda.synchronize()
print('ready', flush=True)
until = time.time() + float(sys.argv[2])
while time.time() < until:
    if kind == 'hold':
        time.sleep(0.5)
        continue
    began = time.time()
    while time.time() - began < 0.5:
        b = a @ a
        torch.cuda.synchronize()
    if kind == 'burst': time.sleep(1.5)
`;

/** Starts a program that uses the GPU; resolves when it has begun, or with undefined without PyTorch. */
async function startLoad(kind: 'steady' | 'burst' | 'hold', seconds: number) {
  const child = spawn('python3', ['-c', LOAD, kind, String(seconds)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const started = await Promise.race([
    once(createInterface(child.stdout), 'line').then(() => true),
    once(child, 'exit').then(() => false),
  ]);
  return started ? child : undefined;
}

const calls: RecordedCall[] = [];
const probe = openNvml(library);
const missing = Object.entries(probe.functions).flatMap(([name, run]) => (run === undefined ? [name] : []));
const open = (path: string): Nvml => recorded(openNvml(path), calls);
const reader = new NvmlReader({ clock, find: () => library, open });
const moments: unknown[] = [];

smi('idle.xml', '-q', '-x');
moments.push(await moment('first', reader, calls));
await sleep(6000);
moments.push(await moment('idle', reader, calls));

const hold = await startLoad('hold', 60);
const steady = hold && (await startLoad('steady', 18));
if (steady) {
  moments.push(await moment('begin-load', reader, calls));
  await sleep(12_000);
  moments.push(await moment('load', reader, calls));
  smi('load.xml', '-q', '-x');
  await once(steady, 'exit');
  const burst = await startLoad('burst', 18);
  moments.push(await moment('begin-burst', reader, calls));
  await sleep(12_000);
  moments.push(await moment('burst', reader, calls));
  if (burst) await once(burst, 'exit');
}

// Times of single calls while a process holds memory, and of whole readings.
const times: Record<string, number[]> = {};
const readings: number[] = [];
for (let i = 0; i < 60; i++) {
  calls.length = 0;
  const startedAt = performance.now();
  await reader.read();
  readings.push(performance.now() - startedAt);
  for (const { call, ms } of calls) {
    times[call] ??= [];
    times[call].push(ms);
  }
}

/** What the newer function for processes answers, with and without a buffer; and a device that does not exist. */
async function probeOthers(nvml: Nvml) {
  const { functions } = nvml;
  const handle = Buffer.alloc(8);
  const found: Record<string, unknown> = {};
  found.init = await functions.nvmlInit_v2?.();
  found.handle99 = await functions.nvmlDeviceGetHandleByIndex_v2?.(99, handle);
  await functions.nvmlDeviceGetHandleByIndex_v2?.(0, handle);
  const device = handle.readBigUInt64LE();
  const count = Buffer.alloc(4);
  found.processUtilizationNull = await functions.nvmlDeviceGetProcessUtilization?.(device, null, count, 0n);
  found.processUtilizationNullCount = count.readUInt32LE();
  found.uuidTooShort = await functions.nvmlDeviceGetUUID?.(device, Buffer.alloc(4), 4);
  count.writeUInt32LE(0);
  found.computeNone = await functions.nvmlDeviceGetComputeRunningProcesses_v3?.(device, count, Buffer.alloc(24));
  found.computeNoneCount = count.readUInt32LE();
  found.shutdown = await functions.nvmlShutdown?.();
  found.afterShutdown = await functions.nvmlDeviceGetCount_v2?.(count);
  return found;
}
const others = await probeOthers(probe);

// The newer function alone, as on GPUs that support no other.
const newer: RecordedCall[] = [];
const newerOpen = (path: string): Nvml => {
  const nvml = recorded(openNvml(path), newer);
  return { ...nvml, functions: { ...nvml.functions, nvmlDeviceGetProcessUtilization: async () => 3 } };
};
const newerReader = new NvmlReader({ clock, find: () => library, open: newerOpen });
const newerReading = (await newerReader.read()).record;

const cycles: { initMs: number; unloadMs: number; rssMiB: number }[] = [];
for (let i = 0; i < 10; i++) {
  const startedAt = performance.now();
  const nvml = openNvml(library);
  await nvml.functions.nvmlInit_v2?.();
  const initialisedAt = performance.now();
  await nvml.functions.nvmlShutdown?.();
  nvml.unload();
  const rssMiB = Math.round(process.memoryUsage.rss() / 1024 / 1024);
  cycles.push({ initMs: initialisedAt - startedAt, unloadMs: performance.now() - initialisedAt, rssMiB });
}
hold?.kill();

const summary = Object.fromEntries(Object.entries(times).map(([call, each]) => [call, spread(each)]));
const capture = {
  capturedAt: new Date().toISOString(),
  platform: `${process.platform} ${process.arch}, Node ${process.versions.node}`,
  missing,
  moments,
  times: summary,
  readings: spread(readings),
  others,
  newer: { processes: newerReading.processes, callFailures: newerReading.callFailures, calls: newer },
  cycles,
};
writeFileSync(join(folder, 'capture.json'), `${JSON.stringify(capture, undefined, 1)}\n`);
process.stdout.write(
  `${JSON.stringify({ missing, summary, readings: capture.readings, others, cycles }, undefined, 1)}\n`,
);

function spread(values: readonly number[]): { min: number; median: number; max: number; count: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)]! * 1000) / 1000;
  return { min: at(0), median: at(0.5), max: at(1), count: sorted.length };
}
