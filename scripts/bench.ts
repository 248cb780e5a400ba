// `npm run bench`: time and memory of passes and events against the limits; --json prints one object per line.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { CalibrationResult } from '../test/bench/calibration.ts';
import type { DecodeResult, DecodeTask } from '../test/bench/event-decoding.ts';
import type { StreamResult, StreamTask } from '../test/bench/event-rates.ts';
import type { HostSize } from '../test/bench/generated-host.ts';
import type { LoadResult, LoadTask } from '../test/bench/http-load.ts';
import type { LoadedAgentResult } from '../test/bench/loaded-agent.ts';
import type { LogPatternsResult, LogPatternsTask, PatternMemoryResult } from '../test/bench/log-patterns.ts';
import type { OtlpLogsResult, OtlpLogsTask } from '../test/bench/otlp-logs.ts';
import type { RemoteWriteResult, RemoteWriteTask } from '../test/bench/remote-write.ts';
import { measureWineCost } from '../test/bench/wine-cost.ts';
import { type Figure, figureLine, isWithinLimit, plainFigure, rateFigure, timeFigure } from './lib/bench-figures.ts';
import { copyBundleAssets } from './lib/bundle-assets.ts';
import { bundleOptions } from './lib/bundle-options.ts';
import { projectRoot, toolsDir } from './lib/folders.ts';
import { whyNoCompiler } from './lib/mingw.ts';
import { whyNoWine } from './lib/wine.ts';

/** A run takes seconds, the longest about four minutes; one that hangs is an error. */
const RUN_TIMEOUT_MS = 300_000;

/** Time of the calibration on the machine for which the limits in milliseconds were set (ADR 13). */
const REFERENCE_CALIBRATION_MS = 33;
/** Limits of times, as multiples of the calibration. */
const PASS = calibrations(40);
const BLOCK = calibrations(25);
const LARGE_PASS = calibrations(240);
const DELAY = calibrations(20);
/** Limits of rates, in thousands of events in the time of one calibration. */
const DECODED = perCalibration(1_500_000);
const CONSUMED = perCalibration(200_000);
/** In thousands of series in the time of one calibration, and as a multiple of the calibration. */
const PUSHED = perCalibration(1_200_000);
const PUSH_BLOCK = calibrations(20);
const SMALL_PUSH = calibrations(2);
/** In thousands of records for a second of CPU time, which the load of the machine lowers far less than a rate. */
const LOGGED = 100;
/** Messages that the log parser reads on one core, by their number of kinds; 0 stands for levels without patterns. */
const LOG_MESSAGES: readonly (readonly [kinds: number, limit: number])[] = [
  [20, perCalibration(270_000)],
  [200, perCalibration(250_000)],
  [1000, perCalibration(230_000)],
  [0, perCalibration(1_500_000)],
];
/** Lines for comparison with other implementations, measured where they are. */
const SHARED_LINES = join(projectRoot, '..', 'shared', 'bench', 'log-lines.mjs');

/** Lines that a log grows by in each pass where logs are read, 200 characters each. */
const LOG_LINES = 100;

/** Pause between two passes under the load of clients. */
const HTTP_PASS_MS = 1000;

function calibrations(ms: number): number {
  return Math.round((ms / REFERENCE_CALIBRATION_MS) * 100) / 100;
}

function perCalibration(perSecond: number): number {
  return Math.round((perSecond * REFERENCE_CALIBRATION_MS) / 10_000) / 100;
}

const json = process.argv.includes('--json');
const folder = join(toolsDir, 'bench');

const none: HostSize = { services: 20, processes: 100, connections: 100, churn: 0 };
const plain: HostSize = { services: 200, processes: 1000, connections: 10_000, churn: 0.1 };
const httpHost: HostSize = { services: 50, processes: 0, connections: 500, churn: 0.1 };
const large: HostSize = { services: 200, processes: 5000, connections: 50_000, churn: 0.1 };

