// The reason for a missing part: it names a right only when the system refused access.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Win32Error } from '../../src/native/win32-error.ts';
import { type Grant, KIND_GRANTS, PART_GRANTS } from '../../src/sources/grants.ts';
import { unavailability } from '../../src/sources/unavailable.ts';

const grant = { requiredRight: 'SeSomethingPrivilege', consequence: 'the figure' };

test('names the right for access denied and privilege not held, as Win32 error and NTSTATUS', () => {
  // winerror.h: 5, 1314; ntstatus.h: C0000022, C0000061.
  for (const code of [5, 1314, 0xc0000022, 0xc0000061]) {
    const { requiredRight, consequence, code: reported } = unavailability('part', new Win32Error('Call', code), grant);
    assert.deepEqual([requiredRight, consequence, reported], ['SeSomethingPrivilege', 'the figure', code]);
  }
});

test('an error that is no refusal names no right', () => {
  for (const error of [
    new Win32Error('Call', 50),
    new Win32Error('Call', 0xc0000003),
    new Error('Cannot find function'),
  ]) {
    const { requiredRight, consequence } = unavailability('part', error, grant);
    assert.deepEqual([requiredRight, consequence], [undefined, 'the figure']);
  }
});

test('each grant says what is lost without it, and names a right of Windows', () => {
  for (const [part, { requiredRight, consequence }] of Object.entries<Grant>({ ...KIND_GRANTS, ...PART_GRANTS })) {
    assert.match(consequence, /^[a-z].{5,}[^.]$/, part);
    if (requiredRight !== undefined)
      assert.match(
        requiredRight,
        /^(SC_MANAGER|SERVICE_|JOB_OBJECT_|Se[A-Z]|FILE_|reading HKLM|membership in|the rights of)/,
        part,
      );
  }
});
