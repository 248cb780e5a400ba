// An agent on a generated host that measures main-thread time, blocking and memory; prints one JSON line.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import pino from 'pino';
import { Agent } from '../../src/agent.ts';
import { keepHeapSmall } from '../../src/base/memory.ts';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import { startWatchdog } from '../../src/base/watchdog.ts';
import { exitProcess } from '../../src/exit.ts';
import { LogOutlet } from '../../src/log-outlet.ts';
import { LiveHost } from '../../src/sources/live-host.ts';
import { createLogSource, type LogSource } from '../../src/sources/logs/log-source.ts';
import { createWindowsSources } from '../../src/sources/windows-sources.ts';
import { rssAnonMiB } from './event-memory-use.ts';
import { generatedLogLines } from './generated-log-lines.ts';

export interface LoadedAgentResult {
  /** Main-thread CPU milliseconds between two ticks: receiving the observations and the pass. */
  passMs: number[];
  /** Longest wall time in milliseconds without a turn of the event loop, for each pass. */
  blockMs: number[];
  /** RssAnon in MiB after each tenth of the passes. */
  rssMiB: number[];
  /** For each request of the exposition: main-thread CPU milliseconds and longest time without a turn of the loop. */
  exposition: { cpuMs: number[]; blockMs: number[]; bytes: number };
  /** RssAnon in MiB after these requests. */
  scrapedRssMiB: number;
  series: number;
}

const SCRAPES = 5;
const CLIENT = 'fetch(process.argv[1]).then((answer) => answer.text()).then((text) => console.log(text.length))';

interface Task {
  size: string;
  passes: number;
  pauseMs: number;
  worker: string;
  eventWorker: string;
  /** With these, logs are read: entry of the logs worker, and an empty log file that grows by `lines` in each pass. */
  logs?: { worker: string; file: string; lines: number };
}

keepHeapSmall();

const task = JSON.parse(process.argv[2]!) as Task;
const selfMetrics = new SelfMetrics();
selfMetrics.startNodeMetrics();
const sources = createWindowsSources({
  agentVersion: 'bench',
  intervalMs: 15_000,
  connectionStatistics: false,
  gpus: false,
  sessionName: 'bench',
  eventEntry: pathToFileURL(task.eventWorker),
  settings: { 'generated.size': task.size, 'generated.pauseMs': String(task.pauseMs) },
  entry: pathToFileURL(task.worker),
  onFatal: (error) => {
    throw error;
  },
  onSkipped: () => {},
});
const logger = pino({ level: 'error' });
const logOutlet = new LogOutlet({
  open: undefined,
  onFault: (error) => {
    throw error;
  },
});
const logLines = generatedLogLines(200, task.logs?.lines ?? 0, 'ERROR')
  .map((line) => `${line}\n`)
  .join('');
const logSource = task.logs && readLogs(task.logs);
const host = new LiveHost({ kind: 'windows', sources: [...sources, ...(logSource ? [logSource] : [])] });
const filter = () => 'selected' as const;
const agent = new Agent(
  {
    listen: { host: '127.0.0.1', port: 0 },
    minContainerAgeMs: 30_000,
    filter,
    consoleMode: true,
    logOutlet,
    logSource,
    logger,
  },
  host,
  selfMetrics,
);
startWatchdog();

const result: LoadedAgentResult = {
  passMs: [],
  blockMs: [],
  rssMiB: [],
  exposition: { cpuMs: [], blockMs: [], bytes: 0 },
  scrapedRssMiB: 0,
  series: 0,
};
let cpu = process.threadCpuUsage();
let stretchFrom = 0;
let longest = 0;
const run = agent.passes.run.bind(agent.passes);
agent.passes.run = (...parts) => {
  const beganAt = performance.now();
  const snapshot = run(...parts);
  longest = Math.max(longest, performance.now() - (stretchFrom || beganAt));
  finishRound();
  return snapshot;
};
const observe = agent.observe.bind(agent);
agent.observe = (observation) => {
  const now = performance.now();
  if (stretchFrom === 0) {
    stretchFrom = now;
    setImmediate(() => {
      stretchFrom = 0;
    });
  }
  observe(observation);
  longest = Math.max(longest, performance.now() - stretchFrom);
};

/** With the default settings of the parser; channels of the Event Log are only on Windows. */
function readLogs({ worker, file }: NonNullable<Task['logs']>): LogSource {
  return createLogSource({
    channels: [],
    eventLocale: 1033,
    files: [{ owner: { service: 'service-1' }, source: 'bench.log', format: 'text', pattern: file, fromStart: true }],
    filesEncoding: 'system',
    parser: { rules: 'coroot', json: true, patternsPerLevel: 256, maxSampleBytes: 4096, recordsPerSecond: 100 },
    positionsFile: `${file}.positions`,
    receiver: logOutlet,
    onDamagedPositions: (problem) => {
      throw new Error(problem);
    },
    onFatal: (error) => {
      throw error;
    },
    entry: pathToFileURL(worker),
  });
}

function finishRound(): void {
  const used = process.threadCpuUsage(cpu);
  cpu = process.threadCpuUsage();
  result.passMs.push((used.user + used.system) / 1000);
  result.blockMs.push(longest);
  longest = 0;
  if (task.logs && logLines.length > 0) appendFileSync(task.logs.file, logLines);
  if (result.passMs.length % Math.ceil(task.passes / 10) === 0) result.rssMiB.push(rssAnonMiB());
  if (result.passMs.length === task.passes) void finish();
}

/** The client is a separate process, so that only the work of the agent is measured. */
async function scrape(): Promise<void> {
  const client = spawn(process.execPath, ['-e', CLIENT, `http://127.0.0.1:${agent.port}/metrics`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  client.stdout.on('data', (part) => {
    printed += part;
  });
  const delays = monitorEventLoopDelay({ resolution: 1 });
  const before = process.threadCpuUsage();
  delays.enable();
  await once(client, 'close');
  delays.disable();
  const { user, system } = process.threadCpuUsage(before);
  result.exposition.cpuMs.push((user + system) / 1000);
  result.exposition.blockMs.push(delays.max / 1e6);
  result.exposition.bytes = Number(printed);
}

async function finish(): Promise<void> {
  await host.stop();
  if (logLines.length > 0 && agent.model.logs.recent.lastSeq === 0) throw new Error('no line of the log was read');
  for (let i = 0; i < SCRAPES; i++) await scrape();
  result.scrapedRssMiB = rssAnonMiB();
  result.series = agent.passes.snapshot?.series ?? 0;
  process.stdout.write(`${JSON.stringify(result)}\n`, () => exitProcess(0));
}

await agent.start();
