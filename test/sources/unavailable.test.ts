// Why something is missing: the right that would give it is told only where the system refused for want of one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Win32Error } from '../../src/native/win32-error.ts';
import { type Grant, KIND_GRANTS, PART_GRANTS } from '../../src/sources/grants.ts';
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
  for (const error of [
    new Win32Error('Call', 50),
    new Win32Error('Call', 0xc0000003),
    new Error('Cannot find function'),
  ]) {
    const { right, lost } = unavailability('part', error, grant);
    assert.deepEqual([right, lost], [undefined, 'the figure']);
  }
});

test('every part tells what is lost without it, and rights are told with who has them', () => {
  for (const [part, { right, lost }] of Object.entries<Grant>({ ...KIND_GRANTS, ...PART_GRANTS })) {
    assert.match(lost, /^[a-z].{5,}[^.]$/, part);
    if (right !== undefined)
      assert.match(right, /^(SC_MANAGER|SERVICE_|JOB_OBJECT_|Se[A-Z]|FILE_|reading HKLM|the rights of)/, part);
  }
});
