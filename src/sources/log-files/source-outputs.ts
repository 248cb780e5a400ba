// The outputs of all owners and sources, with the memory that their patterns have together.

import type { ParserSettings } from '../../logs/parser-settings.ts';
import { PatternMemory } from '../../logs/pattern-memory.ts';
import type { FileMessages } from '../host.ts';
import type { FileTarget } from '../logs/contracts.ts';
import type { FileLogMessage } from './line-format.ts';
import { SourceOutput } from './source-output.ts';

/** Memory of the patterns of all files, in bytes. */
const PATTERN_BYTES = 24 * 1024 * 1024;
/** Patterns of a source that is not followed any more are kept so long. */
const RETENTION_MS = 600_000;

interface Output {
  readonly output: SourceOutput;
  /** When no target had it any more. */
  unusedSinceMs: number | undefined;
}

export class SourceOutputs {
  readonly #parser: ParserSettings;
  readonly #memory: PatternMemory;
  readonly #outputs = new Map<string, Output>();
  #waiting = 0;

  constructor(parser: ParserSettings) {
    const { rules, patternsPerLevel, maxSampleBytes } = parser;
    this.#parser = parser;
    this.#memory = new PatternMemory({ rules, patternsPerLevel, maxSampleBytes, bytes: PATTERN_BYTES });
  }

  /** Estimated bytes of all patterns. */
  get patternBytes(): number {
    return this.#memory.used;
  }

  /** Records that wait for the next batch. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Creates the output of a target if it is not there. */
  prepare(key: string, target: FileTarget): void {
    if (this.#outputs.has(key)) return;
    const output = new SourceOutput(target, this.#memory, this.#parser.recordsPerSecond);
    this.#outputs.set(key, { output, unusedSinceMs: undefined });
  }

  add(key: string, message: FileLogMessage, wallMs: number): void {
    if (this.#outputs.get(key)!.output.add(message, message.completeMonoMs, wallMs)) this.#waiting++;
  }

  collect(messages: FileMessages[]): void {
    for (const { output } of this.#outputs.values()) output.collect(messages);
    this.#waiting = 0;
  }

  /** `used`: keys of the targets that are followed now. */
  setUsed(used: ReadonlySet<string>, monoMs: number): void {
    for (const [key, output] of this.#outputs) {
      if (used.has(key)) output.unusedSinceMs = undefined;
      else output.unusedSinceMs ??= monoMs;
    }
  }

  /** Releases the patterns of sources that are gone for long. */
  sweep(monoMs: number): void {
    for (const [key, { output, unusedSinceMs }] of this.#outputs) {
      if (unusedSinceMs === undefined || monoMs - unusedSinceMs < RETENTION_MS) continue;
      output.remove();
      this.#outputs.delete(key);
    }
  }
}
