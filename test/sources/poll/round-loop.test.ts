// The grid of rounds, skipped rounds and acknowledgements, on a clock of the test.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RoundLoop } from '../../../src/sources/poll/round-loop.ts';

const INTERVAL_MS = 1000;

/** A loop whose rounds take the time that the test sets, on a clock that only the test moves. */
class LoopFixture {
  now = 50;
  roundMs = 0;
  readonly startedAt: number[] = [];
  skipped = 0;
  acknowledged = 0;
  #scheduled: { callback: () => void; atMs: number } | undefined;
  readonly loop = new RoundLoop({
    intervalMs: INTERVAL_MS,
    round: () => {
      this.startedAt.push(this.now);
      this.now += this.roundMs;
      return this.startedAt.length;
    },
    acknowledged: () => this.acknowledged,
    onSkipped: (rounds) => {
      this.skipped += rounds;
    },
    clock: {
      now: () => this.now,
      schedule: (callback, delayMs) => {
        const scheduled = { callback, atMs: this.now + delayMs };
        this.#scheduled = scheduled;
        return () => {
          if (this.#scheduled === scheduled) this.#scheduled = undefined;
        };
      },
    },
  });

  get nextAtMs(): number | undefined {
    return this.#scheduled?.atMs;
  }

  /** Lets the scheduled call happen, `lateMs` after its time. */
  fire(lateMs = 0): void {
    const { callback, atMs } = this.#scheduled!;
    this.#scheduled = undefined;
    this.now = atMs + lateMs;
    callback();
  }

  acknowledgeAll(): void {
    this.acknowledged = this.startedAt.length;
  }
}

test('the first round runs at once and the next ones on the grid, however long a round takes', () => {
  const fixture = new LoopFixture();
  fixture.roundMs = 300;
  fixture.loop.start();
  for (let i = 0; i < 3; i++) {
    fixture.acknowledgeAll();
    fixture.fire();
  }
  assert.deepEqual(fixture.startedAt, [50, 1050, 2050, 3050]);
  assert.equal(fixture.skipped, 0);
});

test('a timer that fires late does not move the grid', () => {
  const fixture = new LoopFixture();
  fixture.loop.start();
  fixture.fire(40);
  assert.deepEqual(fixture.startedAt, [50, 1090]);
  assert.equal(fixture.nextAtMs, 2050);
});

test('a round of exactly one interval skips nothing', () => {
  const fixture = new LoopFixture();
  fixture.roundMs = INTERVAL_MS;
  fixture.loop.start();
  assert.equal(fixture.skipped, 0);
  assert.equal(fixture.nextAtMs, 1050);
});

test('skips and counts the rounds that a slow round overlaps, and keeps to the grid', () => {
  const fixture = new LoopFixture();
  fixture.roundMs = 2500;
  fixture.loop.start();
  assert.equal(fixture.skipped, 2);
  assert.equal(fixture.nextAtMs, 3050);
});

test('a third round is skipped while two are not acknowledged', () => {
  const fixture = new LoopFixture();
  fixture.loop.start();
  fixture.fire();
  fixture.fire();
  fixture.fire();
  assert.equal(fixture.startedAt.length, 2);
  assert.equal(fixture.skipped, 2);
  fixture.acknowledged = 1;
  fixture.fire();
  assert.deepEqual(fixture.startedAt, [50, 1050, 4050]);
  assert.equal(fixture.skipped, 2);
});

test('an acknowledgement covers the rounds before it', () => {
  const fixture = new LoopFixture();
  fixture.loop.start();
  fixture.fire();
  fixture.acknowledged = 2;
  fixture.fire();
  fixture.fire();
  assert.equal(fixture.startedAt.length, 4);
});

test('after a stop no round is scheduled', () => {
  const fixture = new LoopFixture();
  fixture.loop.start();
  fixture.loop.stop();
  assert.equal(fixture.nextAtMs, undefined);
});

test('without a clock of its own the loop runs on that of the system', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let rounds = 0;
  const loop = new RoundLoop({
    intervalMs: INTERVAL_MS,
    round: () => ++rounds,
    acknowledged: () => rounds,
    onSkipped: () => {},
  });
  loop.start();
  t.mock.timers.tick(INTERVAL_MS);
  assert.equal(rounds, 2);
  loop.stop();
  t.mock.timers.tick(INTERVAL_MS * 2);
  assert.equal(rounds, 2);
});
