// Builds memory images of processors, memory, disks and interfaces, with documented offsets; imports no product code.
import { Memory } from './foreign-memory.ts';

/** Milliseconds in the 100 ns units of Windows. */
export const ticks = (ms: number): bigint => BigInt(Math.round(ms * 10_000));

export interface BuiltProcessor {
  idleMs: number;
  /** Includes idle time, as in Windows. */
  kernelMs: number;
  userMs: number;
}

/** SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION: idle 0, kernel 8, user 16, DPC 24, interrupt 32, count 40; 48 bytes. */
export function processorArray(rows: readonly BuiltProcessor[]): Memory {
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

/** MEMORYSTATUSEX: length 0, load 4, total 8, available 16; 64 bytes. */
export function memoryStatus(totalBytes: number, availableBytes: number): Memory {
  const memory = new Memory();
  memory.room(64);
  memory.u32(0, 64);
  memory.u64(8, totalBytes);
  memory.u64(16, availableBytes);
  return memory;
}

export const PAGE_BYTES = 4096;

/** PERFORMANCE_INFORMATION: system cache in pages 48, page size 80; 104 bytes. */
export function performanceInformation(systemCachePages: number): Memory {
  const memory = new Memory();
  memory.room(104);
  memory.u32(0, 104);
  memory.u64(48, systemCachePages);
  memory.u64(80, PAGE_BYTES);
  return memory;
}

export interface BuiltPageLists {
  zeroed: number;
  free: number;
  modified: number;
  /** Standby pages by priority, eight of them. */
  standby: readonly number[];
}

/** SYSTEM_MEMORY_LIST_INFORMATION: zeroed 0, free 8, modified 16, standby 40, repurposed 104; 176 bytes. */
export function pageLists({ zeroed, free, modified, standby }: BuiltPageLists): Memory {
  const memory = new Memory();
  memory.room(176);
  memory.u64(0, zeroed);
  memory.u64(8, free);
  memory.u64(16, modified);
  for (let priority = 0; priority < 8; priority++) memory.u64(40 + priority * 8, standby[priority] ?? 0);
  memory.u64(40 + 64, 777); // repurposed pages are not standby pages
  return memory;
}

export interface BuiltDiskCounters {
  readBytes: bigint;
  writtenBytes: bigint;
  readMs: number;
  writeMs: number;
  idleMs: number;
  reads: number;
  writes: number;
  queryMs: number;
}

/**
 * DISK_PERFORMANCE: bytes read 0 and written 8, read time 16, write time 24, idle time 32, reads 40, writes 44, queue
 * depth 48, query time 56; 88 bytes.
 */
export function diskPerformance(counters: BuiltDiskCounters): Memory {
  const memory = new Memory();
  memory.room(88);
  memory.u64(0, counters.readBytes);
  memory.u64(8, counters.writtenBytes);
  memory.u64(16, ticks(counters.readMs));
  memory.u64(24, ticks(counters.writeMs));
  memory.u64(32, ticks(counters.idleMs));
  memory.u32(40, counters.reads);
  memory.u32(44, counters.writes);
  memory.u32(48, 99);
  memory.u64(56, ticks(counters.queryMs));
  return memory;
}

export interface BuiltInterface {
  index: number;
  alias: string;
  description: string;
  type: number;
  /** Bit 0 hardware, bit 1 filter, bit 2 connector. */
  flags: number;
  /** 16 bytes as in memory; zeros without it. */
  guid?: readonly number[];
  inOctets?: number;
  inUnicast?: number;
  inOther?: number;
  inDiscards?: number;
  inErrors?: number;
  outOctets?: number;
  outUnicast?: number;
  outOther?: number;
  outDiscards?: number;
  outErrors?: number;
}

const interfaceCounters = [
  ['inOctets', 1208],
  ['inUnicast', 1216],
  ['inOther', 1224],
  ['inDiscards', 1232],
  ['inErrors', 1240],
  ['outOctets', 1280],
  ['outUnicast', 1288],
  ['outOther', 1296],
  ['outDiscards', 1304],
  ['outErrors', 1312],
] as const;

/** MIB_IF_TABLE2: count 0, rows of 1352 bytes from 8; MIB_IF_ROW2 with two inline texts of 257 characters. */
export function interfaceTable(rows: readonly BuiltInterface[]): Memory {
  const memory = new Memory();
  memory.room(8);
  memory.u32(0, rows.length);
  for (const row of rows) {
    const at = memory.room(1352);
    memory.u32(at + 8, row.index);
    if (row.guid) memory.bytes.set(row.guid, at + 12);
    memory.bytes.write(row.alias, at + 28, 512, 'utf16le');
    memory.bytes.write(row.description, at + 542, 512, 'utf16le');
    memory.u32(at + 1128, row.type);
    memory.bytes[at + 1152] = row.flags;
    for (const [counter, offset] of interfaceCounters) memory.u64(at + offset, row[counter] ?? 0);
  }
  return memory;
}

/** MIB_IFSTACK_TABLE: count 0, rows of higher and lower index from 4; 0 is an end of the stack. */
export function interfaceStack(rows: readonly (readonly [higher: number, lower: number])[]): Memory {
  const memory = new Memory();
  memory.room(4 + 8 * rows.length);
  memory.u32(0, rows.length);
  for (const [i, [higher, lower]] of rows.entries()) {
    memory.u32(4 + i * 8, higher);
    memory.u32(8 + i * 8, lower);
  }
  return memory;
}

/** The buffer of GetVolumePathNamesForVolumeNameW: texts, each with its NUL, then an empty text. */
export function textList(texts: readonly string[]): Buffer {
  return Buffer.from(`${texts.map((text) => `${text}\0`).join('')}\0`, 'utf16le');
}
