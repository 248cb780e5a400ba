// Processors, memory, disks and interfaces of the node, from bytes with offsets typed after the vendor's pages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundsError, ForeignBuffer } from '../../src/native/buffer.ts';
import { parseProcessors, sumGroups } from '../../src/sources/cpu.ts';
import { parseDiskPerformance } from '../../src/sources/disks.ts';
import { parseInterfaces, parseStack } from '../../src/sources/interfaces.ts';
import { memoryRecord, parseMemoryStatus, parsePageLists, parsePerformance } from '../../src/sources/memory.ts';
import { BASE, Memory } from '../helpers/foreign-memory.ts';

const view = (memory: Memory) => new ForeignBuffer(memory.bytes, BASE);
const ticks = (ms: number) => BigInt(ms) * 10_000n;

/** SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION: idle 0, kernel 8, user 16, DPC 24, interrupt 32, count 40; 48 bytes. */
function processors(rows: readonly { idleMs: number; kernelMs: number; userMs: number }[]): Memory {
  const memory = new Memory();
  for (const { idleMs, kernelMs, userMs } of rows) {
    const at = memory.room(48);
    memory.u64(at, ticks(idleMs));
    memory.u64(at + 8, ticks(kernelMs));
    memory.u64(at + 16, ticks(userMs));
    memory.u64(at + 24, ticks(999_999));
  }
  return memory;
}

test('processor times: kernel time without idle, and only what was filled', () => {
  const memory = processors([
    { idleMs: 1000, kernelMs: 1500, userMs: 300 },
    { idleMs: 2000, kernelMs: 2100, userMs: 400 },
    { idleMs: 7, kernelMs: 7, userMs: 7 },
  ]);
  assert.deepEqual(parseProcessors(view(memory), 96), { logicalProcessors: 2, userMs: 700, systemMs: 600, idleMs: 3000 });
});

test('a machine of 96 processors in two groups is the sum of both', () => {
  const group = (count: number) =>
    parseProcessors(view(processors(Array.from({ length: count }, () => ({ idleMs: 10, kernelMs: 15, userMs: 2 })))), count * 48);
  assert.deepEqual(sumGroups([group(64), group(32)]), { logicalProcessors: 96, userMs: 192, systemMs: 480, idleMs: 960 });
});

/** MEMORYSTATUSEX: total 8, available 16; 64 bytes. PERFORMANCE_INFORMATION: cache 48, page size 80; 104 bytes. */
function memoryParts(totalBytes: number, availableBytes: number, cachePages: number) {
  const status = new Memory();
  status.room(64);
  status.u64(8, totalBytes);
  status.u64(16, availableBytes);
  const performance = new Memory();
  performance.room(104);
  performance.u64(48, cachePages);
  performance.u64(80, 4096);
  return { status: parseMemoryStatus(view(status)), performance: parsePerformance(view(performance)) };
}

test('free and cached memory by the page lists: zeroed and free pages, and the standby lists of all priorities', () => {
  const lists = new Memory();
  lists.room(176);
  lists.u64(0, 100); // zeroed
  lists.u64(8, 20); // free
  lists.u64(16, 5000); // modified: neither
  for (let priority = 0; priority < 8; priority++) lists.u64(40 + priority * 8, priority + 1);
  lists.u64(40 + 64, 777); // repurposed counts are none
  const { status, performance } = memoryParts(16e9, 8e9, 1);
  assert.deepEqual(memoryRecord(status, performance, parsePageLists(view(lists))), {
    totalBytes: 16e9,
    availableBytes: 8e9,
    freeBytes: 120 * 4096,
    cachedBytes: 36 * 4096,
    source: 'page lists',
  });
});

test('without page lists the system cache stands in, but never for more than is available', () => {
  const small = memoryParts(16e9, 8_192_000, 500);
  assert.deepEqual(memoryRecord(small.status, small.performance, undefined), {
    totalBytes: 16e9,
    availableBytes: 8_192_000,
    freeBytes: 8_192_000 - 2_048_000,
    cachedBytes: 2_048_000,
    source: 'system cache',
  });
  const large = memoryParts(16e9, 8_192_000, 10_000);
  const record = memoryRecord(large.status, large.performance, undefined);
  assert.deepEqual([record.freeBytes, record.cachedBytes], [0, 8_192_000]);
});