await build({
  ...bundleOptions,
  entryPoints: {
    calibration: 'test/bench/calibration.ts',
    'loaded-agent': 'test/bench/loaded-agent.ts',
    'generated-worker': 'test/bench/generated-worker.ts',
    'event-decoding': 'test/bench/event-decoding.ts',
    'event-rates': 'test/bench/event-rates.ts',
    'event-worker': 'test/bench/event-worker.ts',
    'idle-event-worker': 'test/bench/idle-event-worker.ts',
    'logs-worker': 'src/sources/logs/logs-worker.ts',
    'http-load': 'test/bench/http-load.ts',
    'http-clients': 'test/bench/http-clients.ts',
    'http-target': 'test/bench/http-target.ts',
    'log-patterns': 'test/bench/log-patterns.ts',
    'remote-write': 'test/bench/remote-write.ts',
    'otlp-logs': 'test/bench/otlp-logs.ts',
    'watchdog-worker': 'src/base/watchdog-worker.ts',
  },
  outdir: folder,
  define: { COROOT_BUNDLED: 'true', COROOT_VERSION: '"bench"' },
  logLevel: 'error',
});

copyBundleAssets(folder);

/** With `lines`, logs are read: a file that grows by so many lines in each pass. */
function run(size: HostSize, passes: number, pauseMs: number, lines?: number): LoadedAgentResult {
  const file = join(folder, 'bench.log');
  writeFileSync(file, '');
  rmSync(`${file}.positions`, { force: true });
  return measure('loaded-agent', {
    size: JSON.stringify(size),
    passes,
    pauseMs,
    worker: join(folder, 'generated-worker.js'),
    eventWorker: join(folder, 'idle-event-worker.js'),
    ...(lines !== undefined && { logs: { worker: join(folder, 'logs-worker.js'), file, lines } }),
  });
}

/** Runs a script in its own process and parses its output. */
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

const httpLoad = (processes: number, connections: number, requests: number): LoadResult =>
  measure('http-load', {
    target: { size: JSON.stringify({ ...httpHost, processes }), rate: 2000, pauseMs: HTTP_PASS_MS, folder },
    connections,
    requests,
    seconds: 60,
  } satisfies LoadTask);

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Time of the calibration workload now; the machine is shared, so it is measured next to each benchmark. */
const calibrate = (): number => measure<CalibrationResult>('calibration', {}).ms;

const figures: Figure[] = [];
function report(figure: Figure): void {
  figures.push(figure);
  console.log(json ? JSON.stringify(figure) : figureLine(figure));
}

if (!json)
  console.log(
    `${new Date().toISOString()}, ${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, ` +
      `${process.platform}\n`,
  );

const warmUp = 10;
// Both sizes alternate several times, each next to a calibration: the machine is shared, and its speed drifts.
const rounds = [1, 2, 3].map(() => ({ cal: calibrate(), plain: run(plain, 60, 5), large: run(large, 30, 5) }));
const passes = rounds.map((round) => round.plain);
const larges = rounds.map((round) => round.large);
const cal = median(rounds.map((round) => round.cal));
report(plainFigure('calibration (cal), median', cal, 'ms', { limit: null }));
const steady = (results: readonly LoadedAgentResult[]) => results.flatMap(({ passMs }) => passMs.slice(warmUp));
const blocks = passes.flatMap(({ blockMs }) => blockMs.slice(warmUp));
report(
  timeFigure('pass, 200 services 1,000 processes 10,000 connections', median(steady(passes)), cal, { limit: PASS }),
);
report(timeFigure('first pass, the same', median(passes.map(({ passMs }) => passMs[0]!)), cal, { limit: null }));
report(timeFigure('longest block in a pass, median', median(blocks), cal, { limit: BLOCK }));
const firstBlocks = passes.map(({ blockMs }) => blockMs[0]!);
report(timeFigure('longest block in the first pass, median', median(firstBlocks), cal, { limit: null }));
const scrapes = passes.map(({ exposition }) => exposition);
report(timeFigure('/metrics, main thread', median(scrapes.flatMap(({ cpuMs }) => cpuMs)), cal, { limit: null }));
const scrapeBlocks = scrapes.flatMap(({ blockMs }) => blockMs);
report(timeFigure('longest block during /metrics, median', median(scrapeBlocks), cal, { limit: null }));
report(timeFigure('pass, 5,000 processes 50,000 connections', median(steady(larges)), cal, { limit: LARGE_PASS }));
const ratios = rounds.map((round) => median(steady([round.large])) / median(steady([round.plain])));
report(plainFigure('that pass relative to the smaller one', median(ratios), 'times', { limit: 6 }));
if (process.platform === 'linux') {
  const idle = run(none, 30, 100);
  report(plainFigure('RssAnon idle, all workers up', idle.rssMiB.at(-1)!, 'MiB', { limit: 65 }));
  const long = run(plain, 1000, 5);
  // Means of samples a hundred passes apart, because a single sample depends on the last collection. The first is
  // warm-up.
  const early = mean(long.rssMiB.slice(1, 5));
  const late = mean(long.rssMiB.slice(5));
  report(plainFigure('RssAnon at 10,000 connections, passes 501-1,000', late, 'MiB', { limit: 85 }));
  report(plainFigure('RssAnon growth, passes 501-1,000 against 1-500', late - early, 'MiB', { limit: 3 }));
  report(plainFigure('RssAnon after 5 requests for /metrics', long.scrapedRssMiB, 'MiB', { limit: null }));
  // The same with log collection.
  const idleWithLogs = run(none, 30, 100, 0);
  report(plainFigure('RssAnon idle, logs enabled', idleWithLogs.rssMiB.at(-1)!, 'MiB', { limit: 75 }));
  const longWithLogs = mean(run(plain, 1000, 5, LOG_LINES).rssMiB.slice(5));
  report(plainFigure('RssAnon at 10,000 connections, logs enabled', longWithLogs, 'MiB', { limit: 95 }));
  const largest = median(larges.map(({ rssMiB }) => rssMiB.at(-1)!));
  report(plainFigure('RssAnon at 50,000 connections', largest, 'MiB', { limit: null }));
}

