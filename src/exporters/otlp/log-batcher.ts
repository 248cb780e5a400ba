// The one processor behind the loggers of all containers: it batches records and appends them to the queue as payloads.
import { type Context, type HrTime, trace } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadableLogRecord, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import type { Payload } from '../payload.ts';
import { encodeBatch, type Serialise } from './batch-encoder.ts';
import type { RecordCounts } from './record-counts.ts';

export const BATCH_RECORDS = 512;
const BATCH_BYTES = 1024 * 1024;
export const BATCH_MS = 5000;
/** Bounds of the records that are not serialised yet. */
export const MAX_PENDING_RECORDS = 4096;
const MAX_PENDING_BYTES = 4 * BATCH_BYTES;
/** Bounds of the payloads that are being compressed and stored. */
const MAX_IN_FLIGHT = 8;
const MAX_IN_FLIGHT_BYTES = 4 * BATCH_BYTES;
/** Bytes of a record in memory besides its texts, roughly. */
const RECORD_BYTES = 64;

export interface BatcherOptions {
  readonly serialise: Serialise;
  /** Compresses with zstd. */
  readonly compress: (plain: Uint8Array) => Promise<Uint8Array>;
  readonly append: (payload: Payload) => Promise<void>;
  /** Calls a function once after a time, and returns what cancels the call. */
  readonly schedule: (run: () => void, ms: number) => () => void;
  readonly counts: RecordCounts;
}

export class LogBatcher implements LogRecordProcessor {
  readonly #options: BatcherOptions;
  #pending: ReadableLogRecord[] = [];
  #pendingBytes = 0;
  #inFlight = 0;
  #inFlightBytes = 0;
  /** Resolves when all payloads so far were handed to the queue, in order. */
  #handedOver: Promise<void> = Promise.resolve();
  #cancelTimer: (() => void) | undefined;
  /** Whether the pending records are encoded although they do not fill a batch. */
  #isDue = false;
  #waitingForRoom: (() => void)[] = [];
  #waitingForIdle: (() => void)[] = [];
  /** Payloads appended, and their bytes before and after compression. */
  payloads = 0;
  plainBytes = 0;
  storedBytes = 0;

  constructor(options: BatcherOptions) {
    this.#options = options;
  }

  get pendingRecords(): number {
    return this.#pending.length;
  }

  /** Whether the next record exceeds the bounds. */
  get full(): boolean {
    return this.#pending.length >= MAX_PENDING_RECORDS || this.#pendingBytes >= MAX_PENDING_BYTES;
  }

  onEmit(record: ReadWriteLogRecord, context?: Context): void {
    // The SDK leaves out a trace id without a span id.
    const spanContext = context && trace.getSpanContext(context);
    if (spanContext) record.spanContext = spanContext;
    this.#pending.push(record);
    this.#pendingBytes += sizeOf(record);
    this.#encode();
    if (this.#pending.length > 0) this.#cancelTimer ??= this.#options.schedule(() => this.#becomeDue(), BATCH_MS);
  }

  /** Resolves when there is room. */
  async ready(): Promise<void> {
    if (this.full) await new Promise<void>((resolve) => this.#waitingForRoom.push(resolve));
  }

  /** Encodes all pending records and resolves when they are stored. */
  async forceFlush(): Promise<void> {
    this.#becomeDue();
    if (this.#pending.length > 0 || this.#inFlight > 0)
      await new Promise<void>((resolve) => this.#waitingForIdle.push(resolve));
  }

  /** The SDK calls it for one provider; the others go on. */
  async shutdown(): Promise<void> {
    await this.forceFlush();
  }

  #becomeDue(): void {
    this.#stopTimer();
    this.#isDue = this.#pending.length > 0;
    this.#encode();
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** Encodes what fills a batch or is due, as long as not too much is in flight. */
  #encode(): void {
    while (this.#inFlight < MAX_IN_FLIGHT && this.#inFlightBytes < MAX_IN_FLIGHT_BYTES) {
      const isFull = this.#pending.length >= BATCH_RECORDS || this.#pendingBytes >= BATCH_BYTES;
      if (this.#pending.length === 0 || !(isFull || this.#isDue)) break;
      this.#encodeOne();
    }
    if (this.#pending.length === 0) {
      this.#isDue = false;
      this.#stopTimer();
    }
    if (!this.full) for (const resolve of this.#waitingForRoom.splice(0)) resolve();
  }

  #encodeOne(): void {
    const batch = this.#takeBatch();
    const { plain, records, failed } = encodeBatch(batch, this.#options.serialise);
    this.#options.counts.dropped.encode_failed += failed;
    if (!plain) return;
    this.#inFlight++;
    this.#inFlightBytes += plain.length;
    void this.#store(plain, records.length, timesOf(records)).finally(() => {
      this.#inFlight--;
      this.#inFlightBytes -= plain.length;
      this.#encode();
      if (this.#inFlight === 0 && this.#pending.length === 0)
        for (const resolve of this.#waitingForIdle.splice(0)) resolve();
    });
  }

  /** The first pending records that fill a batch; at least one. */
  #takeBatch(): ReadableLogRecord[] {
    let count = 0;
    let bytes = 0;
    while (count < this.#pending.length && count < BATCH_RECORDS && bytes < BATCH_BYTES)
      bytes += sizeOf(this.#pending[count++]!);
    this.#pendingBytes -= bytes;
    return this.#pending.splice(0, count);
  }

  /** Compressed in parallel, handed to the queue in order. */
  async #store(plain: Uint8Array, count: number, times: Pick<Payload, 'oldestMs' | 'newestMs'>): Promise<void> {
    const { compress, append, counts } = this.#options;
    const before = this.#handedOver;
    const handedOver = Promise.withResolvers<void>();
    this.#handedOver = handedOver.promise;
    let reason: 'encode_failed' | 'not_stored' = 'encode_failed';
    try {
      const body = await compress(plain).finally(() => before);
      reason = 'not_stored';
      const appended = append({ kind: 'logs', encoding: 'zstd', count, ...times, body });
      handedOver.resolve();
      await appended;
      this.payloads++;
      this.plainBytes += plain.length;
      this.storedBytes += body.length;
    } catch {
      counts.dropped[reason] += count;
    } finally {
      handedOver.resolve();
    }
  }
}

function sizeOf({ body, attributes }: ReadableLogRecord): number {
  let size = RECORD_BYTES + (body as string).length;
  for (const name in attributes) size += name.length + (attributes[name] as string).length;
  return size;
}

/** Records without a time do not count, unless no record has one. */
function timesOf(records: readonly ReadableLogRecord[]): Pick<Payload, 'oldestMs' | 'newestMs'> {
  let oldestMs = Number.POSITIVE_INFINITY;
  let newestMs = 0;
  for (const { hrTime } of records) {
    const ms = millisecondsOf(hrTime);
    if (ms === 0) continue;
    if (ms < oldestMs) oldestMs = ms;
    if (ms > newestMs) newestMs = ms;
  }
  return { oldestMs: Math.min(oldestMs, newestMs), newestMs };
}

function millisecondsOf([seconds, nanoseconds]: HrTime): number {
  return seconds * 1000 + Math.floor(nanoseconds / 1e6);
}
