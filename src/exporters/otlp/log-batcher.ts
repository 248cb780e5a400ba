// The one processor behind the loggers of all containers: it batches records and appends them to the queue as payloads.
import type { Context, HrTime } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadableLogRecord, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import type { Payload } from '../payload.ts';
import { encodeBatch, type Serialise } from './batch-encoder.ts';
import { RecordContext } from './record-context.ts';
import type { RecordCounts } from './record-counts.ts';

export const BATCH_RECORDS = 512;
const BATCH_BYTES = 1024 * 1024;
export const BATCH_MS = 5000;
/** Bounds of the records that are not in flight yet. */
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

/** A serialised batch. */
interface Batch extends Pick<Payload, 'count' | 'oldestMs' | 'newestMs'> {
  readonly number: number;
  readonly plain: Uint8Array;
}

export class LogBatcher implements LogRecordProcessor {
  readonly #options: BatcherOptions;
  /** Fewer than fill a batch: records that live long cost more time in the garbage collector than their bytes. */
  #pending: ReadableLogRecord[] = [];
  #pendingBytes = 0;
  /** Batches that wait because too much is in flight. */
  readonly #waiting: Batch[] = [];
  #waitingRecords = 0;
  #waitingBytes = 0;
  #inFlight = 0;
  #inFlightBytes = 0;
  /** Resolves when all payloads so far were handed to the queue, in order. */
  #handedOver: Promise<void> = Promise.resolve();
  #cancelTimer: (() => void) | undefined;
  #waitingForRoom: (() => void)[] = [];
  /** Batches so far; that of the pending records is the next one. */
  #batches = 0;
  /** Numbers of the batches that are neither stored nor dropped, in growing order. */
  readonly #unsettled = new Set<number>();
  #waitingForStored: { readonly upTo: number; readonly resolve: () => void }[] = [];
  /** Payloads appended, and their bytes before and after compression. */
  payloads = 0;
  plainBytes = 0;
  storedBytes = 0;

  constructor(options: BatcherOptions) {
    this.#options = options;
  }

  /** Records that are neither stored nor in flight. */
  get pendingRecords(): number {
    return this.#pending.length + this.#waitingRecords;
  }

  /** Whether the next record exceeds the bounds. */
  get full(): boolean {
    return this.pendingRecords >= MAX_PENDING_RECORDS || this.#pendingBytes + this.#waitingBytes >= MAX_PENDING_BYTES;
  }

  onEmit(record: ReadWriteLogRecord, context?: Context): void {
    if (context instanceof RecordContext) {
      Object.assign(record.attributes, context.attributes);
      if (context.spanContext) record.spanContext = context.spanContext;
    }
    this.#pending.push(record);
    this.#pendingBytes += sizeOf(record);
    if (this.#pending.length >= BATCH_RECORDS || this.#pendingBytes >= BATCH_BYTES) this.#encode();
    else this.#cancelTimer ??= this.#options.schedule(() => this.#encode(), BATCH_MS);
  }

  /** Resolves when there is room. */
  async ready(): Promise<void> {
    if (this.full) await new Promise<void>((resolve) => this.#waitingForRoom.push(resolve));
  }

  /** Resolves when all records so far are stored or dropped; the pending ones wait for their batch. */
  async stored(): Promise<void> {
    const upTo = this.#pending.length > 0 ? this.#batches : this.#batches - 1;
    if (upTo >= this.#firstUnsettled)
      await new Promise<void>((resolve) => this.#waitingForStored.push({ upTo, resolve }));
  }

  /** Encodes all pending records and resolves when they are stored. */
  async forceFlush(): Promise<void> {
    if (this.#pending.length > 0) this.#encode();
    await this.stored();
  }

  /** The SDK calls it for one provider; the others go on. */
  async shutdown(): Promise<void> {
    await this.forceFlush();
  }

  #encode(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const { plain, records, failed } = encodeBatch(this.#pending, this.#options.serialise);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#options.counts.dropped.encode_failed += failed;
    const number = this.#batches++;
    if (!plain) {
      this.#settle(number);
      return;
    }
    this.#unsettled.add(number);
    this.#waiting.push({ number, plain, count: records.length, ...timesOf(records) });
    this.#waitingRecords += records.length;
    this.#waitingBytes += plain.length;
    this.#storeNext();
  }

  /** Stores what waits, as long as not too much is in flight. */
  #storeNext(): void {
    while (this.#inFlight < MAX_IN_FLIGHT && this.#inFlightBytes < MAX_IN_FLIGHT_BYTES) {
      const batch = this.#waiting.shift();
      if (!batch) break;
      const { number, count, plain } = batch;
      this.#waitingRecords -= count;
      this.#waitingBytes -= plain.length;
      this.#inFlight++;
      this.#inFlightBytes += plain.length;
      void this.#store(batch).finally(() => {
        this.#inFlight--;
        this.#inFlightBytes -= plain.length;
        this.#storeNext();
        this.#settle(number);
      });
    }
    if (!this.full) for (const resolve of this.#waitingForRoom.splice(0)) resolve();
  }

  /** Number of the oldest batch that is not stored. */
  get #firstUnsettled(): number {
    for (const number of this.#unsettled) return number;
    return this.#batches;
  }

  #settle(number: number): void {
    this.#unsettled.delete(number);
    const first = this.#firstUnsettled;
    const waiting = this.#waitingForStored;
    this.#waitingForStored = waiting.filter(({ upTo }) => upTo >= first);
    for (const { upTo, resolve } of waiting) if (upTo < first) resolve();
  }

  /** Compressed in parallel, handed to the queue in order. */
  async #store({ plain, count, oldestMs, newestMs }: Batch): Promise<void> {
    const { compress, append, counts } = this.#options;
    const before = this.#handedOver;
    const handedOver = Promise.withResolvers<void>();
    this.#handedOver = handedOver.promise;
    let reason: 'encode_failed' | 'not_stored' = 'encode_failed';
    try {
      const body = await compress(plain).finally(() => before);
      reason = 'not_stored';
      const appended = append({ kind: 'logs', encoding: 'zstd', count, oldestMs, newestMs, body });
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
