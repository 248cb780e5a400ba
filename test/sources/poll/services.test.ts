// Services from bytes: the array of the SCM with its strings, configurations and damaged ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import koffi from 'koffi';
import { BoundsError, ForeignBuffer } from '../../../src/native/buffer.ts';
import { Win32Error } from '../../../src/native/win32-error.ts';
import { GrowingBuffer } from '../../../src/sources/poll/growing-buffer.ts';
import type { ServiceStatus } from '../../../src/sources/poll/service-configs.ts';
import { parseServices, readServicePages, type ServicePage } from '../../../src/sources/poll/service-list.ts';
import { parseServiceConfig } from '../../../src/sources/poll/services.ts';
import { BASE, type BuiltService, serviceArray, serviceConfig } from '../../helpers/foreign-memory.ts';
import { mutate, truncateEverywhere } from '../../helpers/fuzz.ts';

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

test('reads each field of the array', () => {
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
    {
      name: 'svc',
      displayName: '',
      serviceType: 0x110,
      state: 1,
      pid: 0,
      win32ExitCode: 1066,
      serviceExitCode: 0x80070005,
    },
  ]);
});

test('reads only as many services as the system returned', () => {
  const memory = serviceArray([reporting, failed]);
  assert.deepEqual(parse(memory, 0), []);
  assert.equal(parse(memory, 1).length, 1);
});

test('more services than the buffer holds are refused', () => {
  const memory = serviceArray([reporting]);
  for (const count of [10, 20_000, 0xffffffff]) assert.throws(() => parse(memory, count), BoundsError);
});

test('a name outside of the buffer is refused, a missing one is empty', () => {
  for (const address of [1n, BASE - 1n, BASE + 0x10000n, 0xffff_ffff_ffff_ffffn]) {
    const memory = serviceArray([reporting]);
    memory.u64(0, address);
    assert.throws(() => parse(memory, 1), BoundsError);
  }
  const memory = serviceArray([reporting]);
  memory.u64(0, 0);
  assert.equal(parse(memory, 1)[0]!.name, '');
});

test('a text without NUL ends with the buffer, also with an odd length', () => {
  const memory = serviceArray([{ ...failed, displayName: 'ab' }]);
  assert.equal(parseServices(new ForeignBuffer(memory.bytes.subarray(0, -2), BASE), 1)[0]!.displayName, 'ab');
  assert.equal(parseServices(new ForeignBuffer(memory.bytes.subarray(0, -3), BASE), 1)[0]!.displayName, 'a');
});

test('an array that is truncated in its rows or before its strings is refused', () => {
  // Only a cut inside the last text, four letters and a NUL, gives a result.
  const { bytes } = serviceArray([reporting, { ...failed, displayName: 'abcd' }]);
  assert.equal(
    truncateEverywhere((buffer) => parseServices(buffer, 2), bytes),
    10,
  );
});

