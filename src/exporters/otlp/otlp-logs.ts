// Sends log records by OTLP: from the log pipeline through the OpenTelemetry SDK to the queue of payloads.
// Imported only by open-otlp-logs.ts, so that an agent without a destination of logs does not load the SDK.
import type { LogRecord, LogSink } from '../../logs/log-record.ts';
import type { PayloadQueue } from '../spool/payload-queue.ts';
import { compress } from './compression.ts';
import { LogBatcher } from './log-batcher.ts';
import { type HostIdentity, LoggerProviders } from './logger-providers.ts';
import { type LogChange, type LogDropReason, RecordCounts } from './record-counts.ts';
import { toSdkRecord } from './sdk-record.ts';

export interface OtlpLogsOptions extends HostIdentity {
  /** The queue of the destination of logs. */
  readonly queue: Pick<PayloadQueue, 'append'>;
  /** Calls a function once after a time, and returns what cancels the call; `setTimeout` by default. */
  readonly schedule?: (run: () => void, ms: number) => () => void;
}

export interface OtlpLogsStatus {
  /** Containers with a provider. */
  readonly containers: number;
  /** Records that were accepted; those that are not dropped are pending, being stored, or in the queue. */
  readonly accepted: number;
  /** Records that are not serialised yet. */
  readonly pending: number;
  /** Payloads appended to the queue, and their bytes before and after compression. */
  readonly payloads: number;
  readonly plainBytes: number;
  readonly storedBytes: number;
  readonly dropped: Readonly<Record<LogDropReason, number>>;
  readonly changed: Readonly<Record<LogChange, number>>;
}

export class OtlpLogs {
  /** Receives the records. */
  readonly sink: LogSink;
  readonly #counts = new RecordCounts();
  readonly #schedule: (run: () => void, ms: number) => () => void;
  readonly #batcher: LogBatcher;
  readonly #providers: LoggerProviders;
  #stopped = false;

  constructor(options: OtlpLogsOptions) {
    const { queue, schedule = afterTimeout } = options;
    this.#schedule = schedule;
    this.#batcher = new LogBatcher({
      compress: (plain) => compress(plain, 'zstd'),
      append: (payload) => queue.append(payload),
      schedule,
      counts: this.#counts,
    });
    this.#providers = new LoggerProviders(options, this.#batcher);
    const isFull = () => this.#stopped || this.#batcher.full;
    this.sink = {
      emit: (containerId, record) => this.#emit(containerId, record),
      get full() {
        return isFull();
      },
      ready: async () => {
        if (!this.#stopped) await this.#batcher.ready();
      },
      stored: () => this.#batcher.stored(),
      remove: (containerId) => this.#providers.remove(containerId),
    };
  }

  /** Stores what was accepted. Resolves to false if that is not finished after this time; it then goes on. */
  async stop(timeoutMs: number): Promise<boolean> {
    this.#stopped = true;
    const timedOut = Promise.withResolvers<boolean>();
    const cancel = this.#schedule(() => timedOut.resolve(false), timeoutMs);
    const stored = await Promise.race([this.#batcher.forceFlush().then(() => true), timedOut.promise]);
    cancel();
    return stored;
  }

  status(): OtlpLogsStatus {
    const { pendingRecords, payloads, plainBytes, storedBytes } = this.#batcher;
    const { accepted, dropped, changed } = this.#counts;
    return {
      containers: this.#providers.size,
      accepted,
      pending: pendingRecords,
      payloads,
      plainBytes,
      storedBytes,
      dropped: { ...dropped },
      changed: { ...changed },
    };
  }

  #emit(containerId: string, record: LogRecord): boolean {
    const refusal = this.#stopped ? 'stopped' : this.#batcher.full ? 'queue_full' : undefined;
    if (refusal) return this.#drop(refusal);
    try {
      this.#providers.loggerOf(containerId).emit(toSdkRecord(record, this.#counts));
    } catch {
      return this.#drop('malformed');
    }
    this.#counts.accepted++;
    return true;
  }

  #drop(reason: LogDropReason): false {
    this.#counts.dropped[reason]++;
    return false;
  }
}

function afterTimeout(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
