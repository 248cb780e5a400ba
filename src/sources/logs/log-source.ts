// Logs as a source: main-thread side of the logs worker.
import { setTimeout as timer } from 'node:timers/promises';
import { monotonicMs } from '../../base/monotonic.ts';
import { heapLimits, workerEntry } from '../../base/worker-entry.ts';
import { Acknowledgement } from '../acknowledgement.ts';
import { Activity } from '../activity.ts';
import type { Observation, Unavailability } from '../host.ts';
import type { PushObservation, Source } from '../live-host.ts';
import { type PendingCall, pendingCall } from '../pending-call.ts';
import { MAX_LOG_RECORDS } from '../records/logs.ts';
import { type Spawn, WorkerLink } from '../worker-link.ts';
import type { FilesRequest, FileTarget, FromLogsWorker, LogBatch, LogReceiver, LogsWorkerStart } from './contracts.ts';
import { channelProblems, fileProblems } from './log-problems.ts';
import { PositionStore } from './position-store.ts';
import { readPositions, type StoredPositions, writePositions } from './positions-file.ts';
import { ALIVE_MS } from './worker-loop.ts';

/** The worker counts as stuck after this many intervals without a sign of life. */
const STUCK_AFTER_INTERVALS = 3;

export interface LogSourceOptions extends Omit<LogsWorkerStart, 'activity' | 'acknowledged' | 'positions'> {
  /** Path of the file in which positions are stored; its folder must exist. Undefined: they are not stored. */
  readonly positionsFile: string | undefined;
  readonly receiver: LogReceiver;
  /** The positions of the last run are damaged: collection begins as at the first start. */
  readonly onDamagedPositions: (problem: string) => void;
  /** An error that the worker did not catch. The process must end. */
  readonly onFatal: (error: Error) => void;
  /** Replaced by tests. */
  readonly entry?: URL;
  readonly spawn?: Spawn;
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

export function createLogSource(options: LogSourceOptions): LogSource {
  return new LogSource(options);
}

/** The worker is started when there is something to read: a channel, or a file. */
export class LogSource implements Source {
  readonly #options: LogSourceOptions;
  readonly #activity = new Activity();
  readonly #acknowledgement = new Acknowledgement();
  readonly #stopRequest = Promise.withResolvers<void>();
  #files: readonly FileTarget[];
  #push: PushObservation | undefined;
  #stored: StoredPositions = { positions: {}, problem: undefined };
  #positions: PositionStore | undefined;
  #link: WorkerLink<FromLogsWorker, FilesRequest> | undefined;
  /** The batches that were received are handled one after the other. */
  #received: Promise<void> = Promise.resolve();
  #state: (FromLogsWorker & { readonly type: 'state' }) | undefined;
  #isStopping = false;

  constructor(options: LogSourceOptions) {
    this.#options = options;
    this.#files = options.files;
  }

  async start(push: PushObservation): Promise<undefined> {
    const {
      positionsFile,
      receiver,
      onDamagedPositions,
      sleep = (ms: number) => timer(ms, undefined, { ref: false }),
    } = this.#options;
    if (positionsFile !== undefined) {
      this.#stored = await readPositions(positionsFile);
      if (this.#stored.problem !== undefined) onDamagedPositions(this.#stored.problem);
      this.#positions = new PositionStore({
        positions: this.#stored.positions,
        write: (positions) => writePositions(positionsFile, positions),
        stored: () => receiver.stored(),
        sleep,
      });
    }
    this.#push = push;
    this.#startWorker();
  }

  /** Replaces the files that are followed besides those of the options, e.g. when a container was started. */
  setFiles(others: readonly FileTarget[]): void {
    const files = [...this.#options.files, ...others];
    this.#files = files;
    if (this.#link) this.#link.send({ type: 'files', files });
    else this.#startWorker();
  }

  /** Pushes the state of channels and files, so that each round contains it. */
  beforeTick(): void {
    const { eventChannels, logFiles } = this.#state?.state ?? {};
    if (eventChannels) this.#observe('eventChannels', eventChannels, channelProblems(eventChannels));
    if (logFiles) this.#observe('logFiles', logFiles, fileProblems(logFiles));
  }

  /** What the receiver cannot take any more is read again after the next start. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#link?.stop();
    this.#stopRequest.resolve();
    await this.#received;
  }

  /** Resolves when the last positions are stored. Called after a stop, when the outputs have stored their records. */
  async storePositions(): Promise<void> {
    await this.#positions?.close();
  }

  pendingCall(): PendingCall {
    return pendingCall(this.#activity.call, 'the logs worker');
  }

  problem(): string | undefined {
    const problems = [this.#stuck(), this.#state?.problem, this.#positions?.problem];
    const found = problems.filter((problem) => problem !== undefined);
    return found.length > 0 ? found.join('; ') : undefined;
  }

  #stuck(): string | undefined {
    const silentMs = this.#link?.silentMs ?? 0;
    if (silentMs <= ALIVE_MS * STUCK_AFTER_INTERVALS) return undefined;
    const { call } = this.#activity;
    const inCall = call === '' ? 'a system call hangs' : `${call} hangs`;
    return `the logs worker has not answered for ${Math.round(silentMs / 1000)} s: ${inCall}`;
  }

  #startWorker(): void {
    const { channels, eventLocale, filesEncoding, parser, onFatal, entry, spawn, now } = this.#options;
    if (!this.#push || this.#link || this.#isStopping || (channels.length === 0 && this.#files.length === 0)) return;
    this.#link = new WorkerLink<FromLogsWorker, FilesRequest>({
      name: 'logs',
      entry: entry ?? workerEntry('sources/logs/logs-worker'),
      workerData: {
        channels,
        eventLocale,
        files: this.#files,
        filesEncoding,
        parser,
        positions: this.#stored.positions,
        activity: this.#activity.shared,
        acknowledged: this.#acknowledgement.shared,
      } satisfies LogsWorkerStart,
      ...heapLimits({ young: 4, old: 24 }),
      onMessage: (message) => this.#receive(message),
      onFatal,
      ...(spawn ? { spawn } : {}),
      ...(now ? { now } : {}),
    });
  }

  #receive(message: FromLogsWorker): void {
    if (message.type === 'state') this.#state = message;
    else this.#received = this.#received.then(() => this.#handle(message.seq, message.batch));
  }

  async #handle(seq: number, batch: LogBatch): Promise<void> {
    const isReady = await Promise.race([
      this.#options.receiver.ready().then(() => true),
      this.#stopRequest.promise.then(() => false),
    ]);
    if (!isReady) return;
    const { eventRecords, fileMessages, positions } = batch;
    for (let from = 0; from < eventRecords.length; from += MAX_LOG_RECORDS)
      this.#observe('eventRecords', eventRecords.slice(from, from + MAX_LOG_RECORDS));
    if (fileMessages.length > 0) this.#observe('fileMessages', fileMessages);
    this.#acknowledgement.seq = seq;
    this.#positions?.add(positions);
  }

  #observe(kind: Observation['kind'], data: unknown, degraded: readonly Unavailability[] = []): void {
    const head = { seq: 0, tMono: monotonicMs(), tWall: Date.now(), source: 'logs', kind, seconds: 0 };
    // TypeScript cannot follow a kind through the mapped union.
    this.#push!({ ...head, data, ...(degraded.length > 0 ? { degraded } : {}) } as unknown as Observation);
  }
}
