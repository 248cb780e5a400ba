// GPUs and the processes that use them: read between two rounds, because the driver may block for seconds.
import { monotonicMs } from '../../../base/monotonic.ts';
import { KIND_GRANTS, PART_GRANTS } from '../../grants.ts';
import type { GpusRecord } from '../../host.ts';
import { unavailability } from '../../unavailable.ts';
import { EVERY_ROUND, type Poll } from '../poll.ts';
import { BackgroundRead } from './background-read.ts';
import { CounterReader, type CounterReading } from './counter-reader.ts';
import type { Gpu } from './nvml-devices.ts';
import { NvmlReader, type NvmlReading } from './nvml-reader.ts';

/** Reads start this long before a round, so that its values are recent. */
const LEAD_MS = 1000;
/** Longest time between two looks at the samples of the driver: an H100 keeps 14.4 s of them. */
const SAMPLE_MS = 10_000;
/** A read that takes longer is reported as blocked. */
const BLOCKED_AFTER_MS = 10_000;
const BLOCKED_AFTER_INTERVALS = 2;

export interface GpuReader {
  read(): Promise<NvmlReading>;
  /** Between two reads. */
  sample(): Promise<void>;
  /** The call that has not returned yet. */
  readonly running: string | undefined;
}

export interface GpuPollOptions {
  /** Time between two rounds. */
  readonly intervalMs: number;
  /** Replaced by tests. */
  readonly clock?: { monotonicMs(): number; wallMs(): number };
  readonly after?: (callback: () => void, delayMs: number) => void;
  readonly reader?: GpuReader;
  readonly counters?: Pick<CounterReader, 'read' | 'running'>;
}

const systemClock = { monotonicMs, wallMs: Date.now };
/** The timer does not keep a worker alive that was told to stop. */
const afterTimeout = (callback: () => void, delayMs: number): void => {
  setTimeout(callback, delayMs).unref();
};

export function createGpuPoll(options: GpuPollOptions): Poll<'gpus'> {
  const { intervalMs, clock = systemClock, after = afterTimeout } = options;
  const reader = options.reader ?? new NvmlReader({ clock });
  const counters = options.counters ?? new CounterReader({ now: clock.monotonicMs });
  /** GPUs of the last reading that Windows schedules, whose processes only its counters know. */
  let gpus: readonly Gpu[] = [];
  const driverRead = new BackgroundRead(() => reader.read(), clock.monotonicMs);
  const counterRead = new BackgroundRead(() => counters.read(gpus), clock.monotonicMs);
  const blockedAfterMs = Math.max(BLOCKED_AFTER_MS, intervalMs * BLOCKED_AFTER_INTERVALS);
  const leadMs = Math.min(LEAD_MS, intervalMs / 2);
  const samplesPerInterval = Math.ceil(intervalMs / SAMPLE_MS);

  /** A constant text, because `status` and the log show each new one. */
  const blocked = ({ runningMs }: BackgroundRead<unknown>, running = 'a read'): Error | undefined => {
    if (runningMs <= blockedAfterMs) return undefined;
    const since = new Date(clock.wallMs() - runningMs);
    since.setMilliseconds(0);
    return new Error(`${running} has not returned since ${since.toISOString()}`);
  };
  const start = (): void => {
    driverRead.start();
    // Both at the same time, on different threads: performance counters may block as well.
    if (gpus.some(({ isWindowsScheduled }) => isWindowsScheduled)) counterRead.start();
  };
  const plan = (): void => {
    for (let i = 1; i < samplesPerInterval; i++)
      after(() => void reader.sample(), (intervalMs * i) / samplesPerInterval - leadMs);
    after(start, intervalMs - leadMs);
  };
  let isFirst = true;
  return {
    kind: 'gpus',
    schedule: EVERY_ROUND,
    grant: KIND_GRANTS.gpus,
    read: () => {
      if (isFirst) start();
      else plan();
      isFirst = false;
      const finished = driverRead.take();
      const error = blocked(driverRead, reader.running);
      if (!finished && error) throw error;
      if (!finished) return undefined;
      if ('error' in finished) throw finished.error;
      ({ gpus } = finished.value);
      const { record, problems } = finished.value;
      const counted = counterRead.take();
      if (counted && 'error' in counted) throw counted.error;
      const late = blocked(counterRead, counters.running);
      const lateProblems = late ? [unavailability('use of GPUs by processes', late, PART_GRANTS.gpuProcesses)] : [];
      return {
        data: counted ? withCounters(record, counted.value) : record,
        degraded: [...problems, ...(counted?.value.problems ?? []), ...lateProblems],
        seconds: Math.max(finished.seconds, counted?.seconds ?? 0),
      };
    },
  };
}

/** Replaces what the driver knows about processes by what Windows knows, where it schedules the GPU. */
function withCounters(record: GpusRecord, { byGpu, otherAdapters }: CounterReading): GpusRecord {
  return {
    ...record,
    gpus: record.gpus.map((gpu) => {
      const counted = byGpu.get(gpu.uuid);
      return counted ? { ...gpu, processes: counted.knowledge } : gpu;
    }),
    processes: [
      ...record.processes.filter(({ gpu }) => !byGpu.has(gpu)),
      ...record.gpus.flatMap(({ uuid }) => byGpu.get(uuid)?.processes ?? []),
    ],
    otherAdapters,
  };
}
