// OTLP logs over a queue in memory and a clock that the test moves.

import { decompress } from '../../src/exporters/otlp/compression.ts';
import { OtlpLogs, type OtlpLogsOptions } from '../../src/exporters/otlp/otlp-logs.ts';
import type { Payload } from '../../src/exporters/payload.ts';
import type { LogRecord } from '../../src/logs/log-record.ts';
import { type DecodedRecord, decodeBlocks } from './otlp-decoder.ts';

/** Timers that run when the test moves the time. */
export class FakeTimers {
  #nowMs = 0;
  readonly #timers = new Set<{ readonly atMs: number; readonly run: () => void }>();

  readonly schedule = (run: () => void, ms: number): (() => void) => {
    const timer = { atMs: this.#nowMs + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  get pending(): number {
    return this.#timers.size;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const timer of [...this.#timers]) {
      if (timer.atMs > this.#nowMs) continue;
      this.#timers.delete(timer);
      timer.run();
    }
  }
}

export class LogsFixture {
  readonly timers = new FakeTimers();
  readonly payloads: Payload[] = [];
  readonly logs: OtlpLogs;

  constructor(options: Partial<OtlpLogsOptions> = {}) {
    this.logs = new OtlpLogs({
      queue: { append: async (payload) => void this.payloads.push(payload) },
      hostName: 'web-1',
      machineId: '0123456789abcdef',
      schedule: this.timers.schedule,
      ...options,
    });
  }

  emit(containerId: string, record: Partial<LogRecord> = {}): boolean {
    return this.logs.sink.emit(containerId, logRecord(record));
  }

  /** Resource blocks of each payload, after everything is stored. */
  async stored(): Promise<DecodedRecord[][][]> {
    await this.logs.stop(1000);
    return Promise.all(this.payloads.map(async (payload) => decodeBlocks(await decompress(payload))));
  }

  /** All records, after everything is stored. */
  async records(): Promise<DecodedRecord[]> {
    return (await this.stored()).flat(2);
  }
}

export function logRecord(record: Partial<LogRecord> = {}): LogRecord {
  return {
    time: [1_764_288_000, 123_456_700],
    observed: [1_764_288_001, 5],
    level: 'info',
    body: 'started',
    attributes: {},
    ...record,
  };
}

/** A payload without compression, as other formats see it. */
export function plainPayload(body: Uint8Array, count = 1): Payload {
  return { kind: 'logs', encoding: 'identity', count, oldestMs: 0, newestMs: 0, body };
}
