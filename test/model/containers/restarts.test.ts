// Restarts by cause, crash loops and the last exit, from ticks and stop events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostModel } from '../../../src/model/host-model.ts';
import type { ProcessEventRecord } from '../../../src/sources/host.ts';
import { aModel, containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { observation } from '../../helpers/observations.ts';

const TICK_MS = 15_000;
const MINUTE_MS = 60_000;
/** winerror.h: ERROR_SERVICE_SPECIFIC_ERROR, ERROR_PROCESS_ABORTED. */
const SPECIFIC = 1066;
const ABORTED = 1067;

/** The service in one tick: it runs with this process, is stopped with these codes, or is not listed. */
type ObservedService =
  | { pid: number; createdMs?: number; state?: number }
  | { win32ExitCode: number; serviceExitCode?: number }
  | 'gone';

function tick(model: HostModel, atMs: number, observed: ObservedService): void {
  if (observed === 'gone') round(model, atMs, { services: [], processes: [] });
  else if ('pid' in observed) {
    const { pid, createdMs = -HOUR_MS, state = 4 } = observed;
    round(model, atMs, { services: [web({ pid, state })], processes: [{ pid, createdAtMs: wall(createdMs) }] });
  } else round(model, atMs, { services: [web({ state: 1, pid: 0, ...observed })], processes: [] });
}

/** A model after ticks with these states, one interval apart. */
function modelAfter(...all: ObservedService[]): HostModel {
  const model = aModel();
  for (const [i, each] of all.entries()) tick(model, i * TICK_MS, each);
  return model;
}

const causes = (model: HostModel) =>
  Object.fromEntries(
    containerOf(model)
      .history.byCause.filter(({ count }) => count > 0)
      .map(({ cause, count }) => [cause, count]),
  );

const stopEvent = (values: Partial<ProcessEventRecord>): ProcessEventRecord => {
  return {
    type: 'stopped',
    atMs: wall(20_000),
    pid: 100,
    createdAtMs: wall(-HOUR_MS),
    imageName: 'web.exe',
    ...values,
  };
};

test('counts a crash if the service was stopped with an error, and a planned restart if normally', () => {
  assert.deepEqual(causes(modelAfter({ pid: 100 }, { win32ExitCode: ABORTED }, { pid: 200 })), { crash: 1 });
  assert.deepEqual(causes(modelAfter({ pid: 100 }, { win32ExitCode: SPECIFIC, serviceExitCode: 3 }, { pid: 200 })), {
    crash: 1,
  });
  assert.deepEqual(causes(modelAfter({ pid: 100 }, { win32ExitCode: 0 }, { pid: 200 })), { planned: 1 });
});

test('counts a planned restart after a stop request, unless the service ran again in between', () => {
  assert.deepEqual(causes(modelAfter({ pid: 100 }, { pid: 100, state: 3 }, { pid: 200 })), { planned: 1 });
  assert.deepEqual(causes(modelAfter({ pid: 100 }, { pid: 100, state: 3 }, { pid: 100 }, { pid: 200 })), {
    unknown: 1,
  });
});

test('counts an unknown cause if exit and start happened between two ticks without an event', () => {
  assert.deepEqual(causes(modelAfter({ pid: 100 }, { pid: 200 })), { unknown: 1 });
  assert.deepEqual(causes(modelAfter({ pid: 100 }, { pid: 100, createdMs: 16_000 })), { unknown: 1 });
});

test('takes the cause from the exit code in the stop event of the root process', () => {
  const after = (event: ProcessEventRecord) => {
    const model = modelAfter({ pid: 100 });
    model.observe(observation('processEvents', [event]));
    tick(model, 2 * TICK_MS, { pid: 200, createdMs: 21_000 });
    return causes(model);
  };
  assert.deepEqual(after(stopEvent({ exitCode: 0xc0000005 })), { crash: 1 });
  assert.deepEqual(after(stopEvent({ exitCode: 0 })), { planned: 1 });
  assert.deepEqual(after(stopEvent({ exitCode: 1 })), { unknown: 1 });
  // Ignored: another process, an earlier process with the same pid, a start event, and an event without a code.
  assert.deepEqual(after(stopEvent({ pid: 101, exitCode: 0xc0000005 })), { unknown: 1 });
  assert.deepEqual(after(stopEvent({ createdAtMs: wall(-2 * HOUR_MS), exitCode: 0xc0000005 })), { unknown: 1 });
  assert.deepEqual(after(stopEvent({ type: 'started', exitCode: 0xc0000005 })), { unknown: 1 });
  assert.deepEqual(after(stopEvent({})), { unknown: 1 });
});

test('prefers the exit status by the SCM to the exit code of the process', () => {
  const model = modelAfter({ pid: 100 });
  model.observe(observation('processEvents', [stopEvent({ exitCode: 0xc0000005 })]));
  tick(model, 2 * TICK_MS, { win32ExitCode: 0 });
  tick(model, 3 * TICK_MS, { pid: 200 });
  assert.deepEqual(causes(model), { planned: 1 });
});

test('uses the exit status or code of one exit for one restart only', () => {
  assert.deepEqual(causes(modelAfter({ pid: 100 }, { win32ExitCode: ABORTED }, { pid: 200 }, { pid: 300 })), {
    crash: 1,
    unknown: 1,
  });
  const model = modelAfter({ pid: 100 });
  model.observe(observation('processEvents', [stopEvent({ exitCode: 0xc0000005 })]));
  tick(model, 2 * TICK_MS, { pid: 200 });
  tick(model, 3 * TICK_MS, { pid: 300 });
  assert.deepEqual(causes(model), { crash: 1, unknown: 1 });
});

test('counts no restart if a service stops and starts within the same process', () => {
  assert.deepEqual(causes(modelAfter({ pid: 100 }, { win32ExitCode: ABORTED }, { pid: 100 }, { pid: 200 })), {
    unknown: 1,
  });
});

test('counts as many restarts in total as by cause', () => {
  const model = modelAfter(
    { pid: 1 },
    { win32ExitCode: ABORTED },
    { pid: 2 },
    { pid: 3 },
    { win32ExitCode: 0 },
    { pid: 4 },
  );
  assert.deepEqual(causes(model), { crash: 1, planned: 1, unknown: 1 });
  assert.equal(containerOf(model).restarts, 3);
});

test('weak spot 22: keeps a failed service and its restart count while it is listed', () => {
  const model = aModel({ minContainerAgeMs: 30_000 });
  tick(model, 0, { pid: 100, createdMs: -1000 });
  for (let atMs = TICK_MS; atMs <= 30 * MINUTE_MS; atMs += TICK_MS) tick(model, atMs, { win32ExitCode: ABORTED });
  const down = containerOf(model);
  assert.deepEqual([down.state, down.reported, down.pid, down.hasListedRoot], ['failed', true, 0, false]);
  tick(model, 31 * MINUTE_MS, { pid: 200 });
  assert.deepEqual([containerOf(model).restarts, containerOf(model).state], [1, 'running']);
  tick(model, 32 * MINUTE_MS, { win32ExitCode: ABORTED });
  assert.equal(containerOf(model).state, 'restarting');
  tick(model, 40 * MINUTE_MS, { win32ExitCode: ABORTED });
  assert.equal(containerOf(model).state, 'failed');
  assert.deepEqual(causes(model), { crash: 1 });
});

test('lists a service that failed before the agent started, and does not count its first start', () => {
  const model = modelAfter({ win32ExitCode: ABORTED }, { win32ExitCode: ABORTED });
  assert.deepEqual([containerOf(model).state, containerOf(model).history.lastExit?.code], ['failed', ABORTED]);
  assert.equal(containerOf(model).history.lastMonoMs, undefined);
  tick(model, 3 * TICK_MS, { pid: 200 });
  assert.deepEqual([containerOf(model).state, containerOf(model).restarts], ['running', 0]);
});

test('counts restarts of a service that never gets beyond its starting state', () => {
  const model = modelAfter({ pid: 100, state: 2 }, { pid: 200, state: 2 }, { pid: 300, state: 2 });
  assert.deepEqual([containerOf(model).state, containerOf(model).restarts], ['running', 2]);
});

test('removes a service five minutes after it was stopped normally or is no longer listed', () => {
  for (const [last, state] of [
    [{ win32ExitCode: 0 }, 'stopped'],
    ['gone', 'gone'],
  ] as const) {
    const model = modelAfter({ pid: 100 }, last);
    assert.equal(containerOf(model).state, state);
    tick(model, TICK_MS + 5 * MINUTE_MS + 1, last);
    assert.deepEqual(model.containers.all(), []);
  }
});

test('removes a failed service five minutes after its exit status has become a normal stop', () => {
  const model = modelAfter({ pid: 100 }, { win32ExitCode: ABORTED });
  tick(model, HOUR_MS, { win32ExitCode: 0 });
  assert.equal(containerOf(model).state, 'stopped');
  tick(model, HOUR_MS + 5 * MINUTE_MS + 1, { win32ExitCode: 0 });
  assert.deepEqual(model.containers.all(), []);
});

test('keeps the last exit with the time of its first observation, also after the restart', () => {
  const model = modelAfter({ pid: 100 }, { win32ExitCode: ABORTED }, { win32ExitCode: ABORTED }, { pid: 200 });
  assert.deepEqual(containerOf(model).history.lastExit, {
    atMs: wall(TICK_MS + 10),
    code: ABORTED,
    meaning: 'the process terminated unexpectedly',
  });
  tick(model, 4 * TICK_MS, { win32ExitCode: ABORTED });
  assert.equal(containerOf(model).history.lastExit?.atMs, wall(4 * TICK_MS + 10));
});
