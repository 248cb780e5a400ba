// Plays a tape as a host: pushes its observations at the pace of the recording or as fast as they are taken.
import { setImmediate, setTimeout } from 'node:timers/promises';
import { AgentError, reasonOf } from '../../base/errors.ts';
import type { Host, HostHeader, HostStatus, Observation } from '../host.ts';
import { LoopShift } from './loop-shift.ts';
import { openTape, type Tape } from './read-tape.ts';

/** Longest single sleep: timers of Node hold no more than 2^31 ms. */
const MAX_SLEEP_MS = 86_400_000;

/** What replay needs of time; `sleep` rejects when the signal aborts. */
export interface ReplayClock {
  /** Monotonic milliseconds. */
  nowMs(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const systemClock: ReplayClock = {
  nowMs: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
};

export interface TapeHostOptions {
  readonly file: string;
  /** 1: as recorded. `max`: as fast as possible. */
  readonly speed: 1 | 'max';
  /** Begins again at the end, with time going on. */
  readonly loop: boolean;
  readonly clock?: ReplayClock;
}

/** A tape as a host. A fault in the tape ends the replay, not the agent: `status().problem` has its text. */
export class TapeHost implements Host {
  readonly #options: TapeHostOptions;
  readonly #clock: ReplayClock;
  readonly #stopping = new AbortController();
  readonly #shift = new LoopShift();
  #playing: Promise<void> = Promise.resolve();
  #tape: Tape | undefined;
  /** Where tape time and clock time met. */
  #origin: { readonly tMono: number; readonly nowMs: number } | undefined;
  #observations = 0;
  #loops = 0;
  #positionMs = 0;
  #ended = false;
  #problem: string | undefined;

  constructor(options: TapeHostOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Rejects with the TAPE_* codes of openTape. The first observation comes after it has resolved. */
  async start(push: (observation: Observation) => void): Promise<HostHeader> {
    const opening = openTape(this.#options.file);
    // A pipe or a share that does not answer can block here: stop() must know of it.
    this.#playing = opening.then(
      (tape) => this.#play(tape, push),
      () => {},
    );
    return (await opening).header;
  }

  async stop(timeoutMs: number): Promise<boolean> {
    this.#stopping.abort();
    const waiting = new AbortController();
    const late = this.#clock.sleep(timeoutMs, waiting.signal).then(
      () => false,
      () => true,
    );
    const inTime = await Promise.race([this.#playing.then(() => true), late]);
    waiting.abort();
    return inTime;
  }

  status(): HostStatus {
    const detail = {
      file: this.#options.file,
      observations: this.#observations,
      ended: this.#ended,
      loops: this.#loops,
      positionSeconds: this.#positionMs / 1000,
      skipped: sum(this.#tape?.skipped),
      dropped: sum(this.#tape?.end?.dropped),
    };
    return { kind: 'tape', detail, ...(this.#problem !== undefined && { problem: this.#problem }) };
  }

  async #play(first: Tape, push: (observation: Observation) => void): Promise<void> {
    try {
      let pushed = await this.#playPass(first, push);
      // A pass without observations would make the loop spin.
      while (this.#options.loop && pushed > 0 && !this.#stopping.signal.aborted) {
        this.#shift.startPass();
        this.#loops++;
        pushed = await this.#playPass(await openTape(this.#options.file), push);
      }
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#problem = reasonOf(error);
    }
    this.#ended = true;
  }

  /** Resolves with the number of observations pushed. */
  async #playPass(tape: Tape, push: (observation: Observation) => void): Promise<number> {
    this.#tape = tape;
    const before = this.#observations;
    let startMs: number | undefined;
    try {
      for await (const recorded of tape.observations) {
        startMs ??= recorded.tMono;
        const observation = this.#shift.apply(recorded);
        await this.#waitUntil(observation.tMono);
        if (this.#stopping.signal.aborted) break;
        push(observation);
        this.#observations++;
        this.#positionMs = recorded.tMono - startMs;
      }
    } catch (error) {
      // A recording that was cut off is still good for a loop, up to the cut.
      if (!this.#options.loop || !(error instanceof AgentError) || error.code !== 'TAPE_TRUNCATED') throw error;
      this.#problem = error.message;
    }
    return this.#observations - before;
  }

  /** Waits for the observation's time and in any case for one turn of the event loop, so that the agent stays responsive. */
  async #waitUntil(tMono: number): Promise<void> {
    await setImmediate();
    if (this.#options.speed === 'max') return;
    this.#origin ??= { tMono, nowMs: this.#clock.nowMs() };
    const dueMs = this.#origin.nowMs + (tMono - this.#origin.tMono);
    for (let leftMs = dueMs - this.#clock.nowMs(); leftMs > 0; leftMs = dueMs - this.#clock.nowMs()) {
      await this.#clock.sleep(Math.min(leftMs, MAX_SLEEP_MS), this.#stopping.signal);
    }
  }
}

function sum(counts: Readonly<Record<string, number>> = {}): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
