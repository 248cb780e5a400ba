// The turns of the logs worker: reads in slices, sends batches, and waits for the acknowledgement of earlier ones.
import { reasonOf } from '../../base/errors.ts';
import { Backoff } from '../backoff.ts';
import type { FromLogsWorker, LogBatch, LogReader, ReaderState, SignalHandle } from './contracts.ts';

/** Duration of one turn, so that a stop request is handled in time. */
const SLICE_MS = 50;
/** Longest wait between two turns: the interval at which files are read. */
export const WAIT_MS = 250;
/** Batches that the main thread may have received without having acknowledged them. */
const MAX_UNACKNOWLEDGED = 2;
/** A changed state is sent at most this often, an unchanged one at least that often. */
const STATE_MS = 1000;
export const ALIVE_MS = 5000;

/** Waits of the loop; each one also ends early at a stop request. */
export interface LoopWaits {
  /** Lets the thread receive messages. */
  yield(): Promise<void>;
  /** Resolves when one of the signals is set, or after the timeout. */
  signals(signals: readonly SignalHandle[], timeoutMs: number): Promise<void>;
  /** Resolves when the acknowledgement is another one than `seq`, or after the timeout. */
  acknowledgement(seq: number, timeoutMs: number): Promise<void>;
}

export interface WorkerLoopOptions {
  readonly readers: readonly LogReader[];
  readonly send: (message: FromLogsWorker) => void;
  /** Number of the last acknowledged batch. */
  readonly acknowledged: () => number;
  readonly waits: LoopWaits;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

export class WorkerLoop {
  readonly #options: WorkerLoopOptions;
  readonly #readers: readonly GuardedReader[];
  #isStopping = false;
  #seq = 0;
  #turns = 0;
  #sentState = '';
  #sentStateAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: WorkerLoopOptions) {
    this.#options = options;
    this.#readers = options.readers.map((reader) => new GuardedReader(reader));
  }

  /** Resolves after a stop, when the readers are closed. */
  async run(): Promise<void> {
    const { acknowledged, waits } = this.#options;
    while (!this.#isStopping) {
      const seq = acknowledged();
      // Beyond that the Event Log and the files are the buffer.
      if (this.#seq - seq >= MAX_UNACKNOWLEDGED) {
        this.#sendState();
        await waits.acknowledgement(seq, WAIT_MS);
        continue;
      }
      const more = this.#turn();
      this.#sendState();
      if (more) await waits.yield();
      else
        await waits.signals(
          this.#readers.flatMap((reader) => reader.signals()),
          WAIT_MS,
        );
    }
    for (const reader of this.#readers) reader.close();
  }

  stop(): void {
    this.#isStopping = true;
  }

  /** Each reader has its share of the slice. Returns whether there is more to read. */
  #turn(): boolean {
    const { now, send } = this.#options;
    const batch: LogBatch = { eventRecords: [], fileMessages: [], positions: {} };
    const count = this.#readers.length;
    const first = this.#turns++;
    let more = false;
    for (let i = 0; i < count; i++) {
      const nowMs = now();
      const reader = this.#readers[(first + i) % count]!;
      more = reader.read(batch, nowMs, nowMs + SLICE_MS / count) || more;
    }
    const { eventRecords, fileMessages, positions } = batch;
    if (eventRecords.length > 0 || fileMessages.length > 0 || Object.keys(positions).length > 0)
      send({ type: 'batch', seq: ++this.#seq, batch });
    return more;
  }

  #sendState(): void {
    const { now, send } = this.#options;
    const ageMs = now() - this.#sentStateAtMs;
    if (ageMs < STATE_MS) return;
    const state = Object.assign({}, ...this.#readers.map((reader) => reader.state())) as ReaderState;
    const problems = this.#readers.map(({ problem }) => problem).filter((problem) => problem !== undefined);
    const problem = problems.length > 0 ? problems.join('; ') : undefined;
    const text = JSON.stringify([state, problem]);
    if (text === this.#sentState && ageMs < ALIVE_MS) return;
    this.#sentState = text;
    this.#sentStateAtMs = now();
    send({ type: 'state', state, problem });
  }
}

/** Pauses a reader that throws, so that the others go on. */
class GuardedReader {
  problem: string | undefined;
  readonly #reader: LogReader;
  readonly #backoff = new Backoff();
  #nextAtMs = Number.NEGATIVE_INFINITY;
  #runsSinceMs: number | undefined;

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  signals(): readonly SignalHandle[] {
    return this.problem === undefined ? this.#reader.signals() : [];
  }

  read(batch: LogBatch, nowMs: number, untilMs: number): boolean {
    if (nowMs < this.#nextAtMs) return false;
    this.#runsSinceMs ??= nowMs;
    try {
      const more = this.#reader.read(batch, nowMs, untilMs);
      this.problem = undefined;
      return more;
    } catch (error) {
      this.problem = `logs are not read at the moment: ${reasonOf(error)}`;
      this.#nextAtMs = nowMs + this.#backoff.next(nowMs - this.#runsSinceMs);
      this.#runsSinceMs = undefined;
      return false;
    }
  }

  state(): ReaderState {
    return this.#reader.state();
  }

  close(): void {
    this.#reader.close();
  }
}
