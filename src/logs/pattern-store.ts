// Counts the messages of one stream by level and pattern.
import { md5Hex } from '../base/md5.ts';
import { cutUtf8, utf8Length } from '../base/utf8.ts';
import type { CountedMessages } from './counted-messages.ts';
import type { LogLevel } from './log-record.ts';
import type { LogMessage } from './log-stream.ts';
import type { PatternMemory } from './pattern-memory.ts';
import { PatternTable } from './pattern-table.ts';

/** Hash and sample of messages whose pattern is new after the limit was reached, as in Coroot. */
const UNCLASSIFIED_HASH = '0'.repeat(32);
const UNCLASSIFIED_SAMPLE = 'unclassified pattern (pattern limit reached)';

/** Messages that were counted as unclassified, by the limit that was reached; the numbers only grow. */
export interface PatternLosses {
  /** The number of patterns of the level. */
  patternLimit: number;
  /** The memory of all patterns. */
  memoryLimit: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Under the extended rules a single word identifies a pattern; Coroot merges all patterns of one word. */
const minSimilarWords = { coroot: 1, extended: 2 } as const;

/**
 * One for each stream of a container, as in Coroot: patterns depend on the order of the messages of a stream. Patterns
 * are never evicted, since the hash of a similar later message would change. `remove` releases the memory.
 */
export class PatternStore {
  readonly losses: PatternLosses = { patternLimit: 0, memoryLimit: 0 };
  readonly #plain = new Map<LogLevel, PendingCount>();
  readonly #patterned = new Map<LogLevel, LevelPatterns>();

  constructor(memory: PatternMemory) {
    for (const level of ['unknown', 'debug', 'info'] as const) this.#plain.set(level, new PendingCount(level, ''));
    for (const level of ['warning', 'error', 'critical'] as const)
      this.#patterned.set(level, new LevelPatterns(level, memory, this.losses));
  }

  /** Counts a message and returns the value of its attribute `pattern.hash`, empty if its level has no patterns. */
  count({ level, body, patternSource }: CountableMessage, atMs: number): string {
    const patterns = this.#patterned.get(level);
    if (patterns) return patterns.count(body, patternSource, atMs);
    this.#plain.get(level)!.add(atMs);
    return '';
  }

  /** Visits what was counted since the last call. */
  collect(visit: (counted: CountedMessages) => void): void {
    for (const plain of this.#plain.values()) plain.collect(visit);
    for (const patterns of this.#patterned.values()) patterns.collect(visit);
  }

  /** Releases the patterns of a stream that ended. What was counted and not collected is lost. */
  remove(): void {
    for (const patterns of this.#patterned.values()) patterns.remove();
  }

  /** Patterns of all levels. */
  get size(): number {
    let size = 0;
    for (const patterns of this.#patterned.values()) size += patterns.size;
    return size;
  }
}

export type CountableMessage = Pick<LogMessage<object>, 'level' | 'body' | 'patternSource'>;

/** Messages since the last collection. */
class PendingCount {
  readonly level: LogLevel;
  readonly hash: string;
  /** UTF-8, because a text might keep a whole larger text alive; undefined after the first collection. */
  #sample: Uint8Array | undefined;
  count = 0;
  #firstAtMs = 0;
  #lastAtMs = 0;

  constructor(level: LogLevel, hash: string, sample = '') {
    this.level = level;
    this.hash = hash;
    this.#sample = encoder.encode(sample);
  }

  add(atMs: number): void {
    if (this.count++ === 0) this.#firstAtMs = atMs;
    this.#lastAtMs = atMs;
  }

  collect(visit: (counted: CountedMessages) => void): void {
    if (this.count === 0) return;
    const { level, hash, count } = this;
    const sample = this.#sample && decoder.decode(this.#sample);
    this.#sample = undefined;
    this.count = 0;
    visit({ level, hash, sample, count, firstAtMs: this.#firstAtMs, lastAtMs: this.#lastAtMs });
  }
}

/** The patterns of one level, in the order of their first messages. */
class LevelPatterns {
  readonly #level: LogLevel;
  readonly #memory: PatternMemory;
  readonly #losses: PatternLosses;
  readonly #unclassified: PendingCount;
  #table: PatternTable;
  #counts: PendingCount[] = [];
  /** Those with messages since the last collection. */
  #pending: PendingCount[] = [];
  #bytes = 0;

  constructor(level: LogLevel, memory: PatternMemory, losses: PatternLosses) {
    this.#level = level;
    this.#memory = memory;
    this.#losses = losses;
    this.#table = this.#emptyTable();
    this.#unclassified = new PendingCount(
      level,
      UNCLASSIFIED_HASH,
      cutUtf8(UNCLASSIFIED_SAMPLE, memory.limits.maxSampleBytes),
    );
  }

  get size(): number {
    return this.#counts.length;
  }

  count(body: string, patternSource: string, atMs: number): string {
    const { words } = this.#memory;
    words.read(patternSource);
    const index = this.#table.find(words);
    const counted = index < 0 ? this.#add(body) : this.#counts[index]!;
    if (counted.count === 0) this.#pending.push(counted);
    counted.add(atMs);
    return counted.hash;
  }

  /** Adds the pattern whose words were read last. */
  #add(body: string): PendingCount {
    const { words, limits } = this.#memory;
    if (this.#counts.length >= limits.patternsPerLevel) {
      this.#losses.patternLimit++;
      return this.#unclassified;
    }
    const sample = cutUtf8(body, limits.maxSampleBytes);
    const bytes = this.#memory.reserve(words.count, utf8Length(sample));
    if (bytes === 0) {
      this.#losses.memoryLimit++;
      return this.#unclassified;
    }
    const counted = new PendingCount(this.#level, md5Hex(words.pattern), sample);
    this.#bytes += bytes;
    this.#table.add(words);
    this.#counts.push(counted);
    return counted;
  }

  collect(visit: (counted: CountedMessages) => void): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const counted of pending) counted.collect(visit);
  }

  remove(): void {
    this.#memory.release(this.#bytes);
    this.#bytes = 0;
    this.#counts = [];
    this.#pending = [];
    this.#table = this.#emptyTable();
  }

  #emptyTable(): PatternTable {
    return new PatternTable(minSimilarWords[this.#memory.limits.rules]);
  }
}
