// Measures events: decoding alone over many millions, or a whole agent under a stream of them; prints one JSON line.
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import pino from 'pino';
import { Agent } from '../../src/agent.ts';
import { Counters } from '../../src/base/counters.ts';
import { keepHeapSmall } from '../../src/base/memory.ts';
import { exitProcess } from '../../src/exit.ts';
import { EventDecoder } from '../../src/sources/etw/decoder.ts';
import { EventView } from '../../src/sources/etw/event-view.ts';
import { createRing, RingReader, WORD } from '../../src/sources/etw/ring.ts';
import { RingWriter } from '../../src/sources/etw/ring-writer.ts';
import { WindowsHost } from '../../src/sources/windows-host.ts';
import { tcpLayouts } from '../helpers/etw-layouts.ts';
import { BlockMemory } from './event-memory.ts';

export interface DecodeResult {
  readonly perSecond: number;
  /** RssAnon in MiB after each 50 million events, nothing collected before it is read. */
  readonly rssMiB: readonly number[];
}

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
   * What RssAnon grew by for each 50 million events: the straight line nearest to samples a second apart, without the first third. Two samples
   * would say little, as the heap of a whole agent breathes by some MiB.
   */
  readonly growthMiB: number;
}

export type EventTask =
  | { readonly mode: 'decode'; readonly events: number }
  | { readonly mode: 'stream'; readonly rate: number; readonly seconds: number; readonly size: string; readonly folder: string };

keepHeapSmall();

/** As many events a turn as the agent decodes. */
const TURN_EVENTS = 1000;
/** What growth is told of. */
const SPAN_EVENTS = 50_000_000;
/** Events after which the speed is looked at. */
const STEP_EVENTS = 10_000_000;
const SAMPLE_MS = 1000;

function rssAnonMiB(): number {
  if (process.platform !== 'linux') return 0;
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;
}

/** A ring full of every TCP layout, read again and again. */
function decode(events: number): DecodeResult {
  const ring = createRing();
  const memory = new BlockMemory();
  const writer = new RingWriter(memory.writerOptions(ring));
  const records = memory.records(tcpLayouts);
  for (let i = 0; Atomics.load(ring.words, WORD.ringFull) === 0; i++) writer.write(records[i % records.length]!);
  const head = Atomics.load(ring.words, WORD.head);
  const view = new EventView();
  const decoder = new EventDecoder();
  const rssMiB: number[] = [];
  let perSecond = 0;
  let spanEnd = SPAN_EVENTS;
  // The best step counts: the machine is shared.
  while (decoder.events < events) {
    const goal = decoder.events + STEP_EVENTS;
    const from = decoder.events;
    const beganAt = performance.now();
    while (decoder.events < goal) {
      Atomics.store(ring.words, WORD.head, head);
      Atomics.store(ring.words, WORD.tail, 0);
      const reader = new RingReader(ring, view);
      while (reader.next()) {
        decoder.decode(view);
        if (decoder.pending === TURN_EVENTS) decoder.tcp.take();
      }
    }
    perSecond = Math.max(perSecond, ((decoder.events - from) / (performance.now() - beganAt)) * 1000);
    if (decoder.events < spanEnd) continue;
    rssMiB.push(rssAnonMiB());
    spanEnd += SPAN_EVENTS;
  }
  if (decoder.dropped.size > 0) throw new Error(`left out: ${[...decoder.dropped].join()}`);
  return { perSecond, rssMiB };
}

/** Of the straight line with the least squares. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  return mean(([x, y]) => (x - meanX) * (y - meanY)) / mean(([x]) => (x - meanX) ** 2);
}

async function stream({ rate, seconds, size, folder }: Extract<EventTask, { mode: 'stream' }>): Promise<StreamResult> {
  const counters = new Counters();
  const host = new WindowsHost({
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
  const samples: (readonly [events: number, rssMiB: number])[] = [];
  const sampling = setInterval(() => samples.push([taken(), rssAnonMiB()]), SAMPLE_MS);
  await new Promise((resolve) => setTimeout(resolve, (seconds - 2) * 1000));
  clearInterval(sampling);
  delay.disable();
  const [events, ranMs] = [taken() - from, performance.now() - beganAt];
  const result = {
    events,
    seconds: ranMs / 1000,
    dropped: Object.values(session.record?.dropped ?? {}).reduce((sum, count) => sum + count, 0),
    delayP99Ms: delay.percentile(99) / 1e6,
    delayMaxMs: delay.max / 1e6,
    rssMiB: rssAnonMiB(),
    growthMiB: slope(samples.slice(samples.length / 3)) * SPAN_EVENTS,
  };
  await agent.stop();
  return result;
}

const task = JSON.parse(process.argv[2]!) as EventTask;
const result = task.mode === 'decode' ? decode(task.events) : await stream(task);
process.stdout.write(`${JSON.stringify(result)}\n`, () => exitProcess(0));