test('20,000 damaged arrays give a result or a BoundsError', { timeout: 60_000 }, () => {
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

test('reads a configuration', () => {
  const binaryPath = '"C:\\Program Files\\App é\\app.exe" --serve';
  const { bytes } = serviceConfig({ type: 0x10, startType: 3, binaryPath, account: 'NT SERVICE\\app' });
  assert.deepEqual(parseServiceConfig(new ForeignBuffer(bytes, BASE)), {
    startType: 3,
    binaryPath,
    account: 'NT SERVICE\\app',
  });
});

test('the account and the path are empty when they are missing', () => {
  const { bytes } = serviceConfig({ type: 0x10, startType: 2 });
  assert.deepEqual(parseServiceConfig(new ForeignBuffer(bytes, BASE)), { startType: 2, binaryPath: '', account: '' });
});

test('20,000 damaged and all truncated configurations give a result or a BoundsError', { timeout: 60_000 }, () => {
  const { bytes } = serviceConfig({ type: 0x10, startType: 2, binaryPath: 'C:\\a.exe', account: 'LocalSystem' });
  mutate(parseServiceConfig, bytes, 20_000, 7);
  assert.ok(truncateEverywhere(parseServiceConfig, bytes) < bytes.length - 64);
});

/** Bytes that each service of `scm` needs in the array: its row, its name and an empty display name. */
const bytesOf = (list: readonly string[]) => list.reduce((sum, name) => sum + 56 + (name.length + 1 + 1) * 2, 0);

/** An SCM with these services that returns as many of them as fit the buffer. */
function scm(names: readonly string[]) {
  const calls: { bytes: number; resume: number }[] = [];
  const call = (buffer: Buffer, resume: number): ServicePage => {
    calls.push({ bytes: buffer.length, resume });
    const left = names.slice(resume);
    let room = left.length;
    while (bytesOf(left.slice(0, room)) > buffer.length) room = Math.floor(room * 0.9);
    const page = left.slice(0, room).map((name) => ({ ...failed, name }));
    const image = serviceArray(page);
    image.bytes.copy(buffer);
    // Pointers refer to the address of the buffer that is filled.
    const base = koffi.address(buffer);
    page.forEach((_, i) => {
      for (const at of [i * 56, i * 56 + 8]) buffer.writeBigUInt64LE(image.bytes.readBigUInt64LE(at) - BASE + base, at);
    });
    if (room === left.length) return { code: 0, returned: room, needed: 0, resume: 0 };
    return { code: 234, returned: room, needed: bytesOf(left.slice(room)), resume: resume + room };
  };
  return { call, calls };
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `Service${i}`);

test('grows the buffer to the list once, and then reads it with one call', () => {
  const { call, calls } = scm(names(250));
  const list = new GrowingBuffer(1024);
  for (let round = 0; round < 3; round++)
    assert.deepEqual(
      readServicePages(call, list).map(({ name }) => name),
      names(250),
    );
  assert.deepEqual(
    calls.map(({ resume }) => resume),
    [0, 0, 0, 0],
  );
  const [first, ...others] = calls.map(({ bytes }) => bytes);
  assert.equal(first, 1024);
  for (const bytes of others) assert.ok(bytes > bytesOf(names(250)) && bytes < 2 * bytesOf(names(250)));
});

test('reads a list above the 256 KB of one call in pages, such as that of a terminal server', () => {
  const { call, calls } = scm(names(6000));
  assert.deepEqual(
    readServicePages(call).map(({ name }) => name),
    names(6000),
  );
  const pages = calls.filter(({ bytes }) => bytes === 256 * 1024);
  assert.ok(pages.length > 1 && calls.every(({ bytes }) => bytes <= 256 * 1024));
  assert.equal(pages[0]!.resume, 0);
  for (const [i, { resume }] of pages.entries()) if (i > 0) assert.ok(resume > pages[i - 1]!.resume);
});

test('reads a list in pages whatever size the system names for the rest', () => {
  const { call, calls } = scm(names(6000));
  const boasting = (buffer: Buffer, resume: number): ServicePage => ({ ...call(buffer, resume), needed: 0xffffffff });
  assert.equal(readServicePages(boasting).length, 6000);
  assert.ok(calls.every(({ bytes }) => bytes <= 256 * 1024));
});

test('counts a service once when it is on two pages because the list changed', () => {
  const first = Array.from({ length: 3000 }, (_, i) => `Service${i}`);
  const { call } = scm([...first, 'Service2999', 'last']);
  assert.deepEqual(
    readServicePages(call).map(({ name }) => name),
    [...first, 'last'],
  );
});

test('bounds an endless list, and throws when a page has no service', () => {
  const endless = (): ServicePage => ({ code: 234, returned: 0, needed: 0, resume: 0 });
  assert.throws(
    () => readServicePages(endless),
    (error: unknown) => error instanceof Win32Error && error.code === 234,
  );
  const { call } = scm(names(3));
  assert.equal(readServicePages((buffer) => ({ ...call(buffer, 0), code: 234 })).length, 3);
});

test('throws any other error of the call', () => {
  assert.throws(
    () => readServicePages(() => ({ code: 5, returned: 0, needed: 0, resume: 0 })),
    /EnumServicesStatusExW: access denied \(5\)/,
  );
});
