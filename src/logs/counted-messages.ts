// What the log parser counted of the messages of one stream.
import type { LogLevel } from './log-record.ts';

/** What the log parser counted of one level and pattern since its last batch. */
export interface CountedMessages {
  readonly level: LogLevel;
  /** 32 hexadecimal digits; empty for levels that have no patterns: unknown, debug and info. */
  readonly hash: string;
  /** First message of the pattern; passed once, undefined in later batches. */
  readonly sample: string | undefined;
  readonly count: number;
  /** Milliseconds since 1970 of the first and the last of these messages. */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}
