// Benchmark of the log parser: messages per second, and the memory of patterns; prints one JSON line.
import { keepHeapSmall } from '../../src/base/memory.ts';
import { LogStream } from '../../src/logs/log-stream.ts';
import { PatternMemory } from '../../src/logs/pattern-memory.ts';
import { PatternStore } from '../../src/logs/pattern-store.ts';
import { rssAnonMiB } from './event-memory-use.ts';
import { generatedLogLines } from './generated-log-lines.ts';

export interface LogPatternsTask {
  /** Kinds of messages, or 0 for messages of a level that has no patterns. */
  readonly kinds: number;
  /** Path of a module with other lines, which exports `logLines(kinds, count, seed)`; undefined for generated lines. */
  readonly lines?: string;
}

export interface LogPatternsResult {
  readonly perSecond: number;
}

export interface PatternMemoryResult {
  /** Patterns that were stored for 500 streams, and growth of RssAnon. */
  readonly patterns: number;
  readonly rssMiB: number;
}

const LINES = 100_000;
const ROUNDS = 8;
const SEED = 7;
const LIMITS = { rules: 'coroot', patternsPerLevel: 256, maxSampleBytes: 4096 } as const;
const STREAMS = 500;

keepHeapSmall();

async function linesOf({ kinds, lines }: LogPatternsTask): Promise<string[]> {
  if (!lines) return generatedLogLines(kinds || 200, LINES, kinds ? 'ERROR' : 'INFO');
  const { logLines } = (await import(lines)) as {
    logLines: (kinds: number, count: number, seed: number) => Iterable<string>;
  };
  const texts = [...logLines(kinds || 200, LINES, SEED)];
  return kinds ? texts : texts.map((text) => text.replace('ERROR', 'INFO'));
}

/** The fastest round counts, because the machine is shared; the first ones are warm-up. */
async function measureSpeed(task: LogPatternsTask): Promise<LogPatternsResult> {
  // Copies, because a text that was concatenated is slower at its first use only.
  const lines = (await linesOf(task)).map((text) => Buffer.from(text).toString());
  let perSecond = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const store = new PatternStore(new PatternMemory(LIMITS));
    let messages = 0;
    const stream = streamTo((message) => {
      messages++;
      store.count(message, 0);
    });
    const beganAt = performance.now();
    for (const line of lines) stream.push(line, 0, ORIGIN);
    stream.end(0);
    perSecond = Math.max(perSecond, (messages / (performance.now() - beganAt)) * 1000);
    if (messages !== lines.length) throw new Error(`${messages} messages of ${lines.length} lines`);
  }
  return { perSecond };
}

const ORIGIN = {};
const streamTo = (onMessage: ConstructorParameters<typeof LogStream<object>>[0]['onMessage']) =>
  new LogStream<object>({
    rules: 'coroot',
    json: true,
    jsonLines: true,
    entryLevelFirst: true,
    wholeEntries: false,
    createdMonoMs: 0,
    onMessage,
  });

/** As many streams as a large host has, each with all patterns that its limit allows, collected after each stream. */
function measureMemory(): PatternMemoryResult {
  const memory = new PatternMemory(LIMITS);
  const lines = generatedLogLines(600, 4000, 'ERROR');
  const before = rssAnonMiB();
  const stores = Array.from({ length: STREAMS }, () => {
    const store = new PatternStore(memory);
    for (const level of ['warning', 'error', 'critical'] as const)
      for (const body of lines.slice(0, 1200)) store.count({ level, body, patternSource: body }, 0);
    store.collect(() => {});
    return store;
  });
  const patterns = stores.reduce((sum, { size }) => sum + size, 0);
  return { patterns, rssMiB: rssAnonMiB() - before };
}

const task = JSON.parse(process.argv[2]!) as LogPatternsTask | { readonly memory: true };
const result = 'memory' in task ? measureMemory() : await measureSpeed(task);
process.stdout.write(`${JSON.stringify(result)}\n`);
