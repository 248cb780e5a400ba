// Limits of patterns, and the memory that the patterns of all containers have together.
import { type PatternRules, PatternWords } from './pattern-words.ts';

/** Memory of a pattern without its words and sample, in the worker and in the main thread: an estimate. */
const PATTERN_BYTES = 600;
const WORD_BYTES = 4;
/** The main thread has the sample as text and in the label set of its series. */
const SAMPLE_COPIES = 2;
const DEFAULT_BYTES = 32 * 1024 * 1024;

export interface PatternLimits {
  readonly rules: PatternRules;
  /** Setting `log-patterns-per-container`: patterns of one level of one source of a container. */
  readonly patternsPerLevel: number;
  /** Setting `max-label-length`, bytes of UTF-8. */
  readonly maxSampleBytes: number;
  /** Limit of all patterns together, in estimated bytes; 32 MiB by default. */
  readonly bytes?: number;
}

/** One for all pattern stores of a thread. */
export class PatternMemory {
  readonly limits: PatternLimits;
  readonly words: PatternWords;
  #used = 0;

  constructor(limits: PatternLimits) {
    this.limits = limits;
    this.words = new PatternWords(limits.rules);
  }

  /** Estimated bytes of all patterns. */
  get used(): number {
    return this.#used;
  }

  /** Reserves the memory of a new pattern. Returns its bytes, or 0 if the limit does not allow them. */
  reserve(words: number, sampleBytes: number): number {
    const bytes = PATTERN_BYTES + words * WORD_BYTES + sampleBytes * SAMPLE_COPIES;
    if (this.#used + bytes > (this.limits.bytes ?? DEFAULT_BYTES)) return 0;
    this.#used += bytes;
    return bytes;
  }

  release(bytes: number): void {
    this.#used -= bytes;
  }
}
