// The SERVICE_STATUS that the SCM receives for each state, field by field at the documented offsets.
import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { ServiceStates } from '../../src/service/states.ts';

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status: seven DWORDs. */
function read(status: Buffer) {
  assert.equal(status.length, 28);
  const [type, state, accepted, win32ExitCode, specificExitCode, checkpoint, waitHintMs] = [
    0, 4, 8, 12, 16, 20, 24,
  ].map((at) => status.readUInt32LE(at));
  return { type, state, accepted, win32ExitCode, specificExitCode, checkpoint, waitHintMs };
}

const STOPPED = 1;
const START_PENDING = 2;
const STOP_PENDING = 3;
const RUNNING = 4;
const STOP_AND_PRESHUTDOWN = 0x101;
const quiet = { type: 0x10, accepted: 0, win32ExitCode: 0, specificExitCode: 0, checkpoint: 0, waitHintMs: 0 };

describe('ServiceStates', () => {
  let reported: ReturnType<typeof read>[];
  let states: ServiceStates;
  beforeEach(() => {
    mock.timers.reset();
    mock.timers.enable({ apis: ['setInterval'] });
    reported = [];
    states = new ServiceStates((status) => reported.push(read(status)));
  });

  it('increments the checkpoint while starting, and accepts no controls', () => {
    states.starting();
    mock.timers.tick(2000);
    assert.deepEqual(
      reported,
      [1, 2, 3].map((checkpoint) => ({ ...quiet, state: START_PENDING, checkpoint, waitHintMs: 10_000 })),
    );
  });

  it('accepts stop and preshutdown while running, and reports nothing more', () => {
    states.starting();
    states.running();
    mock.timers.tick(60_000);
    assert.deepEqual(reported.slice(1), [{ ...quiet, state: RUNNING, accepted: STOP_AND_PRESHUTDOWN }]);
  });

  it('starts the checkpoints at 1 again while stopping', () => {
    states.starting();
    states.running();
    states.stopping();
    mock.timers.tick(1000);
    assert.deepEqual(
      reported.slice(2),
      [1, 2].map((checkpoint) => ({ ...quiet, state: STOP_PENDING, checkpoint, waitHintMs: 10_000 })),
    );
  });

  it('reports exit code 0 after a normal stop', () => {
    states.stopping();
    states.stopped(0);
    mock.timers.tick(60_000);
    assert.deepEqual(reported.at(-1), { ...quiet, state: STOPPED });
    assert.equal(reported.length, 2);
  });

  it('reports ERROR_SERVICE_SPECIFIC_ERROR with a specific exit code', () => {
    states.starting();
    states.stopped(2);
    assert.deepEqual(reported.at(-1), { ...quiet, state: STOPPED, win32ExitCode: 1066, specificExitCode: 2 });
  });

  it('repeats the last status when interrogated', () => {
    states.running();
    states.repeat();
    assert.deepEqual(reported[1], reported[0]);
  });
});