const push = (series: number): RemoteWriteResult => measure('remote-write', { series } satisfies RemoteWriteTask);
const pushCal = calibrate();
const pushed = push(20_000);
const pushRate = (pushed.series / mean(pushed.cpuMs.slice(warmUp))) * 1000;
report(rateFigure('series encoded and compressed, 8 labels', pushRate, pushCal, { limit: PUSHED }));
const pushBlocks = pushed.blockMs.slice(warmUp);
report(timeFigure('longest block in 20,000 series, median', median(pushBlocks), pushCal, { limit: PUSH_BLOCK }));
const pushCpu = Math.max(...pushed.blockCpuMs);
report(timeFigure('most CPU of a block in 60 such passes', pushCpu, pushCal, { limit: PUSH_BLOCK }));
report(timeFigure('longest block in the first pass', pushed.blockMs[0]!, pushCal, { limit: null }));
report(timeFigure('the same plain bytes compressed by snappyjs', pushed.snappyjsMs, pushCal, { limit: null }));
report(plainFigure('bytes of a compressed series', pushed.bytes / pushed.series, 'B', { limit: null }));
const small = push(500);
report(timeFigure('CPU to encode 500 series', mean(small.cpuMs.slice(warmUp)), pushCal, { limit: SMALL_PUSH }));
if (process.platform === 'linux') {
  report(plainFigure('RssAnon growth by 60 passes of 20,000 series', pushed.extraRssMiB, 'MiB', { limit: null }));
  report(plainFigure('RssAnon growth by 60 passes of 500 series', small.extraRssMiB, 'MiB', { limit: null }));
}

for (const lines of [undefined, SHARED_LINES].filter((path) => !path || existsSync(path)))
  for (const [kinds, limit] of LOG_MESSAGES) {
    const logCal = calibrate();
    const { perSecond } = measure<LogPatternsResult>('log-patterns', { kinds, lines } as LogPatternsTask);
    const name = kinds ? `log messages read, ${kinds} kinds` : 'log messages read, without patterns';
    report(rateFigure(lines ? `${name}, shared lines` : name, perSecond, logCal, { limit }));
  }
if (process.platform === 'linux') {
  const memory = measure<PatternMemoryResult>('log-patterns', { memory: true });
  report(plainFigure('log patterns stored of 500 streams', memory.patterns, '', { limit: null }));
  report(plainFigure('RssAnon growth meanwhile', memory.rssMiB, 'MiB', { limit: 40 }));
}

