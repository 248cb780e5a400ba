// Calls that a stop found pending: their names from shared memory, and what is said about them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Activity } from '../../src/sources/activity.ts';
import { OpenTrace } from '../../src/sources/etw/open-trace.ts';
import { hangText, lateText, pendingCall } from '../../src/sources/pending-call.ts';

test('shows the call of a worker while it runs, also after one that threw', () => {
  const activity = new Activity();
  const other = new Activity(activity.shared);
  assert.equal(other.call, '');
  activity.during('StartTraceW', () => assert.equal(other.call, 'StartTraceW'));
  assert.equal(other.call, '');
  assert.throws(() =>
    activity.during('OpenTraceW', () => {
      throw new Error('refused');
    }),
  );
  assert.equal(other.call, '');
  assert.equal(
    activity.during('x', () => other.call),
    'x',
  );
});

test('cuts the name of a call at the size of its memory', () => {
  const activity = new Activity();
  activity.during('é'.repeat(100), () => assert.equal(activity.call, 'é'.repeat(62)));
});

test('passes any 64-bit handle to the thread that claims it, once', () => {
  const trace = new OpenTrace();
  const other = new OpenTrace(trace.shared);
  for (const handle of [0n, 1n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 0x1_0000_0000n, 0xffff_ffff_ffff_fffen]) {
    trace.publish(handle);
    assert.equal(other.claim(), handle);
    assert.equal(trace.claim(), undefined);
  }
});

test('names the calls that hang, and else those that are late', () => {
  const hanging = pendingCall('the reading of tcp', 'the windows worker');
  const unknown = pendingCall('', 'the etw worker');
  const late = pendingCall('ProcessTrace', 'the etw worker', true);
  assert.equal(hangText([]), undefined);
  assert.equal(lateText([]), undefined);
  assert.equal(hangText([late]), undefined);
  assert.equal(
    hangText([hanging, unknown, late]),
    'a system call hangs: the reading of tcp in the windows worker, the etw worker',
  );
  assert.equal(
    lateText([late]),
    'ProcessTrace in the etw worker has not returned within 7 s; the process exits without it',
  );
});
