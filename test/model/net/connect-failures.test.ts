// Names for the NTSTATUS of failed connects, by etw.md section 2 and [MS-ERREF] 2.3.1.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureReason } from '../../../src/model/net/connect-failures.ts';

test('names known statuses, and returns the number of others', () => {
  const cases: [status: number, expected: string][] = [
    [0xc0000236, 'refused'],
    [0xc00000b5, 'timeout'],
    [0xc000023d, 'host unreachable'],
    [0xc000023c, 'network unreachable'],
    [0xc0000120, 'cancelled'],
    [0xc0000241, 'aborted'],
    [0xc000020d, 'reset'],
    [0xc0000207, 'bad address'],
    [0xc0000022, 'access denied'],
    [0xc0000001, 'status 0xc0000001'],
    [0x103, 'status 0x00000103'],
    [0, 'status 0x00000000'],
  ];
  for (const [status, expected] of cases) assert.equal(failureReason(status), expected);
});
