// Caps as the bytes that a job object takes, offsets by the vendor's structs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCpuRate, encodeMemoryLimit, limitThisProcess } from '../../src/service/job-limits.ts';

test('a cap of processor time is hundredths of a percent, enabled (1) and hard (4)', () => {
  // https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_cpu_rate_control_information
  assert.equal(encodeCpuRate(10).toString('hex'), '05000000e8030000');
  assert.equal(encodeCpuRate(2.5).toString('hex'), '05000000fa000000');
});

test('a cap of memory is ProcessMemoryLimit with its flag', () => {
  // https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_extended_limit_information: 64 + 48 + 4 * 8 bytes.
  const bytes = encodeMemoryLimit(512 * 1024 * 1024);
  assert.equal(bytes.length, 144);
  assert.equal(bytes.readUInt32LE(16), 0x100);
  assert.equal(bytes.readBigUInt64LE(112), 536_870_912n);
  bytes.fill(0, 16, 20).fill(0, 112, 120);
  assert.ok(bytes.every((byte) => byte === 0));
});

test('without caps nothing is done; off Windows they are said to be of no effect', () => {
  assert.deepEqual(limitThisProcess({ cpuPercent: undefined, memoryBytes: undefined }), []);
  if (process.platform !== 'win32')
    assert.match(limitThisProcess({ cpuPercent: 5, memoryBytes: undefined })[0]!, /on Windows only/);
});
