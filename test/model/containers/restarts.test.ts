// Restarts by cause, crash loops, and the last end: what two looks and events tell, and what they do not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostModel } from '../../../src/model/host-model.ts';
import type { ProcessEventRecord } from '../../../src/sources/host.ts';
import { aModel, containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { observation } from '../../helpers/observations.ts';

const LOOK_MS = 15_000;
const MINUTE_MS = 60_000;
/** winerror.h: ERROR_SERVICE_SPECIFIC_ERROR, ERROR_PROCESS_ABORTED. */
const SPECIFIC = 1066;
const ABORTED = 1067;

/** One look: the service runs with this process, or is stopped with these codes, or is gone from the list. */
type Look =
  | { pid: number; born?: number; state?: number }
  | { win32ExitCode: number; serviceExitCode?: number }
  | 'gone';

function look(model: HostModel, atMs: number, seen: Look): void {
  if (seen === 'gone') round(model, atMs, { services: [], processes: [] });
  else if ('pid' in seen) {
    const { pid, born = -HOUR_MS, state = 4 } = seen;
    round(model, atMs, { services: [web({ pid, state })], processes: [{ pid, createdAtMs: wall(born) }] });
  } else round(model, atMs, { services: [web({ state: 1, pid: 0, ...seen })], processes: [] });
}

/** All looks, one interval apart. */
function looks(...all: Look[]): HostModel {
  const model = aModel();
  for (const [i, each] of all.entries()) look(model, i * LOOK_MS, each);
  return model;
}

const causes = (model: HostModel) =>
  Object.fromEntries(
    containerOf(model)
      .history.byCause.filter(({ count }) => count > 0)
      .map(({ cause, count }) => [cause, count]),
  );

const ended = (values: Partial<ProcessEventRecord>): ProcessEventRecord => {
  return {
    type: 'stopped',
    atMs: wall(20_000),
    pid: 100,
    createdAtMs: wall(-HOUR_MS),
    imageName: 'web.exe',
    ...values,
  };
};

test('seen stopped with an error and running again is a crash; stopped in order, a planned restart', () => {
  assert.deepEqual(causes(looks({ pid: 100 }, { win32ExitCode: ABORTED }, { pid: 200 })), { crash: 1 });
  assert.deepEqual(causes(looks({ pid: 100 }, { win32ExitCode: SPECIFIC, serviceExitCode: 3 }, { pid: 200 })), {
    crash: 1,
  });
  assert.deepEqual(causes(looks({ pid: 100 }, { win32ExitCode: 0 }, { pid: 200 })), { planned: 1 });
});

test('a restart after a stop request is planned; a cancelled request does not count', () => {
  assert.deepEqual(causes(looks({ pid: 100 }, { pid: 100, state: 3 }, { pid: 200 })), { planned: 1 });
  assert.deepEqual(causes(looks({ pid: 100 }, { pid: 100, state: 3 }, { pid: 100 }, { pid: 200 })), { unknown: 1 });
});

test('an end and a start between two looks: nothing tells the cause', () => {
  assert.deepEqual(causes(looks({ pid: 100 }, { pid: 200 })), { unknown: 1 });
  assert.deepEqual(causes(looks({ pid: 100 }, { pid: 100, born: 16_000 })), { unknown: 1 });
});

test('... unless an event tells the exit code of the root process', () => {
  const after = (event: ProcessEventRecord) => {
    const model = looks({ pid: 100 });
    model.observe(observation('processEvents', [event]));
    look(model, 2 * LOOK_MS, { pid: 200, born: 21_000 });
    return causes(model);
  };
  assert.deepEqual(after(ended({ exitCode: 0xc0000005 })), { crash: 1 });
  assert.deepEqual(after(ended({ exitCode: 0 })), { planned: 1 });
  assert.deepEqual(after(ended({ exitCode: 1 })), { unknown: 1 });
  // Another process, another life of the same pid, a start, and an event without a code are no evidence.
  assert.deepEqual(after(ended({ pid: 101, exitCode: 0xc0000005 })), { unknown: 1 });
  assert.deepEqual(after(ended({ createdAtMs: wall(-2 * HOUR_MS), exitCode: 0xc0000005 })), { unknown: 1 });
  assert.deepEqual(after(ended({ type: 'started', exitCode: 0xc0000005 })), { unknown: 1 });
  assert.deepEqual(after(ended({})), { unknown: 1 });
});

test('the manager’s word goes before the code of the process', () => {
  const model = looks({ pid: 100 });
  model.observe(observation('processEvents', [ended({ exitCode: 0xc0000005 })]));
  look(model, 2 * LOOK_MS, { win32ExitCode: 0 });
  look(model, 3 * LOOK_MS, { pid: 200 });
  assert.deepEqual(causes(model), { planned: 1 });
});

test('evidence of one end is used up by its restart', () => {
  assert.deepEqual(causes(looks({ pid: 100 }, { win32ExitCode: ABORTED }, { pid: 200 }, { pid: 300 })), {
    crash: 1,
    unknown: 1,
  });
  const model = looks({ pid: 100 });
  model.observe(observation('processEvents', [ended({ exitCode: 0xc0000005 })]));
  look(model, 2 * LOOK_MS, { pid: 200 });
  look(model, 3 * LOOK_MS, { pid: 300 });
  assert.deepEqual(causes(model), { crash: 1, unknown: 1 });
});

test('a service that stops and starts within one process is not restarted', () => {
  assert.deepEqual(causes(looks({ pid: 100 }, { win32ExitCode: ABORTED }, { pid: 100 }, { pid: 200 })), { unknown: 1 });
});

test('the causes add up to Coroot’s count', () => {
  const model = looks({ pid: 1 }, { win32ExitCode: ABORTED }, { pid: 2 }, { pid: 3 }, { win32ExitCode: 0 }, { pid: 4 });
  assert.deepEqual(causes(model), { crash: 1, planned: 1, unknown: 1 });
  assert.equal(containerOf(model).restarts, 3);
});

test('weak spot 22: a service that is down at each look stays in sight, however long, and its count goes on', () => {
  const model = aModel({ minContainerAgeMs: 30_000 });
  look(model, 0, { pid: 100, born: -1000 });
  for (let atMs = LOOK_MS; atMs <= 30 * MINUTE_MS; atMs += LOOK_MS) look(model, atMs, { win32ExitCode: ABORTED });
  const down = containerOf(model);
  assert.deepEqual([down.state, down.reported, down.pid, down.measured], ['failed', true, 0, false]);
  look(model, 31 * MINUTE_MS, { pid: 200 });
  assert.deepEqual([containerOf(model).restarts, containerOf(model).state], [1, 'running']);
  look(model, 32 * MINUTE_MS, { win32ExitCode: ABORTED });
  assert.equal(containerOf(model).state, 'restarting');
  look(model, 40 * MINUTE_MS, { win32ExitCode: ABORTED });
  assert.equal(containerOf(model).state, 'failed');
  assert.deepEqual(causes(model), { crash: 1 });
});

test('one that has failed before the agent began is there, too; its first start is no restart', () => {
  const model = looks({ win32ExitCode: ABORTED }, { win32ExitCode: ABORTED });
  assert.deepEqual([containerOf(model).state, containerOf(model).history.lastExit?.code], ['failed', ABORTED]);
  assert.equal(containerOf(model).history.lastAtMs, 0);
  look(model, 3 * LOOK_MS, { pid: 200 });
  assert.deepEqual([containerOf(model).state, containerOf(model).restarts], ['running', 0]);
});

test('a starting service has its process, so that a loop that never gets further counts', () => {
  const model = looks({ pid: 100, state: 2 }, { pid: 200, state: 2 }, { pid: 300, state: 2 });
  assert.deepEqual([containerOf(model).state, containerOf(model).restarts], ['running', 2]);
});

test('stopped in order, it goes after five minutes; so does one that is no longer listed', () => {
  for (const [last, state] of [
    [{ win32ExitCode: 0 }, 'stopped'],
    ['gone', 'gone'],
  ] as const) {
    const model = looks({ pid: 100 }, last);
    assert.equal(containerOf(model).state, state);
    look(model, LOOK_MS + 5 * MINUTE_MS + 1, last);
    assert.deepEqual(model.containers.all(), []);
  }
});

test('a failed service that is stopped in order then, or disabled, goes after five minutes', () => {
  const model = looks({ pid: 100 }, { win32ExitCode: ABORTED });
  look(model, HOUR_MS, { win32ExitCode: 0 });
  assert.equal(containerOf(model).state, 'stopped');
  look(model, HOUR_MS + 5 * MINUTE_MS + 1, { win32ExitCode: 0 });
  assert.deepEqual(model.containers.all(), []);
});

test('the last end keeps the moment when it was seen first, and outlives the restart', () => {
  const model = looks({ pid: 100 }, { win32ExitCode: ABORTED }, { win32ExitCode: ABORTED }, { pid: 200 });
  assert.deepEqual(containerOf(model).history.lastExit, {
    atMs: wall(LOOK_MS + 10),
    code: ABORTED,
    meaning: 'the process terminated unexpectedly',
  });
  look(model, 4 * LOOK_MS, { win32ExitCode: ABORTED });
  assert.equal(containerOf(model).history.lastExit?.atMs, wall(4 * LOOK_MS + 10));
});
