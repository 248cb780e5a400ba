// The live machine as a host: joins the observations of several sources into one numbered stream.
import type { Host, HostHeader, HostStatus, Observation } from './host.ts';
import { LATE_STOP_TIMEOUT_MS, type PendingCall, STOP_TIMEOUT_MS, THREAD_END_MS } from './pending-call.ts';

/** Takes an observation of one source. The host numbers it, whatever its own number is. */
export type PushObservation = (observation: Observation) => void;

/** Something that observes a part of the machine. */
export interface Source {
  /**
   * Starts to push. The source that reads the facts about the machine resolves with the header, the others with
   * nothing.
   */
  start(push: PushObservation): Promise<HostHeader | undefined>;
  /** Pushes what the source has gathered, so that the round that ends now contains it. */
  beforeTick?(): void;
  /** Resolves when the source has ended. */
  stop(): Promise<void>;
  /** The call that the source is in, while its stop is not complete. */
  pendingCall(): PendingCall;
  /** Why the source does not work at the moment. */
  problem(): string | undefined;
}

export interface LiveHostOptions {
  /** Kind of the host in its status. */
  readonly kind: string;
  /**
   * Started in this order, each after the one before, and stopped in the opposite order. One of them has the header.
   */
  readonly sources: readonly Source[];
}

export class LiveHost implements Host {
  readonly #options: LiveHostOptions;
  #receive: PushObservation = () => {};
  #isStopping = false;
  #seq = 0;
  #lastMono = 0;

  constructor(options: LiveHostOptions) {
    this.#options = options;
  }

  async start(push: PushObservation): Promise<HostHeader> {
    this.#receive = push;
    let header: HostHeader | undefined;
    for (const source of this.#options.sources) {
      if (this.#isStopping) break;
      header = (await source.start((observation) => this.#push(observation))) ?? header;
    }
    if (!header) throw new Error('no source of this host has a header');
    return header;
  }

  /** A call that may return late gets more time, unless another one hangs, which may be what should end it. */
  async stop(): Promise<readonly PendingCall[]> {
    this.#isStopping = true;
    const running = new Set(this.#options.sources);
    const ended = Promise.all(
      this.#options.sources.toReversed().map((source) => source.stop().then(() => running.delete(source))),
    );
    const pending = (): PendingCall[] => [...running].map((source) => source.pendingCall());
    await within(ended, STOP_TIMEOUT_MS);
    if (pending().every(({ mayBeLate }) => mayBeLate)) await within(ended, LATE_STOP_TIMEOUT_MS - STOP_TIMEOUT_MS);
    // The thread of a call that has just returned is about to end.
    if (pending().some(({ mayBeLate }) => !mayBeLate)) await within(ended, THREAD_END_MS);
    return pending();
  }

  status(): HostStatus {
    const { kind, sources } = this.#options;
    const problems = sources.map((source) => source.problem()).filter((problem) => problem !== undefined);
    return { kind, detail: {}, ...(problems.length > 0 ? { problem: problems.join('; ') } : {}) };
  }

  /** Sources run on several threads: one that read earlier may arrive later, and time must not go back. */
  #push(observation: Observation): void {
    if (observation.kind === 'tick') for (const source of this.#options.sources) source.beforeTick?.();
    this.#lastMono = Math.max(this.#lastMono, observation.tMono);
    this.#receive({ ...observation, seq: ++this.#seq, tMono: this.#lastMono });
  }
}

/** Resolves when the promise is resolved or the time is over. */
export async function within(promise: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([promise, timeout]);
  clearTimeout(timer);
}
