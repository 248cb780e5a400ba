// Benchmark of a whole agent under a stream of events, from ring to model; prints one JSON line.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import pino from 'pino';
import { Agent } from '../../src/agent.ts';
import { keepHeapSmall } from '../../src/base/memory.ts';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import { exitProcess } from '../../src/exit.ts';
import { LiveHost } from '../../src/sources/live-host.ts';
import { createWindowsSources } from '../../src/sources/windows-sources.ts';
import { rssAnonMiB, SPAN_EVENTS } from './event-memory-use.ts';

export interface StreamResult {
  /** Events that the model received, and the duration. */
  readonly events: number;
  readonly seconds: number;
  readonly dropped: number;
  /** Delay of the main loop in milliseconds. */
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  readonly rssMiB: number;
  /**
   * Growth of RssAnon for each 50 million events: the slope of a least-squares line through the minimum of every ten
   * samples, a second apart, without the first third. Minima are used because the heap of a whole agent varies by some
   * MiB and garbage only adds to it. Null for a run of less than a minute, which has too few samples.
   */
  readonly growthMiB: number | null;
}

export interface StreamTask {
  readonly rate: number;
  /** Limit of the duration; the run ends earlier after `events` events if there are enough samples for a line. */
  readonly seconds: number;
  readonly events: number;
  readonly size: string;
  readonly folder: string;
}

keepHeapSmall();

const SAMPLE_MS = 1000;
const SAMPLES_PER_POINT = 10;
const MIN_POINTS = 4;
const MIN_SAMPLES = 90;

type Sample = readonly [events: number, rssMiB: number];

/** Slope of the least-squares line. */
function slope(points: readonly Sample[]): number {
  const mean = (value: (point: Sample) => number): number =>
    points.reduce((sum, point) => sum + value(point), 0) / points.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  return mean(([x, y]) => (x - meanX) * (y - meanY)) / mean(([x]) => (x - meanX) ** 2);
}

function growth(samples: readonly Sample[]): number | null {
  const points = minima(samples.slice(samples.length / 3));
  return points.length < MIN_POINTS ? null : slope(points) * SPAN_EVENTS;
}

function minima(samples: readonly Sample[]): Sample[] {
  const groups = Math.floor(samples.length / SAMPLES_PER_POINT);
  return Array.from({ length: groups }, (_, group) =>
    samples
      .slice(group * SAMPLES_PER_POINT, (group + 1) * SAMPLES_PER_POINT)
      .reduce((lowest, each) => (each[1] < lowest[1] ? each : lowest)),
  );
}

async function stream({ rate, seconds, events: wanted, size, folder }: StreamTask): Promise<StreamResult> {
  const selfMetrics = new SelfMetrics();
  selfMetrics.startNodeMetrics();
  const sources = createWindowsSources({
    agentVersion: 'bench',
    intervalMs: 15_000,
    connectionStatistics: false,
    gpus: false,
    // As in the agent.
    lendEvents: true,
    sessionName: `${rate} ${seconds}`,
    // A pass every two seconds delays the main loop more often than in practice.
    settings: { 'generated.size': size, 'generated.pauseMs': '2000' },
    entry: pathToFileURL(`${folder}/generated-worker.js`),
    eventEntry: pathToFileURL(`${folder}/event-worker.js`),
    onFatal: (error) => {
      throw error;
    },
    onSkipped: () => {},
  });
  const host = new LiveHost({ kind: 'windows', sources });
  const agent = new Agent(
    {
      listen: { host: '127.0.0.1', port: 0 },
      minContainerAgeMs: 30_000,
      filter: () => 'selected',
      consoleMode: true,
      logger: pino({ level: 'error' }),
    } as ConstructorParameters<typeof Agent>[0],
    host,
    selfMetrics,
  );
  await agent.start();
  const session = agent.model.eventSession;
  const received = (): number => session.counts.reduce((sum, { events }) => sum + events, 0);
  // The first second contains the first pass and uncompiled code.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const [from, beganAt] = [received(), performance.now()];
  const samples: Sample[] = [];
  while (performance.now() - beganAt < (seconds - 2) * 1000 && (received() < wanted || samples.length < MIN_SAMPLES)) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    samples.push([received(), rssAnonMiB()]);
  }
  delay.disable();
  const [events, ranMs] = [received() - from, performance.now() - beganAt];
  const result = {
    events,
    seconds: ranMs / 1000,
    dropped: Object.values(session.record?.dropped ?? {}).reduce((sum, count) => sum + count, 0),
    delayP99Ms: delay.percentile(99) / 1e6,
    delayMaxMs: delay.max / 1e6,
    rssMiB: rssAnonMiB(),
    growthMiB: growth(samples),
  };
  await agent.stop();
  return result;
}

const result = await stream(JSON.parse(process.argv[2]!) as StreamTask);
process.stdout.write(`${JSON.stringify(result)}\n`, () => exitProcess(0));
