// Records what the NVML of this machine answers to the agent's own calls, idle and under load, and how long each takes.
//
//   node scripts/nvml-capture.ts LIBRARY FOLDER    e.g. C:\Windows\System32\nvml.dll or libnvidia-ml.so.1
//
// FOLDER receives capture.json: each call with its return code and the bytes that it wrote, and what nvidia-smi
// reported at the same moment. The UUID and the PCI address are replaced. Load comes from `python3` with PyTorch, if it
// is there.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Nvml, nvmlPciInfo_t, openNvml } from '../src/native/nvml.ts';
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
      replaceIdentity(call, args);
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

/** Writes an invented UUID and PCI address over the real ones, for the capture and for the reader. */
function replaceIdentity(call: string, args: readonly unknown[]): void {
  const [, answer] = args as [unknown, Buffer | undefined];
  if (call === 'nvmlDeviceGetUUID') answer!.fill(0).write('GPU-3f0c6a52-9d41-4e7b-8a26-51b7d0e9c384');
  if (call !== 'nvmlDeviceGetPciInfo_v3') return;
  answer!.fill(0);
  answer!.write('0000:3B:00.0', nvmlPciInfo_t.at.busIdLegacy);
  answer!.writeUInt32LE(0x3b, nvmlPciInfo_t.at.bus);
  answer!.write('00000000:3B:00.0', nvmlPciInfo_t.at.busId);
}

/** Without the zeros at the end. */
function trimmed(buffer: Buffer): Buffer {
  let { length } = buffer;
  while (length > 0 && buffer[length - 1] === 0) length--;
  return Buffer.from(buffer.subarray(0, length));
}

/** A table of nvidia-smi, by its own column titles; empty where there is none. */
function smi(...args: string[]): Record<string, string>[] {
  const { stdout, error } = spawnSync('nvidia-smi', [...args, '--format=csv,nounits'], { encoding: 'utf8' });
  if (error) return [];
  const [titles = [], ...rows] = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(', '));
  return rows.map((row) => Object.fromEntries(titles.map((title, i) => [title, row[i] ?? ''])));
}

const FIELDS =
  'name,driver_version,memory.total,memory.used,memory.reserved,temperature.gpu,power.draw.instant,power.draw.average,utilization.gpu,utilization.memory,mig.mode.current';

/** A reading, and what nvidia-smi reports at the same moment. */
async function moment(name: string, reader: NvmlReader, calls: RecordedCall[]) {
  const startedAt = performance.now();
  await reader.read();
  const ms = performance.now() - startedAt;
  const nvidiaSmi = { gpus: smi(`--query-gpu=${FIELDS}`), processes: smi('--query-compute-apps=pid,used_memory') };
  return { name, ms, nvidiaSmi, calls: calls.splice(0) };
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

// First, because only then no other user of the library is in this process.
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
const others = await probeOthers(probe);
probe.unload();

const open = (path: string): Nvml => recorded(openNvml(path), calls);
const reader = new NvmlReader({ clock, find: () => library, open });
const moments: unknown[] = [await moment('first', reader, calls)];
/** Waits 14 seconds as the agent does, with one look at the samples on the way. */
const interval = async (): Promise<void> => {
  await sleep(7000);
  await reader.sample();
  await sleep(7000);
};

await interval();
moments.push(await moment('idle', reader, calls));
const hold = await startLoad('hold', 110);
let newer: unknown;
if (hold) {
  const steady = await startLoad('steady', 20);
  moments.push(await moment('begin load', reader, calls));
  await interval();
  moments.push(await moment('load', reader, calls));
  newer = await readNewer();
  if (steady) await once(steady, 'exit');
  const burst = await startLoad('burst', 20);
  moments.push(await moment('begin bursts', reader, calls));
  await interval();
  moments.push(await moment('bursts', reader, calls));
  if (burst) await once(burst, 'exit');
}

// Times of single calls while a process holds memory, and of whole readings.
const times: Record<string, number[]> = {};
const readings: number[] = [];
for (let i = 0; i < 60; i++) {
  const startedAt = performance.now();
  await reader.read();
  readings.push(performance.now() - startedAt);
  for (const { call, ms } of calls.splice(0)) {
    times[call] ??= [];
    times[call].push(ms);
  }
}
hold?.kill();

/** Codes at the limits: a device that does not exist, buffers that are too short, a library that is shut down. */
async function probeOthers(nvml: Nvml) {
  const { functions } = nvml;
  const handle = Buffer.alloc(8);
  const count = Buffer.alloc(4);
  const found: Record<string, unknown> = {};
  found.beforeInit = await functions.nvmlDeviceGetCount_v2?.(count);
  found.init = await functions.nvmlInit_v2?.();
  found.handle99 = await functions.nvmlDeviceGetHandleByIndex_v2?.(99, handle);
  await functions.nvmlDeviceGetHandleByIndex_v2?.(0, handle);
  const device = handle.readBigUInt64LE();
  found.processUtilizationNull = await functions.nvmlDeviceGetProcessUtilization?.(device, null, count, 0n);
  found.processUtilizationNullCount = count.readUInt32LE();
  found.uuidTooShort = await functions.nvmlDeviceGetUUID?.(device, Buffer.alloc(4), 4);
  found.shutdown = await functions.nvmlShutdown?.();
  found.afterShutdown = await functions.nvmlDeviceGetCount_v2?.(count);
  return found;
}

/** Processes by the newer function alone, as on GPUs that support no other. */
async function readNewer() {
  const codes: number[] = [];
  const replaced = (path: string): Nvml => {
    const nvml = openNvml(path);
    const run = nvml.functions.nvmlDeviceGetProcessesUtilizationInfo;
    return {
      ...nvml,
      functions: {
        ...nvml.functions,
        nvmlDeviceGetProcessUtilization: async () => 3,
        nvmlDeviceGetProcessesUtilizationInfo: async (device, info) => {
          const code = (await run?.(device, info)) ?? 13;
          codes.push(code);
          return code;
        },
      },
    };
  };
  const { record } = await new NvmlReader({ clock, find: () => library, open: replaced }).read();
  return { codes, processes: record.processes.map(({ gpu: _, ...each }) => each), callFailures: record.callFailures };
}

const summary = Object.fromEntries(Object.entries(times).map(([call, each]) => [call, spread(each)]));
const capture = {
  capturedAt: new Date().toISOString(),
  platform: `${process.platform} ${process.arch}, Node ${process.versions.node}`,
  missing,
  moments,
  times: summary,
  readings: spread(readings),
  others,
  newer,
  cycles,
};
writeFileSync(join(folder, 'capture.json'), `${JSON.stringify(capture)}\n`);
process.stdout.write(
  `${JSON.stringify({ missing, summary, readings: capture.readings, others, cycles }, undefined, 1)}\n`,
);

function spread(values: readonly number[]): { min: number; median: number; max: number; count: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)]! * 1000) / 1000;
  return { min: at(0), median: at(0.5), max: at(1), count: sorted.length };
}
