// How messages of files and events are parsed, counted and passed on.
import type { PatternRules } from './pattern-words.ts';

export interface ParserSettings {
  readonly rules: PatternRules;
  readonly json: boolean;
  /** Patterns of one level of one owner. */
  readonly patternsPerLevel: number;
  readonly maxSampleBytes: number;
  /** Records a second of one owner and source that are passed on, besides a burst of ten times as many; 0: all. */
  readonly recordsPerSecond: number;
}
