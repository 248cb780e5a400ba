// The messages of one owner by source, level and pattern: the counter container_log_messages_total.
import type { CountedMessages } from '../../logs/counted-messages.ts';
import type { LogLevel } from '../../logs/log-record.ts';

/** Counts of one source, level and pattern; they never decrease. */
export interface LogCount {
  /** `EventLog` or `stdout/stderr`. */
  readonly source: string;
  readonly level: LogLevel;
  readonly hash: string;
  readonly sample: string;
  readonly count: number;
  /** When the agent saw the pattern first and last, milliseconds since 1970. */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

type MutableCount = { -readonly [K in keyof LogCount]: LogCount[K] };

export class LogCounts {
  readonly #byKey = new Map<string, MutableCount>();

  add(source: string, { level, hash, sample, count, firstAtMs, lastAtMs }: CountedMessages): void {
    const key = `${source}\0${level}\0${hash}`;
    const known = this.#byKey.get(key);
    if (!known) {
      this.#byKey.set(key, { source, level, hash, sample: sample ?? '', count, firstAtMs, lastAtMs });
      return;
    }
    known.count += count;
    // The clock may have been set back between two batches.
    known.firstAtMs = Math.min(known.firstAtMs, firstAtMs);
    known.lastAtMs = Math.max(known.lastAtMs, lastAtMs);
  }

  /** In the order in which they were first counted. */
  values(): Iterable<LogCount> {
    return this.#byKey.values();
  }

  /** Messages of all patterns of a level. */
  total(level: LogLevel): number {
    let total = 0;
    for (const each of this.#byKey.values()) if (each.level === level) total += each.count;
    return total;
  }
}
