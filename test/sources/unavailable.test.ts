// Why something is missing: the right that would give it is told only where the system refused for want of one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Win32Error } from '../../src/native/win32-error.ts';
import { unavailability } from '../../src/sources/unavailable.ts';

const grant = { right: 'SeSomethingPrivilege', lost: 'the figure' };

test('refused: access denied and privilege not held, as Win32 error and as NTSTATUS', () => {
  // winerror.h: 5, 1314; ntstatus.h: C0000022, C0000061.
  for (const code of [5, 1314, 0xc0000022, 0xc0000061]) {
    const { right, lost, code: told } = unavailability('part', new Win32Error('Call', code), grant);
    assert.deepEqual([right, lost, told], ['SeSomethingPrivilege', 'the figure', code]);
  }
});

test('not there at all: no right would help', () => {
  for (const error of [new Win32Error('Call', 50), new Win32Error('Call', 0xc0000003), new Error('Cannot find function')]) {
    const { right, lost } = unavailability('part', error, grant);
    assert.deepEqual([right, lost], [undefined, 'the figure']);
  }
});

test('without a grant only what the system said', () => {
  assert.deepEqual(unavailability('part', new Error('why')), { part: 'part', reason: 'why' });
});
