// The messages of one owner by source, level and pattern: the counter container_log_messages_total.
import { labelSlot } from '../../base/label-slot.ts';
import type { CountedMessages } from '../../logs/counted-messages.ts';
import type { LogLevel } from '../../logs/log-record.ts';

/** A pattern is new for so long after its first message. */
const NEW_MS = 3_600_000;

/** Counts of one source, level and pattern; they never decrease. */
export interface LogCount {
  /** `EventLog`, `stdout/stderr`, or the pattern of file names from the settings. */
  readonly source: string;
  readonly level: LogLevel;
  /** 32 hexadecimal digits; empty for levels without patterns: unknown, debug and info. */
  readonly hash: string;
  /** First message of the pattern; empty for levels without patterns. */
  readonly sample: string;
  readonly count: number;
  /** When the first and the last of these messages were written, milliseconds since 1970. */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** When the agent counted the first and the last of them, on the monotonic clock: for ages. */
  readonly firstMonoMs: number;
  readonly lastMonoMs: number;
}

class MutableCount implements LogCount {
  readonly [labelSlot] = undefined;
  readonly source: string;
  readonly level: LogLevel;
  readonly hash: string;
  readonly sample: string;
  count: number;
  firstAtMs: number;
  lastAtMs: number;
  readonly firstMonoMs: number;
  lastMonoMs: number;

  constructor(source: string, { level, hash, sample, count, firstAtMs, lastAtMs }: CountedMessages, monoMs: number) {
    this.source = source;
    this.level = level;
    this.hash = hash;
    this.sample = sample ?? '';
    this.count = count;
    this.firstAtMs = firstAtMs;
    this.lastAtMs = lastAtMs;
    this.firstMonoMs = monoMs;
    this.lastMonoMs = monoMs;
  }
}

export class LogCounts {
  /** Since when messages of this owner would have been seen, on the monotonic clock. */
  readonly observedMonoMs: number;
  readonly #byKey = new Map<string, MutableCount>();

  constructor(observedMonoMs: number) {
    this.observedMonoMs = observedMonoMs;
  }

  add(source: string, counted: CountedMessages, monoMs: number): void {
    const { level, hash, count, firstAtMs, lastAtMs } = counted;
    const key = `${source}\0${level}\0${hash}`;
    const known = this.#byKey.get(key);
    if (!known) {
      this.#byKey.set(key, new MutableCount(source, counted, monoMs));
      return;
    }
    known.count += count;
    // The clock may have been set back between two batches.
    known.firstAtMs = Math.min(known.firstAtMs, firstAtMs);
    known.lastAtMs = Math.max(known.lastAtMs, lastAtMs);
    known.lastMonoMs = monoMs;
  }

  /** In the order in which they were first counted. */
  values(): Iterable<LogCount> {
    return this.#byKey.values();
  }

  /**
   * Whether a pattern was counted for the first time less than an hour ago, after the owner had been observed for at
   * least an hour without it.
   */
  isNew({ firstMonoMs }: LogCount, nowMonoMs: number): boolean {
    return nowMonoMs - firstMonoMs < NEW_MS && firstMonoMs - this.observedMonoMs >= NEW_MS;
  }

  /** Messages of all patterns of a level. */
  total(level: LogLevel): number {
    let total = 0;
    for (const each of this.#byKey.values()) if (each.level === level) total += each.count;
    return total;
  }
}