const decodeCal = calibrate();
const decoding = decode(200_000_000);
report(rateFigure('TCP events decoded, all layouts', decoding.perSecond, decodeCal, { limit: DECODED }));
if (process.platform === 'linux') {
  // The first span is warm-up; a leak shows in each of the others.
  for (const [index, rssMiB] of decoding.rssMiB.slice(1).entries()) {
    const name = `RssAnon growth, events ${(index + 1) * 50 + 1} to ${(index + 2) * 50} million`;
    report(plainFigure(name, rssMiB - decoding.rssMiB[index]!, 'MiB', { limit: 2 }));
  }
}
// Twenty seconds, with a pass every two seconds.
const streamCal = calibrate();
const stable = stream(50_000, 20, Number.MAX_SAFE_INTEGER, plain);
report(rateFigure('events consumed of 50,000/s', stable.events / stable.seconds, streamCal, { limit: null }));
report(plainFigure('events lost of them', stable.dropped, '', { limit: 0 }));
report(timeFigure('delay of the main loop meanwhile, p99', stable.delayP99Ms, streamCal, { limit: DELAY }));
report(timeFigure('delay of the main loop meanwhile, longest', stable.delayMaxMs, streamCal, { limit: null }));
report(plainFigure('RssAnon meanwhile', stable.rssMiB, 'MiB', { limit: null }));
// Long enough for a slope: about two minutes, four on a busy machine.
const floodCal = calibrate();
const flood = stream(0, 240, 75_000_000, none);
report(rateFigure('events from ring to model, maximum', flood.events / flood.seconds, floodCal, { limit: CONSUMED }));
if (flood.growthMiB !== null && process.platform === 'linux')
  report(plainFigure('RssAnon growth meanwhile, per 50 million events', flood.growthMiB, 'MiB', { limit: 5 }));

if (process.platform === 'linux') {
  for (const processes of [379, 5000]) {
    for (const [connections, requests] of [
      [200, 1000],
      [5000, 1],
    ] as const) {
      const load = httpLoad(processes, connections, requests);
      const name = `${connections} clients, ${requests} requests, ${processes} processes`;
      report(plainFigure(`RssAnon growth, ${name}`, load.growthMiB, 'MiB', { limit: 64 }));
      report(plainFigure('longest time of /health meanwhile', load.longestProbeMs, 'ms', { limit: 1000 }));
      report(plainFigure('longest stall of the process that asks', load.longestStallMs, 'ms', { limit: null }));
      report(plainFigure('requests for /health without an answer', load.failedProbes, '', { limit: 0 }));
      report(plainFigure('longest time between passes', load.longestGapMs, 'ms', { limit: 2 * HTTP_PASS_MS }));
      report(plainFigure('events lost', load.lostEvents, '', { limit: 0 }));
    }
  }
}

const logs = [1, 2, 3].map(() => measure<OtlpLogsResult>('otlp-logs', { records: 500_000 } satisfies OtlpLogsTask));
const logged = median(logs.map(({ perCpuSecond }) => perCpuSecond));
report(
  plainFigure('log records to OTLP payloads, per CPU second', logged / 1000, 'k/s', { limit: LOGGED, bound: 'least' }),
);
report(plainFigure('bytes of a log record, protobuf', logs[0]!.plainBytesPerRecord, 'B', { limit: null }));
report(plainFigure('bytes of a log record in the spool, zstd', logs[0]!.storedBytesPerRecord, 'B', { limit: null }));
report(plainFigure('bytes of a log record sent, gzip', logs[0]!.sentBytesPerRecord, 'B', { limit: null }));
if (process.platform === 'linux') {
  const providersMiB = median(logs.map((each) => each.providersMiB));
  report(plainFigure('RssAnon growth by the SDK and 500 providers', providersMiB, 'MiB', { limit: 10 }));
}

const whyNoMesh = (await whyNoWine()) || (await whyNoCompiler());
if (whyNoMesh) console.error(`CPU of the Windows build was not measured: ${whyNoMesh}`);
else {
  // The Windows build takes the bundle of the project.
  const built = spawnSync(process.execPath, [join(projectRoot, 'scripts', 'build.ts')], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`building failed: ${built.stderr}`);
  const wineCal = calibrate();
  const { services, passMs } = await measureWineCost();
  const perPass = passMs / services;
  report(timeFigure(`CPU per pass under Wine, ${services} services`, passMs, wineCal, { limit: null }));
  report(timeFigure('CPU per pass and service under Wine', perPass, wineCal, { limit: null }));
}

process.exitCode = figures.every(isWithinLimit) ? 0 : 1;
