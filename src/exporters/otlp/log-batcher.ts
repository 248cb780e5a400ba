// The one processor behind the loggers of all containers: it batches records and appends them to the queue as payloads.
import type { Context } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import type { Payload } from '../payload.ts';
import { RecordContext } from './record-context.ts';
import type { RecordCounts } from './record-counts.ts';
import { RequestWriter, type WrittenRequest } from './request-writer.ts';

/** More would take tens of megabytes for buffers and contexts of zstd, and gain little (docs/performance.md). */
export const BATCH_RECORDS = 1024;
/** A batch is complete with the record that exceeds it. */
export const BATCH_BYTES = 1024 * 1024;
export const BATCH_MS = 5000;
/** Bound of the records that are not in flight yet, in their encoded bytes. */
const MAX_PENDING_BYTES = 2 * BATCH_BYTES;
/** Bounds of the payloads that are being compressed and stored. */
const MAX_IN_FLIGHT = 4;
const MAX_IN_FLIGHT_BYTES = 2 * BATCH_BYTES;

export interface BatcherOptions {
  /** Compresses with zstd. */
  readonly compress: (plain: Uint8Array) => Promise<Uint8Array>;
  readonly append: (payload: Payload) => Promise<void>;
  /** Calls a function once after a time, and returns what cancels the call. */
  readonly schedule: (run: () => void, ms: number) => () => void;
  readonly counts: RecordCounts;
}

interface Batch extends WrittenRequest {
  readonly number: number;
}

export class LogBatcher implements LogRecordProcessor {
  readonly #options: BatcherOptions;
  /** The pending records, which are fewer than fill a batch. */
  readonly #writer = new RequestWriter();
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
    return this.#writer.count + this.#waitingRecords;
  }

  /** Whether the next record exceeds the bounds. */
  get full(): boolean {
    return this.#writer.bytes + this.#waitingBytes >= MAX_PENDING_BYTES;
  }

  onEmit(record: ReadWriteLogRecord, context?: Context): void {
    this.#writer.add(record, context instanceof RecordContext ? context : undefined);
    if (this.#writer.count >= BATCH_RECORDS || this.#writer.bytes >= BATCH_BYTES) this.#closeBatch();
    else this.#cancelTimer ??= this.#options.schedule(() => this.#closeBatch(), BATCH_MS);
  }

  /** Resolves when there is room. */
  async ready(): Promise<void> {
    if (this.full) await new Promise<void>((resolve) => this.#waitingForRoom.push(resolve));
  }

  /** Resolves when all records so far are stored or dropped; the pending ones wait for their batch. */
  async stored(): Promise<void> {
    const upTo = this.#writer.count > 0 ? this.#batches : this.#batches - 1;
    if (upTo >= this.#firstUnsettled)
      await new Promise<void>((resolve) => this.#waitingForStored.push({ upTo, resolve }));
  }

  /** Closes the batch and resolves when all records are stored. */
  async forceFlush(): Promise<void> {
    if (this.#writer.count > 0) this.#closeBatch();
    await this.stored();
  }

  /** The SDK calls it for one provider; the others go on. */
  async shutdown(): Promise<void> {
    await this.forceFlush();
  }

  #closeBatch(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const batch = { number: this.#batches++, ...this.#writer.finish() };
    this.#unsettled.add(batch.number);
    this.#waiting.push(batch);
    this.#waitingRecords += batch.count;
    this.#waitingBytes += batch.plain.length;
    this.#storeNext();
  }

  /** Stores what waits, as long as not too much is in flight. */
  #storeNext(): void {
    while (this.#inFlight < MAX_IN_FLIGHT && this.#inFlightBytes < MAX_IN_FLIGHT_BYTES) {
      const batch = this.#waiting.shift();
      if (!batch) break;
      const { number, count } = batch;
      const bytes = batch.plain.length;
      this.#waitingRecords -= count;
      this.#waitingBytes -= bytes;
      this.#inFlight++;
      this.#inFlightBytes += bytes;
      void this.#store(batch).finally(() => {
        this.#inFlight--;
        this.#inFlightBytes -= bytes;
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
    const plainBytes = plain.length;
    const before = this.#handedOver;
    const handedOver = Promise.withResolvers<void>();
    this.#handedOver = handedOver.promise;
    let reason: 'encode_failed' | 'not_stored' = 'encode_failed';
    try {
      const body = await compress(plain).finally(() => before);
      release(plain);
      reason = 'not_stored';
      const appended = append({ kind: 'logs', encoding: 'zstd', count, oldestMs, newestMs, body });
      handedOver.resolve();
      await appended;
      this.payloads++;
      this.plainBytes += plainBytes;
      this.storedBytes += body.length;
    } catch {
      counts.dropped[reason] += count;
    } finally {
      handedOver.resolve();
    }
  }
}

/** Frees a buffer at once: one of a megabyte that waits for the garbage collector makes it run more often. */
function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
