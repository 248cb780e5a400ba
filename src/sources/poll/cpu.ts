// Processor time since boot, over all processor groups.
import { ForeignBuffer } from '../../native/buffer.ts';
import { checkStatus } from '../../native/check.ts';
import { GetActiveProcessorGroupCount } from '../../native/kernel32.ts';
import {
  NtQuerySystemInformation,
  NtQuerySystemInformationEx,
  SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION,
  SystemProcessorPerformanceInformation,
} from '../../native/ntdll.ts';
import { TICKS_PER_MS } from '../file-time.ts';
import { KIND_GRANTS } from '../grants.ts';
import type { CpuRecord } from '../host.ts';
import { EVERY_ROUND, type Poll } from './poll.ts';

/** A processor group holds at most 64: https://learn.microsoft.com/windows/win32/procthread/processor-groups */
const MAX_GROUP_PROCESSORS = 64;

/** Sums the processors of one group. The system filled `bytes` of the buffer. */
export function parseProcessors(buffer: ForeignBuffer, bytes: number): CpuRecord {
  const { size, at } = SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION;
  const count = Math.floor(bytes / size);
  let [user, kernel, idle] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    user += buffer.i64(i * size + at.UserTime);
    kernel += buffer.i64(i * size + at.KernelTime);
    idle += buffer.i64(i * size + at.IdleTime);
  }
  return {
    logicalProcessors: count,
    userMs: user / TICKS_PER_MS,
    // Kernel time includes idle time.
    systemMs: Math.max(0, kernel - idle) / TICKS_PER_MS,
    idleMs: idle / TICKS_PER_MS,
  };
}

/** Sums the processor groups of a machine. */
export function sumGroups(groups: readonly CpuRecord[]): CpuRecord {
  const sum = (value: (group: CpuRecord) => number): number => groups.reduce((total, group) => total + value(group), 0);
  return {
    logicalProcessors: sum((group) => group.logicalProcessors),
    userMs: sum((group) => group.userMs),
    systemMs: sum((group) => group.systemMs),
    idleMs: sum((group) => group.idleMs),
  };
}

/** Throws Win32Error. */
export function readCpu(): CpuRecord {
  const groups = GetActiveProcessorGroupCount();
  // The older call reads only the group of the calling thread, but every system has it.
  return sumGroups(groups <= 1 ? [readGroup()] : Array.from({ length: groups }, (_, group) => readGroup(group)));
}

function readGroup(group?: number): CpuRecord {
  const bytes = Buffer.alloc(SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION.size * MAX_GROUP_PROCESSORS);
  const filled = new Uint32Array(1);
  const kind = SystemProcessorPerformanceInformation;
  if (group === undefined)
    checkStatus('NtQuerySystemInformation', NtQuerySystemInformation(kind, bytes, bytes.length, filled, 0, 0));
  else {
    const input = new Uint16Array([group]);
    const status = NtQuerySystemInformationEx(kind, input, input.byteLength, bytes, bytes.length, filled, 0, 0);
    checkStatus('NtQuerySystemInformationEx', status);
  }
  return parseProcessors(new ForeignBuffer(bytes), filled[0]!);
}

export function createCpuPoll(): Poll<'cpu'> {
  return { kind: 'cpu', schedule: EVERY_ROUND, grant: KIND_GRANTS.cpu, read: () => ({ data: readCpu() }) };
}
