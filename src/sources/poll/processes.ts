// All processes at one moment, from a single system call.
import { BoundsError, ForeignBuffer } from '../../native/buffer.ts';
import { checkStatus } from '../../native/check.ts';
import {
  NtQuerySystemInformation,
  SYSTEM_PROCESS_INFORMATION,
  SYSTEM_PROCESS_INFORMATION_EXTENSION,
  SYSTEM_THREAD_INFORMATION,
  SystemProcessInformation,
} from '../../native/ntdll.ts';
import { STATUS_INFO_LENGTH_MISMATCH } from '../../native/win32-error.ts';
import { fileTimeToMs, TICKS_PER_MS } from '../file-time.ts';
import { KIND_GRANTS } from '../grants.ts';
import type { ProcessTable } from '../host.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import { ImagePaths } from './image-paths.ts';
import { EVERY_ROUND, type Poll } from './poll.ts';

/**
 * Parses the linked list of SYSTEM_PROCESS_INFORMATION. Throws BoundsError when an entry leads outside of the buffer.
 */
export function parseProcesses(buffer: ForeignBuffer): ProcessTable {
  const { size, at } = SYSTEM_PROCESS_INFORMATION;
  const entries: number[] = [];
  for (let entry = 0, next = -1; next !== 0; entry += next) {
    next = buffer.u32(entry + at.NextEntryOffset);
    if (next !== 0 && next < size) throw new BoundsError('next process', entry, buffer.bytes.length);
    entries.push(entry);
  }
  const count = entries.length;
  const table = {
    count,
    pid: new Uint32Array(count),
    parentPid: new Uint32Array(count),
    sessionId: new Uint32Array(count),
    createdAtMs: new Float64Array(count),
    userMs: new Float64Array(count),
    kernelMs: new Float64Array(count),
    workingSetBytes: new Float64Array(count),
    privateWorkingSetBytes: new Float64Array(count),
    reads: new Float64Array(count),
    writes: new Float64Array(count),
    readBytes: new Float64Array(count),
    writtenBytes: new Float64Array(count),
    threads: new Uint32Array(count),
    handles: new Uint32Array(count),
    name: new Array<string>(count),
    pageFaults: new Uint32Array(count),
    hardFaults: new Uint32Array(count),
    cycles: new Float64Array(count),
  };
  entries.forEach((entry, row) => {
    table.pid[row] = buffer.u32(entry + at.UniqueProcessId);
    table.parentPid[row] = buffer.u32(entry + at.InheritedFromUniqueProcessId);
    table.sessionId[row] = buffer.u32(entry + at.SessionId);
    table.createdAtMs[row] = fileTimeToMs(buffer.i64(entry + at.CreateTime));
    table.userMs[row] = buffer.i64(entry + at.UserTime) / TICKS_PER_MS;
    table.kernelMs[row] = buffer.i64(entry + at.KernelTime) / TICKS_PER_MS;
    table.workingSetBytes[row] = buffer.i64(entry + at.WorkingSetSize);
    table.privateWorkingSetBytes[row] = buffer.i64(entry + at.WorkingSetPrivateSize);
    table.reads[row] = buffer.i64(entry + at.ReadOperationCount);
    table.writes[row] = buffer.i64(entry + at.WriteOperationCount);
    table.readBytes[row] = buffer.i64(entry + at.ReadTransferCount);
    table.writtenBytes[row] = buffer.i64(entry + at.WriteTransferCount);
    table.threads[row] = buffer.u32(entry + at.NumberOfThreads);
    table.handles[row] = buffer.u32(entry + at.HandleCount);
    table.name[row] = imageName(buffer, entry);
    table.pageFaults[row] = buffer.u32(entry + at.PageFaultCount);
    table.hardFaults[row] = buffer.u32(entry + at.HardFaultCount);
    table.cycles[row] = buffer.i64(entry + at.CycleTime);
  });
  return { ...table, ...parseExtensions(buffer, entries) };
}

