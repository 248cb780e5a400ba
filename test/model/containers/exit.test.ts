// Exit codes of services and processes: failures, causes of restarts, and texts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causeByProcess, isFailure, lastExit } from '../../../src/model/containers/exit.ts';

const exit = (win32ExitCode: number, serviceExitCode = 0) => ({ win32ExitCode, serviceExitCode });

test('treats every exit code as a failure but success, never started and shutdown', () => {
  // winerror.h: 1066 service-specific, 1067 process aborted, 1077 never started, 1115 shutdown in progress.
  for (const code of [0, 1077, 1115]) assert.equal(isFailure(exit(code)), false, `${code}`);
  for (const code of [1, 5, 1053, 1067, 1068]) assert.equal(isFailure(exit(code)), true, `${code}`);
  assert.deepEqual([isFailure(exit(1066, 0)), isFailure(exit(1066, 3)), isFailure(exit(0, 3))], [false, true, false]);
});

test('takes exception codes as a crash, 0 and Ctrl+C as planned, other codes as unknown', () => {
  // [MS-ERREF] 2.3.1: severity 3 is an error.
  assert.deepEqual([0xc0000005, 0xc0000409, 0xe0434352].map(causeByProcess), ['crash', 'crash', 'crash']);
  assert.deepEqual([0, 0xc000013a].map(causeByProcess), ['planned', 'planned']);
  assert.deepEqual([1, 0x40010004, 0x80000003, undefined].map(causeByProcess), [
    'unknown',
    'unknown',
    'unknown',
    'unknown',
  ]);
});

test('describes the last exit by the most specific code', () => {
  const describe = (...args: [ReturnType<typeof exit> | undefined, number | undefined]) => {
    const found = lastExit(7, ...args);
    return found && `${found.atMs} ${found.code} ${found.meaning}`;
  };
  assert.equal(describe(exit(0), undefined), '7 0 stopped normally');
  assert.equal(describe(exit(0), 1), '7 0 stopped normally');
  assert.equal(describe(exit(1066, 42), 0), '7 42 the service stopped with its own error code');
  assert.equal(describe(exit(1067), undefined), '7 1067 the process terminated unexpectedly');
  assert.equal(
    describe(exit(1067), 0xc0000005),
    `7 ${0xc0000005} the process terminated unexpectedly: access violation`,
  );
  assert.equal(describe(exit(1067), 77), '7 77 the process terminated unexpectedly');
  assert.equal(describe(exit(1069), undefined), '7 1069 the service account could not log on');
  assert.equal(describe(exit(31_000), undefined), '7 31000 stopped with a Windows error');
  assert.equal(describe(undefined, 0xc00000fd), `7 ${0xc00000fd} the process exited: stack overflow`);
  assert.equal(describe(undefined, 0), '7 0 the process exited without an error');
  assert.equal(describe(undefined, undefined), undefined);
});
