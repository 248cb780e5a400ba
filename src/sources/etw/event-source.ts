// Main-thread side of the events: reads the ring in bounded turns, pushes decoded events and the session state.
import { heapLimits, workerEntry } from '../../base/worker-entry.ts';
import { Activity } from '../activity.ts';
import type { EtwSessionRecord, Unavailability } from '../host.ts';
import { type PendingCall, pendingCall } from '../pending-call.ts';
import { WorkerLink } from '../worker-link.ts';
import { EventDecoder } from './decoder.ts';
import { EventView } from './event-view.ts';
import { LossTotal } from './loss.ts';
import { type EtwWorkerStart, type EtwWorkerState, PROCESS_TRACE } from './messages.ts';
import type { OpenTrace } from './open-trace.ts';
import type { PushData } from './provider.ts';
import { providers } from './providers/index.ts';
import { RawPacker } from './raw.ts';
import { createRing, RingReader, type SharedRing, WORD } from './ring.ts';
import type { SessionLoss } from './session.ts';

/** Interval at which the ring is read. */
const POLL_MS = 50;
/** Limit of events in one turn of the event loop: decoding and modelling them takes some milliseconds. */
const TURN_EVENTS = 1000;
/** A small batch waits this long for more events, so that a quiet host does not push twenty observations a second. */
const BATCH_MS = 1000;

export interface EventSourceOptions {
  readonly sessionName: string;
  /** The trace that the worker reads. */
  readonly trace: OpenTrace;
  /** Also push undecoded events, for a tape. */
  readonly raw: boolean;
  /** TCP tables are lent for the duration of the push and their memory is reused; otherwise the receiver owns them. */
  readonly lend: boolean;
  readonly push: PushData;
  /** An uncaught error in the worker: the process must exit. */
  readonly onFatal: (error: Error) => void;
  /** Replaces the entry of the worker in tests and benchmarks. */
  readonly entry?: URL;
}

export class EventSource {
  readonly #options: EventSourceOptions;
  readonly #ring: SharedRing = createRing();
  readonly #activity = new Activity();
  readonly #view = new EventView();
  readonly #reader = new RingReader(this.#ring, this.#view);
  readonly #decoder = new EventDecoder();
  readonly #raw = new RawPacker();
  readonly #loss = new LossTotal();
  #rawDropped = 0;
  #state: EtwWorkerState | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  #pendingSinceMs = 0;
  #turnScheduled = false;
  #lossProblem: Unavailability | undefined;
  #decodeMs = 0;
  #link: WorkerLink<EtwWorkerState> | undefined;

  constructor(options: EventSourceOptions) {
    this.#options = options;
  }

  start(): void {
    const { sessionName, trace, onFatal, entry } = this.#options;
    const start: EtwWorkerStart = {
      ring: this.#ring,
      sessionName,
      activity: this.#activity.shared,
      trace: trace.shared,
    };
    this.#link = new WorkerLink<EtwWorkerState>({
      name: 'etw',
      entry: entry ?? workerEntry('sources/etw/etw-worker'),
      workerData: start,
      ...heapLimits({ young: 1, old: 16 }),
      onMessage: (state) => this.#setState(state),
      onFatal,
      // Its thread is blocked in ProcessTrace and receives no messages.
      requestStop: () => {
        Atomics.store(this.#ring.words, WORD.stop, 1);
        Atomics.notify(this.#ring.words, WORD.stop);
      },
    });
    this.#pushState();
  }

  /** Called before each tick: pushes waiting events, so that they belong to the round, and then the session state. */
  beforeTick(): void {
    this.#drain();
    this.#flush();
    this.#pushState();
  }

  /** The losses that Windows reports for the session, or why they are unavailable; the windows worker reads them. */
  updateLoss(loss: SessionLoss | undefined, problem: Unavailability | undefined): void {
    if (loss) this.#loss.update(loss);
    this.#lossProblem = problem;
  }

