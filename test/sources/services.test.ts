// Services from bytes: the SCM's array with its strings, configurations, and damaged ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundsError, ForeignBuffer } from '../../src/native/buffer.ts';
import { parseServiceConfig, parseServices, type ServiceStatus } from '../../src/sources/services.ts';
import { BASE, type BuiltService, serviceArray, serviceConfig } from '../helpers/foreign-memory.ts';
import { mutate, truncateEverywhere } from '../helpers/fuzz.ts';

const reporting: BuiltService = {
  name: 'MSSQL$REPORTING',
  displayName: 'SQL Server (REPORTING) – Prüfung',
  type: 0x10,
  state: 4,
  win32ExitCode: 0,
  specificExitCode: 0,
  pid: 0xfffffff0,
};
const failed: BuiltService = {
  name: 'svc',
  displayName: '',
  type: 0x110,
  state: 1,
  win32ExitCode: 1066,
  specificExitCode: 0x80070005,
  pid: 0,
};

const parse = (memory: { bytes: Buffer }, count: number) => parseServices(new ForeignBuffer(memory.bytes, BASE), count);

test('every field of the array is read', () => {
  assert.deepEqual(parse(serviceArray([reporting, failed]), 2), [
    {
      name: 'MSSQL$REPORTING',
      displayName: 'SQL Server (REPORTING) – Prüfung',
      serviceType: 0x10,
      state: 4,
      pid: 0xfffffff0,
      win32ExitCode: 0,
      serviceExitCode: 0,
    },
    { name: 'svc', displayName: '', serviceType: 0x110, state: 1, pid: 0, win32ExitCode: 1066, serviceExitCode: 0x80070005 },
  ]);
});

test('only as many as the system says were returned', () => {
  const memory = serviceArray([reporting, failed]);
  assert.deepEqual(parse(memory, 0), []);
  assert.equal(parse(memory, 1).length, 1);
});

test('more than the buffer holds is refused', () => {
  const memory = serviceArray([reporting]);
  for (const count of [10, 20_000, 0xffffffff]) assert.throws(() => parse(memory, count), BoundsError);
});

test('a name that lies elsewhere is refused, a missing one is empty', () => {
  for (const address of [1n, BASE - 1n, BASE + 0x10000n, 0xffff_ffff_ffff_ffffn]) {
    const memory = serviceArray([reporting]);
    memory.u64(0, address);
    assert.throws(() => parse(memory, 1), BoundsError);
  }
  const memory = serviceArray([reporting]);
  memory.u64(0, 0);
  assert.equal(parse(memory, 1)[0]!.name, '');
});

test('a text without an end stops at the end of the buffer, also of an odd one', () => {
  const memory = serviceArray([{ ...failed, displayName: 'ab' }]);
  assert.equal(parseServices(new ForeignBuffer(memory.bytes.subarray(0, -2), BASE), 1)[0]!.displayName, 'ab');
  assert.equal(parseServices(new ForeignBuffer(memory.bytes.subarray(0, -3), BASE), 1)[0]!.displayName, 'a');
});

test('an array that was cut off in its rows or before its strings is refused', () => {
  // Only cuts inside of the last text give a result: its four letters and its NUL.
  const { bytes } = serviceArray([reporting, { ...failed, displayName: 'abcd' }]);
  assert.equal(
    truncateEverywhere((buffer) => parseServices(buffer, 2), bytes),
    10,
  );
});

test('20,000 damaged arrays', { timeout: 60_000 }, () => {
  const { bytes } = serviceArray([reporting, failed, { ...reporting, name: 'third' }]);
  mutate(
    (buffer) => parseServices(buffer, 3),
    bytes,
    20_000,
    6,
    (result) => {
      const services = result as ServiceStatus[];
      assert.equal(services.length, 3);
      for (const { name, displayName } of services) assert.ok(name.length + displayName.length < bytes.length);
    },
  );
});

test('a configuration is read', () => {
  const binaryPath = '"C:\\Program Files\\App é\\app.exe" --serve';
  const { bytes } = serviceConfig({ type: 0x10, startType: 3, binaryPath, account: 'NT SERVICE\\app' });
  assert.deepEqual(parseServiceConfig(new ForeignBuffer(bytes, BASE)), { startType: 3, binaryPath, account: 'NT SERVICE\\app' });
});

test('a configuration without an account or a path has empty ones', () => {
  const { bytes } = serviceConfig({ type: 0x10, startType: 2 });
  assert.deepEqual(parseServiceConfig(new ForeignBuffer(bytes, BASE)), { startType: 2, binaryPath: '', account: '' });
});

test('20,000 damaged configurations, and every cut-off one', { timeout: 60_000 }, () => {
  const { bytes } = serviceConfig({ type: 0x10, startType: 2, binaryPath: 'C:\\a.exe', account: 'LocalSystem' });
  mutate(parseServiceConfig, bytes, 20_000, 7);
  assert.ok(truncateEverywhere(parseServiceConfig, bytes) < bytes.length - 64);
});
