// An agent on a generated host under a stream of events, for the load on its control plane; a child of http-load.
import { pathToFileURL } from 'node:url';
import pino from 'pino';
import { Agent } from '../../src/agent.ts';
import { keepHeapSmall } from '../../src/base/memory.ts';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import { startWatchdog } from '../../src/base/watchdog.ts';
import { exitProcess } from '../../src/exit.ts';
import { LiveHost } from '../../src/sources/live-host.ts';
import { createWindowsSources } from '../../src/sources/windows-sources.ts';

export interface TargetTask {
  readonly size: string;
  /** Events per second. */
  readonly rate: number;
  /** Pause between two rounds. */
  readonly pauseMs: number;
  /** Folder of the bundled workers. */
  readonly folder: string;
}

/** Sent to the parent at the start. */
export interface TargetStart {
  readonly port: number;
}

/** Sent to the parent in answer to each of its messages, about the time since the previous one. */
export interface TargetReport {
  readonly passes: number;
  /** Longest time between two passes. */
  readonly longestGapMs: number;
  readonly receivedEvents: number;
  readonly lostEvents: number;
  /** Built answers and refused requests or connections, by series. */
  readonly counters: Readonly<Record<string, number>>;
}

/** Longer than any run. */
const EVENT_SECONDS = 3600;

keepHeapSmall();

const task = JSON.parse(process.argv[2]!) as TargetTask;
const selfMetrics = new SelfMetrics();
selfMetrics.startNodeMetrics();
const sources = createWindowsSources({
  agentVersion: 'bench',
  intervalMs: 15_000,
  connectionStatistics: false,
  gpus: false,
  lendEvents: true,
  sessionName: `${task.rate} ${EVENT_SECONDS}`,
  settings: { 'generated.size': task.size, 'generated.pauseMs': String(task.pauseMs) },
  entry: pathToFileURL(`${task.folder}/generated-worker.js`),
  eventEntry: pathToFileURL(`${task.folder}/event-worker.js`),
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
  },
  new LiveHost({ kind: 'windows', sources }),
  selfMetrics,
);
startWatchdog();

let passes = 0;
let lastPassAt = performance.now();
let longestGapMs = 0;
const run = agent.passes.run.bind(agent.passes);
agent.passes.run = (...parts) => {
  longestGapMs = Math.max(longestGapMs, performance.now() - lastPassAt);
  lastPassAt = performance.now();
  passes++;
  return run(...parts);
};

async function report(): Promise<TargetReport> {
  const { record, counts } = agent.model.eventSession;
  const counters = Object.entries(await selfMetrics.counterValues());
  const result = {
    passes,
    longestGapMs,
    receivedEvents: counts.reduce((sum, { events }) => sum + events, 0),
    lostEvents: Object.values(record?.dropped ?? {}).reduce((sum, count) => sum + count, 0) + (record?.eventsLost ?? 0),
    counters: Object.fromEntries(counters.filter(([series]) => series.startsWith('coroot_agent_http_'))),
  };
  passes = 0;
  longestGapMs = 0;
  return result;
}

process.on('message', () => void report().then((result) => process.send!(result)));
process.on('disconnect', () => exitProcess(0));
await agent.start();
process.send!({ port: agent.port } satisfies TargetStart);
