// `npm run bench`: what one collection pass costs in time and memory, against the limits; --json prints one object a
// line.
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { DecodeResult, DecodeTask } from '../test/bench/event-decoding.ts';
import type { StreamResult, StreamTask } from '../test/bench/event-rates.ts';
import type { HostSize } from '../test/bench/generated-host.ts';
import type { LoadedAgentResult } from '../test/bench/loaded-agent.ts';
import { bundleOptions } from './lib/bundle-options.ts';
import { toolsDir } from './lib/folders.ts';

interface Figure {
  name: string;
  value: number;
  unit: string;
  limit: number | null;
  bound: 'most' | 'least';
}

/** Each run takes seconds, the longest some four minutes: one that hangs is an error, not a long wait. */
const RUN_TIMEOUT_MS = 300_000;

const json = process.argv.includes('--json');
const folder = join(toolsDir, 'bench');

const none: HostSize = { services: 20, processes: 100, connections: 100, churn: 0 };
const plain: HostSize = { services: 200, processes: 1000, connections: 10_000, churn: 0.1 };
const large: HostSize = { services: 200, processes: 5000, connections: 50_000, churn: 0.1 };

await build({
  ...bundleOptions,
  entryPoints: {
    'loaded-agent': 'test/bench/loaded-agent.ts',
    'generated-worker': 'test/bench/generated-worker.ts',
    'event-decoding': 'test/bench/event-decoding.ts',
    'event-rates': 'test/bench/event-rates.ts',
    'event-worker': 'test/bench/event-worker.ts',
    'idle-event-worker': 'test/bench/idle-event-worker.ts',
    'watchdog-worker': 'src/base/watchdog-worker.ts',
  },
  outdir: folder,
  define: { COROOT_BUNDLED: 'true', COROOT_VERSION: '"bench"' },
  logLevel: 'error',
});

function run(size: HostSize, passes: number, pauseMs: number): LoadedAgentResult {
  return measure('loaded-agent', {
    size: JSON.stringify(size),
    passes,
    pauseMs,
    worker: join(folder, 'generated-worker.js'),
    eventWorker: join(folder, 'idle-event-worker.js'),
  });
}

/** What a script of its own process prints. */
function measure<T>(script: string, task: object): T {
  const done = spawnSync(process.execPath, [join(folder, `${script}.js`), JSON.stringify(task)], {
    encoding: 'utf8',
    timeout: RUN_TIMEOUT_MS,
  });
  if (done.status !== 0)
    throw new Error(`${script} failed (${done.error?.message ?? `exit code ${done.status}`}): ${done.stderr}`);
  return JSON.parse(done.stdout) as T;
}

const decode = (events: number): DecodeResult => measure('event-decoding', { events } satisfies DecodeTask);
const stream = (rate: number, seconds: number, events: number, size: HostSize): StreamResult =>
  measure('event-rates', { rate, seconds, events, size: JSON.stringify(size), folder } satisfies StreamTask);

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const figures: Figure[] = [];
/** `limit` is the most that is allowed, or the least. */
function report(
  name: string,
  value: number,
  unit: string,
  limit: number | null,
  bound: 'most' | 'least' = 'most',
): void {
  const figure = { name, value: Math.round(value * 100) / 100, unit, limit, bound };
  figures.push(figure);
  if (json) console.log(JSON.stringify(figure));
  else
    console.log(
      `${name.padEnd(52)} ${figure.value.toFixed(1).padStart(8)} ${unit.padEnd(6)} ${limit === null ? '' : `limit ${limit}${isMet(figure) ? '' : bound === 'most' ? '  EXCEEDED' : '  NOT REACHED'}`}`,
    );
}

if (!json)
  console.log(
    `${new Date().toISOString()}, ${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, ${process.platform}\n`,
  );

