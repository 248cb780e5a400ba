// Waiting for more events than one call of Windows takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitForSignals } from '../../../src/sources/logs/signal-wait.ts';

const WAIT_TIMEOUT = 0x102;
const WAIT_FAILED = 0xffff_ffff;

/** WaitForMultipleObjects on events of which some are set. */
function fakeWait(set: readonly bigint[] = [], failed = false) {
  const calls: { handles: bigint[]; timeoutMs: number }[] = [];
  const wait = (count: number, buffer: Buffer, all: number, timeoutMs: number): number => {
    assert.equal(all, 0);
    assert.ok(count > 0 && count <= 64, `${count} handles`);
    const handles = Array.from({ length: count }, (_, index) => buffer.readBigUInt64LE(index * 8));
    calls.push({ handles, timeoutMs });
    if (failed) return WAIT_FAILED;
    const index = handles.findIndex((handle) => set.includes(handle));
    return index < 0 ? WAIT_TIMEOUT : index;
  };
  return { calls, wait };
}

const handles = (count: number) => Array.from({ length: count }, (_, index) => BigInt(index + 1));

test('waits for up to 64 events in one call', () => {
  const { calls, wait } = fakeWait();
  assert.equal(waitForSignals(handles(64), 250, wait), true);
  assert.deepEqual(calls, [{ handles: handles(64), timeoutMs: 250 }]);
});

test('waits for more than 64 events in groups, together no longer than the timeout', () => {
  const { calls, wait } = fakeWait();
  waitForSignals(handles(200), 250, wait);
  assert.deepEqual(new Set(calls.flatMap((call) => call.handles)), new Set(handles(200)));
  const total = calls.reduce((sum, { timeoutMs }) => sum + timeoutMs, 0);
  assert.ok(total <= 250 && total >= 240, `${total} ms`);
});

test('finds a set event of a later group without waiting for an earlier one', () => {
  const { calls, wait } = fakeWait([150n]);
  waitForSignals(handles(200), 250, wait);
  assert.deepEqual(
    calls.map(({ timeoutMs }) => timeoutMs),
    [0, 0, 0],
  );
});

test('reports an invalid handle, so that the caller does not spin', () => {
  const { wait } = fakeWait([], true);
  assert.equal(waitForSignals(handles(1), 250, wait), false);
});
