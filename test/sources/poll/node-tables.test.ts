// Processors, memory, disks and interfaces of the node, from bytes with the offsets of the vendor's pages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundsError, ForeignBuffer } from '../../../src/native/buffer.ts';
import { parseProcessors, sumGroups } from '../../../src/sources/poll/cpu.ts';
import { parseDiskPerformance } from '../../../src/sources/poll/disks.ts';
import { parseInterfaces, parseStack } from '../../../src/sources/poll/interfaces.ts';
import { memoryRecord, parseMemoryStatus, parsePageLists, parsePerformance } from '../../../src/sources/poll/memory.ts';
import { BASE, type Memory } from '../../helpers/foreign-memory.ts';
import {
  diskPerformance,
  interfaceStack,
  interfaceTable,
  memoryStatus,
  pageLists,
  performanceInformation,
  processorArray,
} from '../../helpers/node-memory.ts';

const view = (memory: Memory) => new ForeignBuffer(memory.bytes, BASE);

test('subtracts idle time from kernel time, and reads only the processors that were filled', () => {
  const memory = processorArray([
    { idleMs: 1000, kernelMs: 1500, userMs: 300 },
    { idleMs: 2000, kernelMs: 2100, userMs: 400 },
    { idleMs: 7, kernelMs: 7, userMs: 7 },
  ]);
  assert.deepEqual(parseProcessors(view(memory), 96), {
    logicalProcessors: 2,
    userMs: 700,
    systemMs: 600,
    idleMs: 3000,
  });
});

test('sums the two groups of a machine with 96 processors', () => {
  const group = (count: number) =>
    parseProcessors(
      view(processorArray(Array.from({ length: count }, () => ({ idleMs: 10, kernelMs: 15, userMs: 2 })))),
      count * 48,
    );
  assert.deepEqual(sumGroups([group(64), group(32)]), {
    logicalProcessors: 96,
    userMs: 192,
    systemMs: 480,
    idleMs: 960,
  });
});

function memoryParts(totalBytes: number, availableBytes: number, cachePages: number) {
  return {
    status: parseMemoryStatus(view(memoryStatus(totalBytes, availableBytes))),
    performance: parsePerformance(view(performanceInformation(cachePages))),
  };
}

test('free memory is zeroed and free pages, cached memory the standby lists of all priorities', () => {
  // Modified pages are neither; repurposed pages do not count.
  const lists = pageLists({ zeroed: 100, free: 20, modified: 5000, standby: [1, 2, 3, 4, 5, 6, 7, 8] });
  const { status, performance } = memoryParts(16e9, 8e9, 1);
  assert.deepEqual(memoryRecord(status, performance, parsePageLists(view(lists))), {
    totalBytes: 16e9,
    availableBytes: 8e9,
    freeBytes: 120 * 4096,
    cachedBytes: 36 * 4096,
    source: 'page lists',
  });
});

test('without page lists cached memory is the system cache, up to the available memory', () => {
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

test('disk counters have bytes, times of 100 ns and 32-bit counts', () => {
  const memory = diskPerformance({
    readBytes: 5_000_000_000n,
    writtenBytes: 6_000_000_000n,
    readMs: 12_345.5,
    writeMs: 200,
    idleMs: 300,
    reads: 0xffff_fffe,
    writes: 7,
    queryMs: 400,
  });
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

/** A row whose counters are `base` + 1 to `base` + 10. */
function countedFrom(base: number) {
  const names = [
    'inOctets',
    'inUnicast',
    'inOther',
    'inDiscards',
    'inErrors',
    'outOctets',
    'outUnicast',
    'outOther',
    'outDiscards',
    'outErrors',
  ];
  return Object.fromEntries(names.map((name, i) => [name, base + i + 1]));
}

test('interfaces have names, flags, and the sum of unicast and other packets', () => {
  const table = interfaceTable([
    {
      index: 12,
      // {00112233-4455-6677-8899-AABBCCDDEEFF} in memory: three little-endian numbers, then eight bytes.
      guid: [0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff],
      alias: 'Ethernet 2',
      description: 'About Ethernet 2',
      type: 6,
      flags: 0b101,
      ...countedFrom(1000),
    },
    { index: 13, alias: 'Ethernet 2-WFP', description: '', type: 6, flags: 0b010 },
  ]);
  const [first, second] = parseInterfaces(view(table), new Map([[12, [3, 4]]]));
  assert.deepEqual(first, {
    index: 12,
    guid: '00112233-4455-6677-8899-aabbccddeeff',
    name: 'Ethernet 2',
    description: 'About Ethernet 2',
    type: 6,
    hardware: true,
    filter: false,
    lowerIndexes: [3, 4],
    receivedBytes: 1001,
    receivedPackets: 2005,
    receivedErrors: 1005,
    receivedDrops: 1004,
    transmittedBytes: 1006,
    transmittedPackets: 2015,
    transmittedErrors: 1010,
    transmittedDrops: 1009,
  });
  assert.deepEqual([second!.hardware, second!.filter, second!.lowerIndexes], [false, true, []]);
  assert.equal(second!.guid, undefined);
});

test('a table with fewer rows than its count, and each truncated table, is refused', () => {
  const table = interfaceTable([{ index: 1, alias: 'x', description: '', type: 6, flags: 1 }]);
  table.u32(0, 2);
  assert.throws(() => parseInterfaces(view(table), new Map()), BoundsError);
  table.u32(0, 1);
  for (let length = 0; length < 8 + 1320; length += 7) {
    assert.throws(
      () => parseInterfaces(new ForeignBuffer(table.bytes.subarray(0, length), BASE), new Map()),
      BoundsError,
    );
  }
});

test('the stack has the interfaces directly below each one, without its ends', () => {
  const memory = interfaceStack([
    [0, 20],
    [20, 10],
    [20, 11],
    [10, 0],
  ]);
  assert.deepEqual(parseStack(view(memory)), new Map([[20, [10, 11]]]));
  memory.u32(0, 5);
  assert.throws(() => parseStack(view(memory)), BoundsError);
});