const warmUp = 10;
// The two sizes in turn and more than once: the machine is shared, and drifts.
const pairs = [1, 2, 3].map(() => ({ plain: run(plain, 60, 5), large: run(large, 30, 5) }));
const passes = pairs.map((pair) => pair.plain);
const larges = pairs.map((pair) => pair.large);
const steady = (results: readonly LoadedAgentResult[]) => results.flatMap(({ passMs }) => passMs.slice(warmUp));
const plainMs = median(steady(passes));
report('pass, 200 services 1,000 processes 10,000 connections', plainMs, 'ms', 40);
report('first pass, the same', median(passes.map(({ passMs }) => passMs[0]!)), 'ms', null);
report('longest block in a pass, median', median(passes.flatMap(({ blockMs }) => blockMs.slice(warmUp))), 'ms', 25);
report('longest block in the first pass, median', median(passes.map(({ blockMs }) => blockMs[0]!)), 'ms', null);
const scrapes = passes.map(({ exposition }) => exposition);
report('/metrics of that host, main thread', median(scrapes.flatMap(({ cpuMs }) => cpuMs)), 'ms', null);
report('longest block meanwhile, median', median(scrapes.flatMap(({ blockMs }) => blockMs)), 'ms', null);
const largeMs = median(steady(larges));
report('pass, 5,000 processes 50,000 connections', largeMs, 'ms', 240);
report(
  'that pass against the smaller one',
  median(pairs.map((pair) => median(pair.large.passMs.slice(warmUp)) / median(pair.plain.passMs.slice(warmUp)))),
  'times',
  6,
);
if (process.platform === 'linux') {
  const idle = run(none, 30, 100);
  report('RssAnon idle, all workers up', idle.rssMiB.at(-1)!, 'MiB', 65);
  const long = run(plain, 1000, 5);
  // Means of samples a hundred passes apart: a single one falls anywhere between two collections. The first is warm-up.
  report('RssAnon at 10,000 connections, passes 501-1,000', mean(long.rssMiB.slice(5)), 'MiB', 85);
  report(
    'RssAnon growth, passes 501-1,000 against 1-500',
    mean(long.rssMiB.slice(5)) - mean(long.rssMiB.slice(1, 5)),
    'MiB',
    3,
  );
  report('RssAnon after 5 requests for /metrics', long.scrapedRssMiB, 'MiB', null);
  report('RssAnon at 50,000 connections', median(larges.map(({ rssMiB }) => rssMiB.at(-1)!)), 'MiB', null);
}

const decoding = decode(200_000_000);
report('TCP events decoded in a second, of all layouts', decoding.perSecond / 1e6, 'M/s', 1.5, 'least');
if (process.platform === 'linux') {
  // The first span is warm-up; a leak shows in each of the others.
  for (const [index, rssMiB] of decoding.rssMiB.slice(1).entries())
    report(
      `RssAnon growth, events ${(index + 1) * 50 + 1} to ${(index + 2) * 50} million`,
      rssMiB - decoding.rssMiB[index]!,
      'MiB',
      2,
    );
}
// Twenty seconds each, beside a pass every two seconds.
const steadyEvents = stream(50_000, 20, Number.MAX_SAFE_INTEGER, plain);
report('events taken in a second, 50,000 sent', steadyEvents.events / steadyEvents.seconds / 1000, 'k/s', null);
report('events lost of them', steadyEvents.dropped, '', 0);
report('delay of the main loop meanwhile, p99', steadyEvents.delayP99Ms, 'ms', 20);
report('delay of the main loop meanwhile, longest', steadyEvents.delayMaxMs, 'ms', null);
report('RssAnon meanwhile', steadyEvents.rssMiB, 'MiB', null);
// Long enough for a slope: some two minutes, on a busy machine four.
const flood = stream(0, 240, 75_000_000, none);
report(
  'events from ring to model in a second, as fast as they go',
  flood.events / flood.seconds / 1000,
  'k/s',
  200,
  'least',
);
if (flood.growthMiB !== null && process.platform === 'linux')
  report('RssAnon growth meanwhile, for 50 million events', flood.growthMiB, 'MiB', 5);

process.exitCode = figures.every(isMet) ? 0 : 1;

function isMet({ value, limit, bound }: Figure): boolean {
  return limit === null || (bound === 'most' ? value <= limit : value >= limit);
}
