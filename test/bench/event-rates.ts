// Measures a whole agent under a stream of events, from the ring to the model; prints one JSON line.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import pino from 'pino';
import { Agent } from '../../src/agent.ts';
import { Counters } from '../../src/base/counters.ts';
import { keepHeapSmall } from '../../src/base/memory.ts';
import { exitProcess } from '../../src/exit.ts';
import { LiveHost } from '../../src/sources/live-host.ts';
import { createWindowsSources } from '../../src/sources/windows-sources.ts';
import { rssAnonMiB, SPAN_EVENTS } from './event-memory-use.ts';

export interface StreamResult {
  /** Events that the model took, and over how many seconds. */
  readonly events: number;
  readonly seconds: number;
  readonly dropped: number;
  /** Delay of the main loop in milliseconds. */
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  readonly rssMiB: number;
  /**
   * What RssAnon grew by for each 50 million events: the straight line nearest to the least of every ten samples, a
   * second apart, without the first third. Two samples would say little: the heap of a whole agent breathes by some
   * MiB, and rubbish only adds to it. A run of less than a minute has too few for a line.
   */
  readonly growthMiB: number | null;
}

export interface StreamTask {
  readonly rate: number;
  /** Ends after so long, or when so many events were taken and there are samples enough for a line. */
  readonly seconds: number;
  readonly events: number;
  readonly size: string;
  readonly folder: string;
}

keepHeapSmall();

const SAMPLE_MS = 1000;
const SAMPLES_OF_ONE = 10;
const LEAST_POINTS = 4;
const LEAST_SAMPLES = 90;

type Sample = readonly [events: number, rssMiB: number];

/** Of the straight line with the least squares. */
function slope(points: readonly Sample[]): number {
  const mean = (of: (point: Sample) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  return mean(([x, y]) => (x - meanX) * (y - meanY)) / mean(([x]) => (x - meanX) ** 2);
}

function growth(samples: readonly Sample[]): number | null {
  const points = leastOfSome(samples.slice(samples.length / 3));
  return points.length < LEAST_POINTS ? null : slope(points) * SPAN_EVENTS;
}

function leastOfSome(samples: readonly Sample[]): Sample[] {
  const groups = Math.floor(samples.length / SAMPLES_OF_ONE);
  return Array.from({ length: groups }, (_, group) =>
    samples
      .slice(group * SAMPLES_OF_ONE, (group + 1) * SAMPLES_OF_ONE)
      .reduce((least, each) => (each[1] < least[1] ? each : least)),
  );
}

async function stream({ rate, seconds, events: wanted, size, folder }: StreamTask): Promise<StreamResult> {
  const counters = new Counters();
  const sources = createWindowsSources({
    agentVersion: 'bench',
    intervalMs: 15_000,
    connectionStatistics: false,
    // As in the agent.
    lendEvents: true,
    sessionName: `${rate} ${seconds}`,
    // Passes every two seconds: a bad case for the loop.
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
    counters,
  );
  await agent.start();
  const session = agent.model.eventSession;
  const taken = (): number => session.counts.reduce((sum, { events }) => sum + events, 0);
  // The first second has the first pass, and code that is not compiled yet.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const [from, beganAt] = [taken(), performance.now()];
  const samples: Sample[] = [];
  while (performance.now() - beganAt < (seconds - 2) * 1000 && (taken() < wanted || samples.length < LEAST_SAMPLES)) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    samples.push([taken(), rssAnonMiB()]);
  }
  delay.disable();
  const [events, ranMs] = [taken() - from, performance.now() - beganAt];
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
