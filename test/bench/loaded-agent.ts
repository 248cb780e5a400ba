// An agent on a generated host that measures itself: main-thread time and blocks of each pass, memory over time; prints one JSON line.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import pino from 'pino';
import { Agent } from '../../src/agent.ts';
import { Counters } from '../../src/base/counters.ts';
import { keepHeapSmall } from '../../src/base/memory.ts';
import { startWatchdog } from '../../src/base/watchdog.ts';
import { WindowsHost } from '../../src/sources/windows-host.ts';

export interface LoadedAgentResult {
  /** Main-thread CPU milliseconds of each pass: everything between two ticks, receiving the observations included. */
  passMs: number[];
  /** Longest stretch without a turn of the event loop in each pass, wall milliseconds. */
  blockMs: number[];
  /** RssAnon in MiB after a tenth of the passes, and so on. */
  rssMiB: number[];
  /** Milliseconds of a request for the exposition, for the first time and again, and its bytes. */
  exposition: { firstMs: number; ms: number; bytes: number };
  series: number;
}

interface Task {
  size: string;
  passes: number;
  pauseMs: number;
  worker: string;
  eventWorker: string;
}

keepHeapSmall();

const task = JSON.parse(process.argv[2]!) as Task;
const counters = new Counters();
const host = new WindowsHost({
  agentVersion: 'bench',
  intervalMs: 15_000,
  connectionStatistics: false,
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
const filter = () => 'selected' as const;
const agent = new Agent(
  { listen: { host: '127.0.0.1', port: 0 }, minContainerAgeMs: 30_000, filter, consoleMode: true, logger },
  host,
  counters,
);
startWatchdog();

const result: LoadedAgentResult = { passMs: [], blockMs: [], rssMiB: [], exposition: { firstMs: 0, ms: 0, bytes: 0 }, series: 0 };
let cpu = process.threadCpuUsage();
let stretchFrom = 0;
let longest = 0;
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
  if (observation.kind === 'tick') finishPass();
};

function finishPass(): void {
  const used = process.threadCpuUsage(cpu);
  cpu = process.threadCpuUsage();
  result.passMs.push((used.user + used.system) / 1000);
  result.blockMs.push(longest);
  longest = 0;
  if (result.passMs.length % Math.ceil(task.passes / 10) === 0) result.rssMiB.push(rssAnonMiB());
  if (result.passMs.length === task.passes) void finish();
}

function rssAnonMiB(): number {
  if (process.platform !== 'linux') return 0;
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;
}

async function finish(): Promise<void> {
  await host.stop(3000);
  const scrape = async (): Promise<{ ms: number; bytes: number }> => {
    const beganAt = performance.now();
    const text = await (await fetch(`http://127.0.0.1:${agent.port}/metrics`)).text();
    return { ms: performance.now() - beganAt, bytes: text.length };
  };
  const { ms: firstMs } = await scrape();
  result.exposition = { firstMs, ...(await scrape()) };
  result.series = agent.passes.snapshot?.series ?? 0;
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

await agent.start();
