// The process list from bytes: columns, names, times and damaged lists.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundsError, ForeignBuffer } from '../../../src/native/buffer.ts';
import type { ProcessTable } from '../../../src/sources/host.ts';
import { parseProcesses } from '../../../src/sources/poll/processes.ts';
import { BASE, type BuiltProcess, processList } from '../../helpers/foreign-memory.ts';
import { mutate, truncateEverywhere } from '../../helpers/fuzz.ts';

/** 2026-01-01T00:00:00Z: (11644473600 + 1767225600) s as 100 ns ticks. */
const NEW_YEAR_2026 = 134_116_992_000_000_000n;

const idle: BuiltProcess = { pid: 0, threads: 2, user: 0n, kernel: 36_000_000_000n };
const service: BuiltProcess = {
  name: 'sqlservr.exe',
  pid: 4321,
  parentPid: 700,
  sessionId: 3,
  created: NEW_YEAR_2026 + 12_345_678n,
  user: 25_000n,
  kernel: 70_005_000n,
  workingSet: 0x1_2345_6000n,
  privateWorkingSet: 0x1_0000_1000n,
  reads: 11n,
  writes: 22n,
  readBytes: 0x2_0000_0001n,
  writtenBytes: 44n,
  threads: 5,
  handles: 678,
  pageFaults: 0x8000_0001,
  hardFaults: 9,
  cycles: 0x3_0000_0007n,
};
const parse = (memory: { bytes: Buffer }) => parseProcesses(new ForeignBuffer(memory.bytes, BASE));

test('reads each column of an entry, with 64 bits where the system has them', () => {
  const { createdAtMs, ...table } = parse(processList([idle, service]));
  assert.equal(createdAtMs[0], 0);
  assert.ok(Math.abs(createdAtMs[1]! - 1_767_225_601_234.57) < 0.01, `${createdAtMs[1]}`);
  assert.deepEqual(table, {
    count: 2,
    pid: Uint32Array.of(0, 4321),
    parentPid: Uint32Array.of(0, 700),
    sessionId: Uint32Array.of(0, 3),
    userMs: Float64Array.of(0, 2.5),
    kernelMs: Float64Array.of(3_600_000, 7000.5),
    workingSetBytes: Float64Array.of(0, 0x1_2345_6000),
    privateWorkingSetBytes: Float64Array.of(0, 0x1_0000_1000),
    reads: Float64Array.of(0, 11),
    writes: Float64Array.of(0, 22),
    readBytes: Float64Array.of(0, 0x2_0000_0001),
    writtenBytes: Float64Array.of(0, 44),
    threads: Uint32Array.of(2, 5),
    handles: Uint32Array.of(0, 678),
    name: ['Idle', 'sqlservr.exe'],
    pageFaults: Uint32Array.of(0, 0x8000_0001),
    hardFaults: Uint32Array.of(0, 9),
    cycles: Float64Array.of(0, 0x3_0000_0007),
  });
});

test('reads the extension of newer systems only where there is room for it', () => {
  const disk = { reads: 3, writes: 4, readBytes: 0x3_0000_0005n, writtenBytes: 0x4_0000_0006n, jobId: 77 };
  const { diskReads, diskWrites, diskReadBytes, diskWrittenBytes, jobId } = parse(
    processList([idle, { ...service, disk }, service]),
  );
  assert.deepEqual(
    { diskReads, diskWrites, diskReadBytes, diskWrittenBytes, jobId },
    {
      diskReads: Float64Array.of(0, 3, 0),
      diskWrites: Float64Array.of(0, 4, 0),
      diskReadBytes: Float64Array.of(0, 0x3_0000_0005, 0),
      diskWrittenBytes: Float64Array.of(0, 0x4_0000_0006, 0),
      jobId: Uint32Array.of(0, 77, 0),
    },
  );
  // Without a name the extension ends at the next entry. For the last entry that cannot be decided.
  const nameless = { pid: 300, threads: 3, disk };
  assert.deepEqual(parse(processList([nameless, { ...nameless, pid: 304 }])).jobId, Uint32Array.of(77, 0));
  assert.equal(parse(processList([nameless])).jobId, undefined);
});

test('a thread count that reaches beyond the name gives no extension', () => {
  const disk = { reads: 3, writes: 4, readBytes: 5n, writtenBytes: 6n, jobId: 77 };
  for (const threads of [6, 1000, 0xffff_ffff]) {
    const memory = processList([{ ...service, disk }, service]);
    memory.u32(4, threads);
    assert.equal(parse(memory).diskReads, undefined, `${threads} threads`);
  }
});

test('follows the offsets of entries of different lengths to the last one', () => {
  const built = Array.from({ length: 300 }, (_, i) => ({
    pid: 4 * i,
    threads: i % 7,
    name: `p${'x'.repeat(i % 40)}${i}.exe`,
  }));
  const table = parse(processList(built));
  assert.deepEqual(
    [...table.pid],
    built.map(({ pid }) => pid),
  );
  assert.deepEqual(
    table.name,
    built.map(({ name }) => name),
  );
});

test('a name has its stated length, whatever NULs it contains', () => {
  const memory = processList([{ pid: 8, name: 'Übung–名.exe-and-more' }]);
  memory.u16(0x38, 'Übung–名.exe'.length * 2);
  assert.equal(parse(memory).name[0], 'Übung–名.exe');
  memory.u16(0x38, 'Übung–名.exe'.length * 2 + 1);
  assert.equal(parse(memory).name[0], 'Übung–名.exe');
});

test('a process without a name has none, except for the idle process', () => {
  assert.deepEqual(parse(processList([{ pid: 0 }, { pid: 4 }, { pid: 8, name: '' }])).name, ['Idle', '', '']);
});

test('an entry that points outside of the buffer or into itself is refused', () => {
  for (const next of [1, 8, 0x100 - 8, 0x10000, 0xffffffff]) {
    const memory = processList([service, service]);
    memory.u32(0, next);
    assert.throws(() => parse(memory), BoundsError, `next entry at ${next}`);
  }
});

test('overlapping entries are refused', () => {
  // Each eight bytes are an entry with a next offset of 8 and a name at address 8.
  const bytes = Buffer.alloc(0x10000);
  for (let at = 0; at < bytes.length - 0x200; at += 8) bytes.writeUInt32LE(8, at);
  assert.throws(() => parseProcesses(new ForeignBuffer(bytes, 0n)), BoundsError);
});

test('a name outside of the buffer is refused', () => {
  for (const address of [1n, BASE - 2n, BASE + 0x10000n, 0xffff_ffff_ffff_ffffn]) {
    const memory = processList([service]);
    memory.u64(0x40, address);
    assert.throws(() => parse(memory), BoundsError);
  }
  const long = processList([service]);
  long.u16(0x38, 0xffff);
  assert.throws(() => parse(long), BoundsError);
});

test('a list that is truncated anywhere is refused', () => {
  const { bytes } = processList([idle, service]);
  // The buffer ends with the NUL behind the last name, which a counted text does not need.
  assert.equal(truncateEverywhere(parseProcesses, bytes), 1 + 2);
});

test('20,000 damaged lists never give more entries than the buffer can hold', { timeout: 60_000 }, () => {
  const { bytes } = processList([idle, service, { pid: 12, parentPid: 4321, threads: 1, name: 'worker.exe' }]);
  mutate(parseProcesses, bytes, 20_000, 3, (result) => {
    const { count, pid, name } = result as ProcessTable;
    assert.ok(count >= 1 && count <= Math.ceil(bytes.length / 0x100), `${count} entries`);
    assert.equal(pid.length, count);
    assert.equal(name.length, count);
  });
});
