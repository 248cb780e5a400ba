// Messages of one owner and source: counted by pattern, and passed on as far as the rate limit allows.
import type { LogTime } from '../../logs/log-record.ts';
import { logRecordOf } from '../../logs/message-record.ts';
import type { PatternMemory } from '../../logs/pattern-memory.ts';
import { PatternStore } from '../../logs/pattern-store.ts';
import { RecordLimiter } from '../../logs/record-limiter.ts';
import type { FileMessage, FileMessages } from '../host.ts';
import type { FileTarget } from '../logs/contracts.ts';
import { MAX_LOG_RECORDS } from '../records/logs.ts';
import type { FileLogMessage } from './line-format.ts';

type Counted = FileMessages['counted'][number];

export class SourceOutput {
  readonly #head: Pick<FileMessages, 'service' | 'docker' | 'source'>;
  readonly #patterns: PatternStore;
  readonly #limiter: RecordLimiter;
  #records: FileMessage[] = [];
  #limited = 0;

  constructor(
    { owner, source }: Pick<FileTarget, 'owner' | 'source'>,
    memory: PatternMemory,
    recordsPerSecond: number,
  ) {
    this.#head = { ...owner, source };
    this.#patterns = new PatternStore(memory);
    this.#limiter = new RecordLimiter(recordsPerSecond);
  }

  /** Returns whether the rate limit passes the record on. */
  add(message: FileLogMessage, monoMs: number, wallMs: number): boolean {
    const { atMs, nanoseconds, attributes: own } = message.origin;
    const hash = this.#patterns.count(message, atMs);
    if (!this.#limiter.admit(monoMs)) {
      this.#limited++;
      return false;
    }
    const { level, body, attributes, traceId, spanId } = logRecordOf(message, hash, logTime(atMs), logTime(wallMs));
    this.#records.push({
      atMs,
      nanoseconds,
      level,
      body,
      // The attributes of the message come after those of the line and win.
      attributes: { 'pattern.hash': hash, ...own, ...attributes },
      ...(traceId === undefined ? {} : { traceId }),
      ...(spanId === undefined ? {} : { spanId }),
    });
    return true;
  }

  /** Adds what was counted since the last call. One observation has a limited number of records. */
  collect(messages: FileMessages[]): void {
    const counted: Counted[] = [];
    this.#patterns.collect(({ sample, ...rest }) => counted.push(sample === undefined ? rest : { ...rest, sample }));
    const records = this.#records;
    this.#records = [];
    const dropped = this.#limited > 0 ? { rate_limit: this.#limited } : {};
    this.#limited = 0;
    const parts = Math.ceil(Math.max(counted.length, records.length) / MAX_LOG_RECORDS);
    for (let part = 0; part < parts; part++) {
      const [from, to] = [part * MAX_LOG_RECORDS, (part + 1) * MAX_LOG_RECORDS];
      messages.push({
        ...this.#head,
        counted: counted.slice(from, to),
        records: records.slice(from, to),
        dropped: part === 0 ? dropped : {},
      });
    }
  }

  /** Releases the memory of the patterns. */
  remove(): void {
    this.#patterns.remove();
  }
}

/** The seconds are enough: the record keeps milliseconds and nanoseconds. */
function logTime(atMs: number): LogTime {
  return [Math.floor(atMs / 1000), (atMs % 1000) * 1e6];
}
