// GPUs and the processes that use them: read between two rounds, because the driver may block for seconds.
import { monotonicMs } from '../../../base/monotonic.ts';
import { KIND_GRANTS } from '../../grants.ts';
import { EVERY_ROUND, type Poll, type Reading } from '../poll.ts';
import { BackgroundRead } from './background-read.ts';
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
}

const systemClock = { monotonicMs, wallMs: Date.now };
/** The timer does not keep a worker alive that was told to stop. */
const afterTimeout = (callback: () => void, delayMs: number): void => {
  setTimeout(callback, delayMs).unref();
};

export function createGpuPoll(options: GpuPollOptions): Poll<'gpus'> {
  const { intervalMs, clock = systemClock, after = afterTimeout } = options;
  const reader = options.reader ?? new NvmlReader({ clock });
  const background = new BackgroundRead(() => reader.read(), clock.monotonicMs);
  const blockedAfterMs = Math.max(BLOCKED_AFTER_MS, intervalMs * BLOCKED_AFTER_INTERVALS);
  const leadMs = Math.min(LEAD_MS, intervalMs / 2);
  const samplesPerInterval = Math.ceil(intervalMs / SAMPLE_MS);
  const plan = (): void => {
    for (let i = 1; i < samplesPerInterval; i++)
      after(() => void reader.sample(), (intervalMs * i) / samplesPerInterval - leadMs);
    after(() => background.start(), intervalMs - leadMs);
  };
  let isFirst = true;
  return {
    kind: 'gpus',
    schedule: EVERY_ROUND,
    grant: KIND_GRANTS.gpus,
    read: () => {
      if (isFirst) background.start();
      else plan();
      isFirst = false;
      const finished = background.take();
      if (!finished && background.runningMs > blockedAfterMs) {
        const since = new Date(clock.wallMs() - background.runningMs);
        since.setMilliseconds(0);
        throw new Error(`${reader.running ?? 'a read'} has not returned since ${since.toISOString()}`);
      }
      if (!finished) return undefined;
      if ('error' in finished) throw finished.error;
      return toReading(finished.value, finished.seconds);
    },
  };
}

function toReading({ record, problems }: NvmlReading, seconds: number): Reading<'gpus'> {
  return { data: record, degraded: problems, seconds };
}
