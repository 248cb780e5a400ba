// Helpers of the replay tests: a clock that jumps, a short tape, and its replay.
import assert from 'node:assert/strict';
import type { Observation } from '../../../src/sources/host.ts';
import { encodeHeader, encodeObservation } from '../../../src/sources/tape/format.ts';
import { type ReplayClock, TapeHost, type TapeHostOptions } from '../../../src/sources/tape/replay.ts';
import { aHeader, processTable, TapeBuilder, WALL_AT_ZERO_MS } from '../../helpers/observations.ts';
import { endLine, type TestFolder, tapeText } from './support.ts';

/** A clock that jumps to the end of each sleep; when `frozen`, only the signal ends a sleep. */
export class FakeClock implements ReplayClock {
  now = 5_000;
  /** The wall clock at `now` 0. */
  wallAtZeroMs = WALL_AT_ZERO_MS + 1_000_000_000;
  readonly slept: number[] = [];
  frozen = false;
  #waiting: (() => void)[] = [];

  nowMs(): number {
    return this.now;
  }

  wallMs(): number {
    return this.wallAtZeroMs + this.now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    this.slept.push(ms);
    for (const waiter of this.#waiting.splice(0)) waiter();
    if (!this.frozen) {
      this.now += ms;
      return Promise.resolve();
    }
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }

  /** Resolves at the next sleep. */
  sleeping(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export const PROCESSES = processTable([{ pid: 4, createdAtMs: 1_700_000_000_000 }]);
export const { observations: TWO_ROUNDS } = new TapeBuilder()
  .at(100)
  .add('system', { uptimeMs: 50_000 })
  .add('processes', PROCESSES)
  .tick(10_000)
  .add('system', { uptimeMs: 60_000 })
  .tick(10_000);

/** The text of a complete tape. */
export const textOf = (observations: readonly Observation[]): string =>
  tapeText(encodeHeader(aHeader()), ...observations.map(encodeObservation), endLine(observations.length));

/** A host that replays the text from a file, and its pushed observations. */
export async function play(folder: TestFolder, text: string, options: Partial<TapeHostOptions> = {}) {
  const file = await folder.file('a.tape', text);
  const clock = new FakeClock();
  const host = new TapeHost({ file, speed: 'max', loop: false, time: 'recorded', clock, ...options });
  const pushed: Observation[] = [];
  const waiting: { count: number; done: () => void }[] = [];
  const push = (observation: Observation): void => {
    pushed.push(observation);
    for (const each of waiting) if (pushed.length >= each.count) each.done();
  };
  const until = (count: number): Promise<void> => new Promise((done) => waiting.push({ count, done }));
  return { host, clock, pushed, push, until, file };
}

/** Stops before the timeout. */
export async function stop(host: TapeHost, clock: FakeClock): Promise<boolean> {
  clock.frozen = true;
  return (await host.stop()).length === 0;
}

/** Runs the event loop until the host reports its end. */
export async function ended(host: TapeHost): Promise<void> {
  for (let turn = 0; !host.status().detail.ended; turn++) {
    assert.ok(turn < 100_000, 'the replay does not end');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
