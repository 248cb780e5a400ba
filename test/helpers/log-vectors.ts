// Runs cases of log lines, in the format of the reference vectors, through the log parser.
import { createHash } from 'node:crypto';
import { parseDockerLine } from '../../src/logs/docker-line.ts';
import type { LogLevel } from '../../src/logs/log-record.ts';
import { type LogMessage, LogStream } from '../../src/logs/log-stream.ts';
import { PatternMemory } from '../../src/logs/pattern-memory.ts';
import { PatternStore } from '../../src/logs/pattern-store.ts';
import { PatternWords } from '../../src/logs/pattern-words.ts';

export interface VectorEntry {
  readonly line?: string;
  /** Texts with their numbers of repetitions, joined. */
  readonly rep?: readonly (readonly [string, number])[];
  /** Raw bytes. */
  readonly hex?: string;
  /** Milliseconds since the creation of the stream; absent: those of the entry before. */
  readonly t?: number;
  readonly level?: LogLevel;
}

export interface VectorMessage {
  readonly level: string;
  readonly hash: string;
  readonly content?: string;
  readonly pattern?: string;
  readonly sample?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly t?: number;
  readonly at?: number;
}

export interface VectorCounter {
  readonly level: string;
  readonly hash: string;
  readonly sample?: string;
  readonly count: number;
}

export interface VectorResult {
  readonly messages: readonly VectorMessage[];
  readonly counters: readonly VectorCounter[];
}

export interface Vector extends VectorResult {
  readonly name: string;
  readonly input: readonly (string | VectorEntry)[];
  readonly limit?: number;
  readonly decoder?: 'docker-json';
  readonly json?: boolean;
  readonly stop?: number;
  readonly variants?: Readonly<Record<string, VectorResult>>;
}

/** Rules that differ from those of the first vectors: `json`, `json-boundary` and `entry-level`. */
export type VectorRules = ReadonlySet<string>;

/** Time after the last entry at which the last message is complete. */
const RUN_ON_MS = 3500;
/** Longer texts are compared by length and SHA-256, as in the vectors. */
const LONG_BYTES = 4096;
const levels = ['unknown', 'critical', 'error', 'warning', 'info', 'debug'];

interface Origin {
  readonly t: number;
  readonly level: LogLevel | undefined;
}

/** The messages and counters of a case, in the form of the vectors. */
export function runVector(vector: Vector, rules: VectorRules): VectorResult {
  const timed = vector.input.some((entry) => typeof entry !== 'string' && entry.t !== undefined);
  const memory = new PatternMemory({
    rules: 'coroot',
    patternsPerLevel: vector.limit ?? 256,
    maxSampleBytes: Number.MAX_SAFE_INTEGER,
  });
  const store = new PatternStore(memory);
  const words = new PatternWords('coroot');
  const messages: VectorMessage[] = [];
  const totals = new Map<string, { level: string; hash: string; sample: string; count: number }>();
  const onMessage = (message: LogMessage<Origin>): void => {
    const { level, body, patternSource, attributes, origin, completeMonoMs } = message;
    words.read(patternSource);
    const hash = store.count(message, completeMonoMs);
    store.collect(({ level, hash, sample, count }) => {
      const key = `${level} ${hash}`;
      const total = totals.get(key) ?? { level, hash, sample: sample!, count: 0 };
      total.count += count;
      totals.set(key, total);
    });
    const { sample } = totals.get(`${level} ${hash}`)!;
    messages.push({
      ...(timed && { t: origin.t, at: completeMonoMs }),
      level,
      hash,
      ...shortened('content', body),
      ...shortened('pattern', words.pattern),
      ...(hash !== '' && sample !== body && shortened('sample', sample)),
      ...(attributes && attributes.size > 0 && { attributes: Object.fromEntries(attributes) }),
    });
  };
  const stream = new LogStream<Origin>({
    rules: 'coroot',
    json: vector.json || rules.has('json'),
    jsonLines: rules.has('json-boundary'),
    entryLevelFirst: rules.has('entry-level'),
    wholeEntries: false,
    createdMonoMs: 0,
    onMessage,
  });
  let t = 0;
  for (const entry of vector.input) {
    if (typeof entry !== 'string') t = entry.t ?? t;
    const text = entryText(entry, vector.decoder === 'docker-json');
    const level = typeof entry === 'string' ? undefined : entry.level;
    if (text !== undefined) stream.push(text, t, { t, level });
  }
  stream.tick(vector.stop ?? t + RUN_ON_MS);
  const counters = [...totals.values()]
    .sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level) || (a.hash < b.hash ? -1 : 1))
    .map(({ level, hash, sample, count }) => ({
      level,
      hash,
      ...(hash !== '' && shortened('sample', sample)),
      count,
    }));
  return { messages, counters };
}

/** Undefined for an entry that the decoder drops. */
function entryText(entry: string | VectorEntry, docker: boolean): string | undefined {
  const bytes =
    typeof entry === 'string'
      ? Buffer.from(entry)
      : entry.hex !== undefined
        ? Buffer.from(entry.hex, 'hex')
        : Buffer.from(entry.line ?? entry.rep!.map(([text, times]) => text.repeat(times)).join(''));
  if (docker) return parseDockerLine(bytes.toString())?.text;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function shortened(name: string, text: string): Record<string, string | number> {
  const bytes = Buffer.byteLength(text);
  if (bytes <= LONG_BYTES) return { [name]: text };
  return { [`${name}_bytes`]: bytes, [`${name}_sha256`]: createHash('sha256').update(text).digest('hex') };
}