test('disk counters: bytes, 100 ns times, 32-bit counts', () => {
  const memory = new Memory();
  memory.room(88);
  memory.u64(0, 5_000_000_000n);
  memory.u64(8, 6_000_000_000n);
  memory.u64(16, 12_345n * 10_000n + 5_000n);
  memory.u64(24, ticks(200));
  memory.u64(32, ticks(300));
  memory.u32(40, 0xffff_fffe);
  memory.u32(44, 7);
  memory.u32(48, 99); // queue depth
  memory.u64(56, ticks(400));
  assert.deepEqual(parseDiskPerformance(view(memory)), {
    readBytes: 5_000_000_000,
    writtenBytes: 6_000_000_000,
    readMs: 12_345.5,
    writeMs: 200,
    idleMs: 300,
    reads: 4_294_967_294,
    writes: 7,
    queryMs: 400,
  });
  assert.throws(() => parseDiskPerformance(new ForeignBuffer(memory.bytes.subarray(0, 60), BASE)), BoundsError);
});

/** MIB_IF_TABLE2: count 0, rows of 1352 bytes from 8. */
function interfaceTable(rows: readonly { index: number; alias: string; type: number; flags: number; counter: number }[]): Memory {
  const memory = new Memory();
  memory.room(8);
  memory.u32(0, rows.length);
  for (const { index, alias, type, flags, counter } of rows) {
    const at = memory.room(1352);
    memory.u32(at + 8, index);
    memory.bytes.write(alias, at + 28, 'utf16le');
    memory.bytes.write(`About ${alias}`, at + 542, 'utf16le');
    memory.u32(at + 1128, type);
    memory.bytes[at + 1152] = flags;
    for (const [offset, value] of [
      [1208, 1], // InOctets
      [1216, 2], // InUcastPkts
      [1224, 3], // InNUcastPkts
      [1232, 4], // InDiscards
      [1240, 5], // InErrors
      [1280, 6], // OutOctets
      [1288, 7], // OutUcastPkts
      [1296, 8], // OutNUcastPkts
      [1304, 9], // OutDiscards
      [1312, 10], // OutErrors
    ] as const) {
      memory.u64(at + offset, counter + value);
    }
  }
  return memory;
}

test('interfaces: names, flags, and every packet whether unicast or not', () => {
  const table = interfaceTable([
    { index: 12, alias: 'Ethernet 2', type: 6, flags: 0b101, counter: 1000 },
    { index: 13, alias: 'Ethernet 2-WFP', type: 6, flags: 0b010, counter: 0 },
  ]);
  const [first, second] = parseInterfaces(view(table), new Map([[12, [3, 4]]]));
  assert.deepEqual(first, {
    index: 12,
    name: 'Ethernet 2',
    description: 'About Ethernet 2',
    type: 6,
    hardware: true,
    filter: false,
    below: [3, 4],
    receivedBytes: 1001,
    receivedPackets: 2005,
    receivedErrors: 1005,
    receivedDrops: 1004,
    transmittedBytes: 1006,
    transmittedPackets: 2015,
    transmittedErrors: 1010,
    transmittedDrops: 1009,
  });
  assert.deepEqual([second!.hardware, second!.filter, second!.below], [false, true, []]);
});

test('a table that counts more rows than it has, and every truncation, is refused', () => {
  const table = interfaceTable([{ index: 1, alias: 'x', type: 6, flags: 1, counter: 0 }]);
  table.u32(0, 2);
  assert.throws(() => parseInterfaces(view(table), new Map()), BoundsError);
  table.u32(0, 1);
  for (let length = 0; length < 8 + 1320; length += 7) {
    assert.throws(() => parseInterfaces(new ForeignBuffer(table.bytes.subarray(0, length), BASE), new Map()), BoundsError);
  }
});

test('the stack: what lies right below each, without its ends', () => {
  const memory = new Memory();
  memory.room(4 + 8 * 4);
  memory.u32(0, 4);
  for (const [i, [higher, lower]] of [
    [0, 20],
    [20, 10],
    [20, 11],
    [10, 0],
  ].entries()) {
    memory.u32(4 + i * 8, higher!);
    memory.u32(8 + i * 8, lower!);
  }
  assert.deepEqual(parseStack(view(memory)), new Map([[20, [10, 11]]]));
  memory.u32(0, 5);
  assert.throws(() => parseStack(view(memory)), BoundsError);
});
