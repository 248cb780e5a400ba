// What the manager is told of each state: SERVICE_STATUS field by field, offsets by its documentation.
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

describe('a service', () => {
  let told: ReturnType<typeof read>[];
  let states: ServiceStates;
  beforeEach(() => {
    mock.timers.reset();
    mock.timers.enable({ apis: ['setInterval'] });
    told = [];
    states = new ServiceStates((status) => told.push(read(status)));
  });

  it('that starts counts its checkpoints up, and takes no controls', () => {
    states.starting();
    mock.timers.tick(2000);
    assert.deepEqual(
      told,
      [1, 2, 3].map((checkpoint) => ({ ...quiet, state: START_PENDING, checkpoint, waitHintMs: 10_000 })),
    );
  });

  it('that runs takes stop and preshutdown, and says no more', () => {
    states.starting();
    states.running();
    mock.timers.tick(60_000);
    assert.deepEqual(told.slice(1), [{ ...quiet, state: RUNNING, accepted: STOP_AND_PRESHUTDOWN }]);
  });

  it('that stops begins its checkpoints anew', () => {
    states.starting();
    states.running();
    states.stopping();
    mock.timers.tick(1000);
    assert.deepEqual(
      told.slice(2),
      [1, 2].map((checkpoint) => ({ ...quiet, state: STOP_PENDING, checkpoint, waitHintMs: 10_000 })),
    );
  });

  it('that stopped in order has exit code 0', () => {
    states.stopping();
    states.stopped(0);
    mock.timers.tick(60_000);
    assert.deepEqual(told.at(-1), { ...quiet, state: STOPPED });
    assert.equal(told.length, 2);
  });

  it('that ends with a code of its own says ERROR_SERVICE_SPECIFIC_ERROR', () => {
    states.starting();
    states.stopped(2);
    assert.deepEqual(told.at(-1), { ...quiet, state: STOPPED, win32ExitCode: 1066, specificExitCode: 2 });
  });

  it('that is interrogated says the same again', () => {
    states.running();
    states.repeat();
    assert.deepEqual(told[1], told[0]);
  });
});
