// The names of this machine.
import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { machineNames } from '../../src/sources/machine-names.ts';

// COMPUTER_NAME_FORMAT:
// https://learn.microsoft.com/windows/win32/api/sysinfoapi/ne-sysinfoapi-computer_name_format
const names: Record<number, string> = {
  0: 'CLUSTER',
  1: 'cluster',
  3: 'cluster.corp.example',
  4: 'WEB-SERVER-WITH',
  5: 'web-server-with-a-long-name',
  7: 'web-server-with-a-long-name.corp.example',
};

test('reads short and full names of the node and of its cluster, each once', () => {
  const read = (form: number): string => names[form] ?? assert.fail(`form ${form}`);
  assert.deepEqual(machineNames(read, 'win32').sort(), [...new Set([hostname(), ...Object.values(names)])].sort());
  assert.deepEqual(
    machineNames(() => hostname(), 'win32'),
    [hostname()],
  );
});

test('leaves out a name that cannot be read or is empty', () => {
  const read = (form: number): string => {
    if (form === 3) throw new Error('refused');
    return form === 7 ? 'web.corp.example' : '';
  };
  assert.deepEqual(machineNames(read, 'win32'), [hostname(), 'web.corp.example']);
});

test('has only the host name off Windows', () => {
  assert.deepEqual(
    machineNames(() => assert.fail(), 'linux'),
    [hostname()],
  );
});