  /** Resolves when the worker has exited, which it does after the windows worker has stopped the session. */
  stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    return this.#link?.stop() ?? Promise.resolve();
  }

  /** The call that the worker is in. */
  get pendingCall(): PendingCall {
    const { call } = this.#activity;
    return pendingCall(call, 'the etw worker', call === PROCESS_TRACE);
  }

  /** Without a session no timer wakes the thread; events that the last session left in the ring wait for the tick. */
  #setState(state: EtwWorkerState): void {
    clearInterval(this.#timer);
    if (state.state === 'running') {
      this.#loss.beginSession();
      if (!this.#stopping) this.#timer = setInterval(() => this.#runTurn(), POLL_MS);
    }
    if (state.cpuMHz > 0) this.#decoder.session.cpuMHz = state.cpuMHz;
    this.#state = state;
    this.#pushState();
  }

  #runTurn(): void {
    this.#drain();
    const now = performance.now();
    if (this.#decoder.pending === 0 && this.#raw.count === 0) return;
    if (this.#pendingSinceMs === 0) this.#pendingSinceMs = now;
    const more = !this.#reader.empty;
    if (more || this.#decoder.pending >= TURN_EVENTS || now - this.#pendingSinceMs >= BATCH_MS) this.#flush();
    if (!more || this.#turnScheduled) return;
    this.#turnScheduled = true;
    setImmediate(() => {
      this.#turnScheduled = false;
      this.#runTurn();
    });
  }

  #drain(): void {
    const startedAt = performance.now();
    const raw = this.#options.raw;
    for (let left = TURN_EVENTS; left > 0 && this.#reader.next(); left--) {
      if (raw && !this.#raw.add(this.#view)) this.#rawDropped++;
      this.#decoder.decode(this.#view);
    }
    this.#decodeMs += performance.now() - startedAt;
  }

  #flush(): void {
    const { push, lend } = this.#options;
    const seconds = this.#decodeMs / 1000;
    this.#decodeMs = 0;
    this.#pendingSinceMs = 0;
    if (this.#raw.count > 0) push('rawEvents', this.#raw.drain(), 0, []);
    this.#decoder.flush({ push, lend, seconds });
  }

  #pushState(): void {
    const degraded = [...(this.#state?.degraded ?? []), ...(this.#lossProblem ? [this.#lossProblem] : [])];
    this.#options.push('etw', this.#record(), 0, degraded);
  }

  #record(): EtwSessionRecord {
    const { words } = this.#ring;
    const { events, buffers, realTimeBuffers } = this.#loss.total();
    const state = this.#state;
    return {
      state: state?.state ?? 'starting',
      reason: state?.reason ?? '',
      providers: state?.providers ?? [],
      restarts: state?.restarts ?? 0,
      events: this.#decoder.events,
      // Loss events in the stream arrive earlier than the query, and still arrive when the query is denied.
      eventsLost: Math.max(events, word(words, WORD.lostEvents)),
      buffersLost: Math.max(buffers, word(words, WORD.lostBuffers)),
      realTimeBuffersLost: realTimeBuffers,
      dropped: this.#dropped(),
    };
  }

  #dropped(): Record<string, number> {
    const { words } = this.#ring;
    const counts = {
      ...Object.fromEntries(
        providers.map(({ name }, index) => [`ring full: ${name}`, word(words, WORD.ringFull + index)]),
      ),
      'copy failed': word(words, WORD.failed),
      'unknown provider': word(words, WORD.unknownProvider),
      'raw batch full': this.#rawDropped,
    };
    const found = Object.entries(counts).filter(([, count]) => count > 0);
    return Object.fromEntries([...found, ...this.#decoder.dropped]);
  }
}

/** The words are signed; the counts wrap at 2^32. */
function word(words: Int32Array, index: number): number {
  return Atomics.load(words, index) >>> 0;
}