type Extension = Required<
  Pick<ProcessTable, 'diskReads' | 'diskWrites' | 'diskReadBytes' | 'diskWrittenBytes' | 'jobId'>
>;

/**
 * Disk counters and the job, which newer systems store behind the threads of each process. Empty when no process has
 * them.
 */
function parseExtensions(buffer: ForeignBuffer, entries: readonly number[]): Extension | Record<string, never> {
  const { at } = SYSTEM_PROCESS_INFORMATION_EXTENSION;
  const count = entries.length;
  let extended = false;
  const columns: Extension = {
    diskReads: new Float64Array(count),
    diskWrites: new Float64Array(count),
    diskReadBytes: new Float64Array(count),
    diskWrittenBytes: new Float64Array(count),
    jobId: new Uint32Array(count),
  };
  for (let row = 0; row < count; row++) {
    const extension = extensionOf(buffer, entries[row]!);
    if (extension === undefined) continue;
    extended = true;
    columns.diskReads[row] = buffer.i64(extension + at.ReadOperationCount);
    columns.diskWrites[row] = buffer.i64(extension + at.WriteOperationCount);
    columns.diskReadBytes[row] = buffer.i64(extension + at.BytesRead);
    columns.diskWrittenBytes[row] = buffer.i64(extension + at.BytesWritten);
    columns.jobId[row] = buffer.u32(extension + at.JobObjectId);
  }
  return extended ? columns : {};
}

/**
 * Offset of the extension of an entry. The system does not report whether there is one: it exists when there is room
 * for it between the threads and the image name, which is the last part of an entry.
 */
function extensionOf(buffer: ForeignBuffer, entry: number): number | undefined {
  const { size, at } = SYSTEM_PROCESS_INFORMATION;
  const start = entry + size + buffer.u32(entry + at.NumberOfThreads) * SYSTEM_THREAD_INFORMATION.size;
  const name = buffer.pointer(entry + at.ImageNameBuffer);
  const next = buffer.u32(entry + at.NextEntryOffset);
  const end = name >= start ? name : next === 0 ? -1 : entry + next;
  return end - start >= SYSTEM_PROCESS_INFORMATION_EXTENSION.size ? start : undefined;
}

function imageName(buffer: ForeignBuffer, entry: number): string {
  const { at } = SYSTEM_PROCESS_INFORMATION;
  const length = buffer.u16(entry + at.ImageNameLength);
  const start = buffer.pointer(entry + at.ImageNameBuffer);
  if (start < 0 || length === 0) return buffer.u32(entry + at.UniqueProcessId) === 0 ? 'Idle' : '';
  return buffer.slice(start, length).toString('utf16le');
}

/** Reads the processes of this machine into a buffer that it keeps. */
export class ProcessReader {
  readonly #buffer = new GrowingBuffer(512 * 1024);

  /** Without image paths. Throws Win32Error. */
  read(): ProcessTable {
    const needed = new Uint32Array(1);
    const bytes = this.#buffer.fill('NtQuerySystemInformation', (buffer) => {
      const status = NtQuerySystemInformation(SystemProcessInformation, buffer, buffer.length, needed, 0, 0);
      if (status >>> 0 === STATUS_INFO_LENGTH_MISMATCH)
        return { done: false, needed: needed[0]!, code: STATUS_INFO_LENGTH_MISMATCH };
      checkStatus('NtQuerySystemInformation', status);
      return { done: true };
    });
    return parseProcesses(new ForeignBuffer(bytes));
  }
}

export function createProcessPoll(): Poll<'processes'> {
  const reader = new ProcessReader();
  const images = new ImagePaths();
  return {
    kind: 'processes',
    schedule: EVERY_ROUND,
    grant: KIND_GRANTS.processes,
    read: () => {
      const table = reader.read();
      const { imagePath, degraded } = images.read(table);
      return { data: { ...table, imagePath }, degraded };
    },
  };
}
