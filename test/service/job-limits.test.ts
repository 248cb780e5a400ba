// Resource limits as the bytes that a job object accepts, at the offsets of the documented structs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCpuRate, encodeMemoryLimit, limitThisProcess } from '../../src/service/job-limits.ts';

test('encodes a CPU limit in hundredths of a percent with the flags enabled (1) and hard cap (4)', () => {
  // https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_cpu_rate_control_information
  assert.equal(encodeCpuRate(10).toString('hex'), '05000000e8030000');
  assert.equal(encodeCpuRate(2.5).toString('hex'), '05000000fa000000');
});

test('encodes a memory limit as ProcessMemoryLimit with its flag', () => {
  // https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_extended_limit_information
  // The struct has 64 + 48 + 4 * 8 bytes.
  const bytes = encodeMemoryLimit(512 * 1024 * 1024);
  assert.equal(bytes.length, 144);
  assert.equal(bytes.readUInt32LE(16), 0x100);
  assert.equal(bytes.readBigUInt64LE(112), 536_870_912n);
  bytes.fill(0, 16, 20).fill(0, 112, 120);
  assert.ok(bytes.every((byte) => byte === 0));
});

test('does nothing without limits, and reports that limits have no effect outside Windows', () => {
  assert.deepEqual(limitThisProcess({ cpuPercent: undefined, memoryBytes: undefined }), []);
  if (process.platform !== 'win32')
    assert.match(limitThisProcess({ cpuPercent: 5, memoryBytes: undefined })[0]!, /on Windows only/);
});
