// The schedule of passes: a pass runs after pending I/O, at most once for a tick, and before the next observation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PassSchedule } from '../../src/collectors/pass-schedule.ts';

/** A schedule, and the model update times that its passes were given. */
function createSchedule() {
  const runs: number[] = [];
  return { runs, schedule: new PassSchedule((spentMs) => runs.push(spentMs)) };
}

const immediate = () => new Promise((resolve) => setImmediate(resolve));

test('runs a due pass in the second immediate, after the event loop has polled for I/O', async () => {
  const { runs, schedule } = createSchedule();
  schedule.schedule(7);
  assert.deepEqual(runs, []);
  // Immediates run right after the poll phase:
  // https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick
  await immediate();
  assert.deepEqual(runs, []);
  await immediate();
  assert.deepEqual(runs, [7]);
});

test('runs a due pass at once when asked, and not a second time', async () => {
  const { runs, schedule } = createSchedule();
  schedule.schedule(1);
  schedule.runDue();
  schedule.runDue();
  assert.deepEqual(runs, [1]);
  for (let i = 0; i < 3; i++) await immediate();
  assert.deepEqual(runs, [1]);
});

test('runs a due pass at once between its two immediates', async () => {
  const { runs, schedule } = createSchedule();
  schedule.schedule(1);
  await immediate();
  schedule.runDue();
  for (let i = 0; i < 3; i++) await immediate();
  assert.deepEqual(runs, [1]);
});

test('does not run a cancelled pass, whenever it is cancelled', async () => {
  for (const immediates of [0, 1]) {
    const { runs, schedule } = createSchedule();
    schedule.schedule(1);
    for (let i = 0; i < immediates; i++) await immediate();
    schedule.cancel();
    schedule.runDue();
    for (let i = 0; i < 3; i++) await immediate();
    assert.deepEqual(runs, []);
  }
});

test('runs nothing when no pass is due', () => {
  const { runs, schedule } = createSchedule();
  schedule.runDue();
  schedule.cancel();
  assert.deepEqual(runs, []);
});
