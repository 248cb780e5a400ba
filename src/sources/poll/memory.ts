// Physical memory, with free and cached pages counted separately.
import { ForeignBuffer } from '../../native/buffer.ts';
import { checkBool, checkStatus } from '../../native/check.ts';
import {
  GlobalMemoryStatusEx,
  K32GetPerformanceInfo,
  MEMORYSTATUSEX,
  PERFORMANCE_INFORMATION,
} from '../../native/kernel32.ts';
import {
  NtQuerySystemInformation,
  SYSTEM_MEMORY_LIST_INFORMATION,
  SystemMemoryListInformation,
} from '../../native/ntdll.ts';
import { KIND_GRANTS, PART_GRANTS } from '../grants.ts';
import type { MemoryRecord, Unavailability } from '../host.ts';
import { EVERY_ROUND, type Poll } from './poll.ts';
import { enablePrivilege, type PrivilegeState, privilegeProblem } from './privileges.ts';

const PRIORITIES = 8;

/** Free and standby pages of the page lists. */
export interface PageLists {
  readonly freePages: number;
  readonly standbyPages: number;
}

export function parsePageLists(buffer: ForeignBuffer): PageLists {
  const { at } = SYSTEM_MEMORY_LIST_INFORMATION;
  let standbyPages = 0;
  for (let priority = 0; priority < PRIORITIES; priority++)
    standbyPages += buffer.i64(at.PageCountByPriority + priority * 8);
  return { freePages: buffer.i64(at.ZeroPageCount) + buffer.i64(at.FreePageCount), standbyPages };
}

/** Total and available memory by GlobalMemoryStatusEx. */
export function parseMemoryStatus(buffer: ForeignBuffer): { totalBytes: number; availableBytes: number } {
  const { at } = MEMORYSTATUSEX;
  return { totalBytes: buffer.i64(at.ullTotalPhys), availableBytes: buffer.i64(at.ullAvailPhys) };
}

/** Page size, and the system cache in pages: standby pages and the working set of the system. */
export function parsePerformance(buffer: ForeignBuffer): { pageBytes: number; systemCachePages: number } {
  const { at } = PERFORMANCE_INFORMATION;
  return { pageBytes: buffer.i64(at.PageSize), systemCachePages: buffer.i64(at.SystemCache) };
}

/**
 * Without page lists, cached memory is estimated by the smaller of available memory and the system cache, which
 * includes the working set of the system.
 */
export function memoryRecord(
  status: { totalBytes: number; availableBytes: number },
  performance: { pageBytes: number; systemCachePages: number },
  lists: PageLists | undefined,
): MemoryRecord {
  if (lists) {
    const { pageBytes } = performance;
    return {
      ...status,
      freeBytes: lists.freePages * pageBytes,
      cachedBytes: lists.standbyPages * pageBytes,
      source: 'page lists',
    };
  }
  const cachedBytes = Math.min(performance.systemCachePages * performance.pageBytes, status.availableBytes);
  return { ...status, freeBytes: status.availableBytes - cachedBytes, cachedBytes, source: 'system cache' };
}

/**
 * Rounds from one reading of the system cache to the next: K32GetPerformanceInfo also counts processes and threads, for
 * which it reads the list of all processes. Only the estimate needs the cache; the page size is constant.
 */
const PERFORMANCE_ROUNDS = 4;

/** The calls of a reader; replaced by tests. */
export interface MemoryCalls {
  readonly enable: (name: string) => PrivilegeState;
  readonly readLists: () => PageLists;
  readonly readStatus: () => ReturnType<typeof parseMemoryStatus>;
  readonly readPerformance: () => ReturnType<typeof parsePerformance>;
}

/** Reads memory; the privilege for the page lists is enabled at the first read. */
export class MemoryReader {
  readonly #calls: MemoryCalls;
  #privilege: PrivilegeState | undefined;
  #performance: ReturnType<typeof parsePerformance> | undefined;
  /** Rounds until the system cache is read again. */
  #roundsLeft = 0;

  constructor(calls: Partial<MemoryCalls> = {}) {
    this.#calls = { ...systemCalls, ...calls };
  }

  /** Throws Win32Error when the totals cannot be read. */
  read(): { data: MemoryRecord; degraded: Unavailability[] } {
    const totals = this.#calls.readStatus();
    const { lists, degraded } = this.readLists();
    return { data: memoryRecord(totals, this.#readPerformance(lists !== undefined), lists), degraded };
  }

  #readPerformance(onlyPageSize: boolean): ReturnType<typeof parsePerformance> {
    if (!this.#performance || (!onlyPageSize && this.#roundsLeft === 0)) {
      this.#performance = this.#calls.readPerformance();
      this.#roundsLeft = PERFORMANCE_ROUNDS;
    }
    this.#roundsLeft = Math.max(0, this.#roundsLeft - 1);
    return this.#performance;
  }

  /** The page lists, or why they are missing. */
  readLists(): { lists: PageLists | undefined; degraded: Unavailability[] } {
    const grant = PART_GRANTS.pageLists;
    this.#privilege ??= this.#calls.enable(grant.privilege);
    try {
      return { lists: this.#calls.readLists(), degraded: [] };
    } catch (error) {
      const problem = privilegeProblem('exact free and cached memory', error, grant, this.#privilege);
      return { lists: undefined, degraded: [problem] };
    }
  }
}

function readStatus(): ReturnType<typeof parseMemoryStatus> {
  const status = Buffer.alloc(MEMORYSTATUSEX.size);
  status.writeUInt32LE(status.length, MEMORYSTATUSEX.at.dwLength);
  checkBool('GlobalMemoryStatusEx', GlobalMemoryStatusEx(status));
  return parseMemoryStatus(new ForeignBuffer(status));
}

function readPerformance(): ReturnType<typeof parsePerformance> {
  const performance = Buffer.alloc(PERFORMANCE_INFORMATION.size);
  checkBool('K32GetPerformanceInfo', K32GetPerformanceInfo(performance, performance.length));
  return parsePerformance(new ForeignBuffer(performance));
}

function readPageLists(): PageLists {
  const bytes = Buffer.alloc(SYSTEM_MEMORY_LIST_INFORMATION.size);
  const status = NtQuerySystemInformation(SystemMemoryListInformation, bytes, bytes.length, new Uint32Array(1), 0, 0);
  checkStatus('NtQuerySystemInformation', status);
  return parsePageLists(new ForeignBuffer(bytes));
}

const systemCalls: MemoryCalls = { enable: enablePrivilege, readLists: readPageLists, readStatus, readPerformance };

export function createMemoryPoll(): Poll<'memory'> {
  const reader = new MemoryReader();
  return { kind: 'memory', schedule: EVERY_ROUND, grant: KIND_GRANTS.memory, read: () => reader.read() };
}
