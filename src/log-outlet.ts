// Passes log records from the model to the delivery, and lets the source of logs go on when these are taken.
import type { HostIdentity } from './exporters/otlp/logger-providers.ts';
import type { LogRecord, LogSink } from './logs/log-record.ts';
import type { HostLogs } from './model/logs/host-logs.ts';
import type { LogListener } from './model/logs/log-owner.ts';
import type { LogReceiver } from './sources/logs/contracts.ts';

/** Bounds of the records that wait for the sink. */
const MAX_PENDING = 4096;
const MAX_PENDING_LENGTH = 4 * 1024 * 1024;
/** Ticks after which the sink is opened without a machine id, which may never be readable. */
const MAX_TICKS = 3;

export interface LogOutletOptions {
  /** Opens the sink with the identity that all records carry; undefined where logs have no destination. */
  readonly open: ((host: HostIdentity) => Promise<LogSink | undefined>) | undefined;
  readonly onFault: (error: unknown) => void;
}

export class LogOutlet implements LogListener, LogReceiver {
  readonly #options: LogOutletOptions;
  #logs: HostLogs | undefined;
  #pending: { readonly containerId: string; readonly record: LogRecord }[] = [];
  #pendingLength = 0;
  #ticks = 0;
  #isOpening = false;
  #isStopped = false;
  /** Resolves when the sink is open, or will not be. */
  readonly #opened = Promise.withResolvers<void>();
  #sink: LogSink | undefined;
  /** Why records are dropped. */
  #refusal: 'open_failed' | 'stopped' | undefined;

  constructor(options: LogOutletOptions) {
    this.#options = options;
  }

  /** Receives the records of these logs from now on, if there is a sink to open. */
  attach(logs: HostLogs): void {
    this.#logs = logs;
    if (this.#options.open) logs.listener = this;
  }

  record(containerId: string, record: LogRecord): void {
    const { length } = record.body;
    if (this.#sink && !this.#isStopped) this.#sink.emit(containerId, record);
    else if (this.#refusal) this.#logs?.countDropped(this.#refusal, 1);
    else if (this.#isFull(length)) this.#logs?.countDropped('sink_not_open', 1);
    else {
      this.#pending.push({ containerId, record });
      this.#pendingLength += length;
    }
  }

  removed(containerId: string): void {
    this.#sink?.remove(containerId);
  }

  /** Opens the sink once the machine id is known, or has had enough time to become known. */
  afterTick(identity: { readonly hostname: string; readonly machineId: string } | undefined): void {
    const { open, onFault } = this.#options;
    if (!open || this.#isOpening || this.#isStopped) return;
    const { hostname = '', machineId = '' } = identity ?? {};
    if (machineId === '' && ++this.#ticks < MAX_TICKS) return;
    this.#isOpening = true;
    open({ hostName: hostname, machineId }).then(
      (sink) => this.#use(sink),
      (error: unknown) => {
        onFault(error);
        this.#refuse('open_failed');
      },
    );
  }

  /** Never resolves after the stop. */
  async ready(): Promise<void> {
    if (this.#options.open) {
      if (this.#isFull(0)) await this.#opened.promise;
      await this.#sink?.ready();
    }
    if (this.#isStopped) await new Promise<never>(() => {});
  }

  async stored(): Promise<void> {
    await this.#logs?.attributed();
    if (this.#pending.length > 0) await this.#opened.promise;
    await this.#sink?.stored();
  }

  /** Call it before the delivery stops: what waits for its container is passed on, and later records are dropped. */
  stop(): void {
    if (this.#isStopped) return;
    this.#logs?.attributeWaiting();
    this.#isStopped = true;
    if (!this.#isOpening) this.#refuse('stopped');
    this.#refusal ??= 'stopped';
  }

  #use(sink: LogSink | undefined): void {
    if (!sink) {
      this.#refuse('stopped');
      return;
    }
    this.#sink = sink;
    for (const { containerId, record } of this.#pending) sink.emit(containerId, record);
    this.#clear();
  }

  /** Drops what is pending. */
  #refuse(reason: 'open_failed' | 'stopped'): void {
    this.#refusal ??= reason;
    if (this.#pending.length > 0) this.#logs?.countDropped(reason, this.#pending.length);
    this.#clear();
  }

  #clear(): void {
    this.#pending = [];
    this.#pendingLength = 0;
    this.#opened.resolve();
  }

  #isFull(length: number): boolean {
    return this.#pending.length >= MAX_PENDING || this.#pendingLength + length > MAX_PENDING_LENGTH;
  }
}
