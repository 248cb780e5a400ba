// Replays a tape as a host: pushes its observations at recorded speed or as fast as possible.
import { setImmediate, setTimeout } from 'node:timers/promises';
import { AgentError, reasonOf } from '../../base/errors.ts';
import type { Host, HostHeader, HostStatus, Observation } from '../host.ts';
import { type PendingCall, pendingCall, STOP_TIMEOUT_MS } from '../pending-call.ts';
import { LoopShift } from './loop-shift.ts';
import { latestWallMs, peekTape } from './peek.ts';
import { openTape, type Tape } from './read-tape.ts';
import { shiftHeader, shiftObservation } from './time-shift.ts';

/** Longest single sleep: a timer of Node is limited to 2^31 ms. */
const MAX_SLEEP_MS = 86_400_000;

/** The clocks of a replay; `sleep` rejects when the signal aborts. */
export interface ReplayClock {
  /** Monotonic milliseconds. */
  nowMs(): number;
  /** Milliseconds since 1970. */
  wallMs(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const systemClock: ReplayClock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
};

export interface TapeHostOptions {
  readonly file: string;
  /** 1: as recorded. `max`: as fast as possible. */
  readonly speed: 1 | 'max';
  /** Restarts at the end; time continues. */
  readonly loop: boolean;
  /**
   * `recorded`: times stay as they are in the tape. `present`: wall times are shifted so that none is in the future: at
   * speed 1 the first observation is now, at `max` the latest one is; a further pass then follows as recorded.
   */
  readonly time: 'present' | 'recorded';
  readonly clock?: ReplayClock;
}

/** A tape as a host. A fault in the tape ends the replay but not the agent: `status().problem` has its text. */
export class TapeHost implements Host {
  readonly #options: TapeHostOptions;
  readonly #clock: ReplayClock;
  readonly #stopping = new AbortController();
  readonly #loopShift: LoopShift;
  #playing: Promise<void> = Promise.resolve();
  #tape: Tape | undefined;
  /** Shift of the wall times of the tape. */
  #shiftMs = 0;
  /** Tape time and clock time of an observation that is pushed as recorded; the others keep their distance from it. */
  #origin: { readonly tMono: number; readonly nowMs: number } | undefined;
  /** Clock time to which the wall times are shifted. */
  #presentMs = 0;
  #lastMono = 0;
  #observations = 0;
  #loops = 0;
  #positionMs = 0;
  #ended = false;
  #problem: string | undefined;

  constructor(options: TapeHostOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#loopShift = new LoopShift(options.time === 'present' ? (tMono) => this.#presentWallMs(tMono) : undefined);
  }

  /** Rejects with the TAPE_* codes of openTape. Resolves before the first observation. */
  async start(push: (observation: Observation) => void): Promise<HostHeader> {
    const opening = this.#open();
    // Opening a pipe or a share can block, so stop() waits for it as well.
    this.#playing = opening.then(
      (tape) => this.#play(tape, push),
      () => {},
    );
    return shiftHeader((await opening).header, this.#shiftMs);
  }

  async stop(): Promise<readonly PendingCall[]> {
    this.#stopping.abort();
    const waiting = new AbortController();
    const late = this.#clock.sleep(STOP_TIMEOUT_MS, waiting.signal).then(
      () => false,
      () => true,
    );
    const inTime = await Promise.race([this.#playing.then(() => true), late]);
    waiting.abort();
    return inTime ? [] : [pendingCall('', 'the reader of the tape')];
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

  /** Opens the tape and decides on the shift of its wall times. */
  async #open(): Promise<Tape> {
    const { file, speed, time } = this.#options;
    if (time === 'recorded') return openTape(file);
    if (speed === 'max') {
      this.#shiftToPresent(await latestWallMs(file, this.#stopping.signal));
      return openTape(file);
    }
    const { tape, first } = await peekTape(await openTape(file));
    this.#shiftToPresent(first?.tWall);
    return tape;
  }

  /** Makes a wall time of the tape the present one. */
  #shiftToPresent(recordedMs: number | undefined): void {
    this.#presentMs = this.#clock.nowMs();
    // Whole milliseconds: times that are equal in the tape stay equal.
    if (recordedMs !== undefined) this.#shiftMs = Math.round(this.#clock.wallMs() - recordedMs);
  }

  async #play(first: Tape, push: (observation: Observation) => void): Promise<void> {
    try {
      let pushed = await this.#playPass(first, push);
      // A pass without observations would loop without a pause.
      while (this.#options.loop && pushed > 0 && !this.#stopping.signal.aborted) {
        this.#loopShift.startPass();
        // What follows the past is the present: it began when the wall times were shifted.
        if (this.#options.time === 'present') this.#origin ??= { tMono: this.#lastMono, nowMs: this.#presentMs };
        this.#loops++;
        pushed = await this.#playPass(await openTape(this.#options.file), push);
      }
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#problem = reasonOf(error);
    }
    this.#ended = true;
  }

  /** Resolves with the number of pushed observations. */
  async #playPass(tape: Tape, push: (observation: Observation) => void): Promise<number> {
    this.#tape = tape;
    const before = this.#observations;
    let startMs: number | undefined;
    try {
      for await (const recorded of tape.observations) {
        startMs ??= recorded.tMono;
        const present = this.#shiftMs === 0 ? recorded : shiftObservation(recorded, this.#shiftMs);
        const observation = this.#options.loop ? this.#loopShift.apply(present) : present;
        await this.#waitUntil(observation.tMono);
        if (this.#stopping.signal.aborted) break;
        push(observation);
        this.#observations++;
        this.#lastMono = observation.tMono;
        this.#positionMs = recorded.tMono - startMs;
      }
    } catch (error) {
      // A truncated recording can still be looped up to its end.
      if (!this.#options.loop || !(error instanceof AgentError) || error.code !== 'TAPE_TRUNCATED') throw error;
      this.#problem = error.message;
    }
    return this.#observations - before;
  }

  /** The present wall time at a monotonic time of the replay. */
  #presentWallMs(tMono: number): number {
    const { tMono: originMono, nowMs } = this.#origin!;
    return Math.round(this.#clock.wallMs() + nowMs + (tMono - originMono) - this.#clock.nowMs());
  }

  /** Waits for the time of an observation, and at least one turn of the event loop: the agent stays responsive. */
  async #waitUntil(tMono: number): Promise<void> {
    await setImmediate();
    if (this.#options.speed === 'max' && !this.#origin) return;
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
