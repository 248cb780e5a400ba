// Main-thread side of the events: empties the ring a little at a time, pushes what was decoded, and tells how the session fares.
import { Worker } from 'node:worker_threads';
import { workerEntry } from '../../base/worker-entry.ts';
import type { EtwSessionRecord, ObservationData, ObservationKind, Unavailability } from '../host.ts';
import { EventDecoder } from './decoder.ts';
import { EventView } from './event-view.ts';
import { LossTotal } from './loss.ts';
import type { EtwWorkerStart, EtwWorkerState } from './messages.ts';
import { RawPacker } from './raw.ts';
import { createRing, RingReader, type SharedRing, WORD } from './ring.ts';
import type { SessionLoss } from './session.ts';
import { copyTable } from './tcp-columns.ts';

/** Time between two looks into the ring. */
const LOOK_MS = 50;
/** Events of one turn of the event loop: decoding them and the model's work on them take some milliseconds. */
const TURN_EVENTS = 1000;
/** Few events wait this long for more of them, so that a quiet host does not make twenty observations a second. */
const GATHER_MS = 1000;

/** How one kind of data goes through the seam; `seconds` is what it took to read. */
export type PushData = <K extends ObservationKind>(
  kind: K,
  data: ObservationData[K],
  seconds: number,
  degraded: readonly Unavailability[],
) => void;

export interface EventSourceOptions {
  readonly sessionName: string;
  /** Push the events as they came as well, for a tape. */
  readonly raw: boolean;
  /** TCP events are lent for the time of the push, and their memory is used again; else they are the receiver's. */
  readonly lend: boolean;
  readonly push: PushData;
  /** An error that nobody caught in the worker: the process must end. */
  readonly onFatal: (error: Error) => void;
  /** Entry of another worker, for measurements. */
  readonly entry?: URL;
}

export class EventSource {
  readonly #options: EventSourceOptions;
  readonly #ring: SharedRing = createRing();
  readonly #view = new EventView();
  readonly #reader = new RingReader(this.#ring, this.#view);
  readonly #decoder = new EventDecoder();
  readonly #raw = new RawPacker();
  readonly #loss = new LossTotal();
  #rawLeftOut = 0;
  #state: EtwWorkerState | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waitingSince = 0;
  #turnIsDue = false;
  #lossProblem: Unavailability | undefined;
  #decodeMs = 0;
  #exited: Promise<void> = Promise.resolve();

  constructor(options: EventSourceOptions) {
    this.#options = options;
  }

  start(): void {
    const { sessionName, onFatal, entry } = this.#options;
    const start: EtwWorkerStart = { ring: this.#ring, sessionName };
    const worker = new Worker(entry ?? workerEntry('sources/etw/etw-worker'), {
      workerData: start,
      name: 'etw',
      // It makes next to no objects: a small heap is enough, and what it does not take, others have.
      resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 },
    });
    this.#exited = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.on('error', (error) => onFatal(error instanceof Error ? error : new Error(String(error))));
    worker.on('message', (state: EtwWorkerState) => this.#take(state));
    this.#timer = setInterval(() => this.#turn(), LOOK_MS);
    this.#tell();
  }

  /** Before a tick: what is there goes out first, so that the round holds it; the session's state is the last word. */
  beforeTick(): void {
    this.#drain();
    this.#flush();
    this.#tell();
  }

  /** What Windows says that the session lost, or why it does not; from a thread that may ask. */
  takeLoss(loss: SessionLoss | undefined, problem: Unavailability | undefined): void {
    if (loss) this.#loss.take(loss);
    this.#lossProblem = problem;
  }

  /** The worker ends when the session does, which is another thread's to end. */
  stop(): Promise<void> {
    clearInterval(this.#timer);
    Atomics.store(this.#ring.words, WORD.stop, 1);
    Atomics.notify(this.#ring.words, WORD.stop);
    return this.#exited;
  }

  #take(state: EtwWorkerState): void {
    if (state.state === 'running') this.#loss.begin();
    if (state.cpuMHz > 0) this.#decoder.cpuMHz = state.cpuMHz;
    this.#state = state;
    this.#tell();
  }

  #turn(): void {
    this.#drain();
    const now = performance.now();
    if (this.#decoder.pending === 0 && this.#raw.count === 0) return;
    if (this.#waitingSince === 0) this.#waitingSince = now;
    const more = !this.#reader.empty;
    if (more || this.#decoder.pending >= TURN_EVENTS || now - this.#waitingSince >= GATHER_MS) this.#flush();
    if (!more || this.#turnIsDue) return;
    this.#turnIsDue = true;
    setImmediate(() => {
      this.#turnIsDue = false;
      this.#turn();
    });
  }

  #drain(): void {
    const beganAt = performance.now();
    const raw = this.#options.raw;
    for (let left = TURN_EVENTS; left > 0 && this.#reader.next(); left--) {
      if (raw && !this.#raw.add(this.#view)) this.#rawLeftOut++;
      this.#decoder.decode(this.#view);
    }
    this.#decodeMs += performance.now() - beganAt;
  }

  #flush(): void {
    const { push, lend } = this.#options;
    const decoder = this.#decoder;
    const seconds = this.#decodeMs / 1000;
    this.#decodeMs = 0;
    this.#waitingSince = 0;
    if (this.#raw.count > 0) push('rawEvents', this.#raw.take(), 0, []);
    const { dns, processes } = decoder;
    decoder.dns = [];
    decoder.processes = [];
    // Processes first: they tell whose the connections and queries of a pid are that has changed hands. Then answers: a program
    // connects right after the one that names the address.
    if (processes.length > 0) push('processEvents', processes, 0, []);
    if (dns.length > 0) push('dnsEvents', dns, 0, []);
    if (decoder.tcp.count > 0) {
      const table = decoder.tcp.take();
      push('tcpEvents', lend ? table : copyTable(table), seconds, []);
    }
  }

  #tell(): void {
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
      // What the stream itself says was lost comes sooner, and is all there is where the session cannot be asked.
      eventsLost: Math.max(events, word(words, WORD.lostEvents)),
      buffersLost: Math.max(buffers, word(words, WORD.lostBuffers)),
      realTimeBuffersLost: realTimeBuffers,
      dropped: this.#dropped(),
    };
  }

  #dropped(): Record<string, number> {
    const { words } = this.#ring;
    const counts = {
      'ring full': word(words, WORD.ringFull),
      'not copied': word(words, WORD.failed),
      'unknown provider': word(words, WORD.unknownProvider),
      'too many: raw events': this.#rawLeftOut,
    };
    const found = Object.entries(counts).filter(([, count]) => count > 0);
    return Object.fromEntries([...found, ...this.#decoder.dropped]);
  }
}

/** Words wrap around after 2^32, which is days of nothing but losses. */
function word(words: Int32Array, index: number): number {
  return Atomics.load(words, index) >>> 0;
}
