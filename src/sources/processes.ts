// Every process of one moment, from a single system call.
import { BoundsError, ForeignBuffer } from '../native/buffer.ts';
import { checkStatus } from '../native/check.ts';
import { NtQuerySystemInformation, SYSTEM_PROCESS_INFORMATION, SystemProcessInformation } from '../native/ntdll.ts';
import { STATUS_INFO_LENGTH_MISMATCH } from '../native/win32-error.ts';
import { fileTimeToMs, TICKS_PER_MS } from './file-time.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import type { ProcessTable } from './host.ts';

/** Parses the linked list of SYSTEM_PROCESS_INFORMATION. Throws BoundsError when an entry leads outside of the buffer. */
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
  });
  return table;
}

function imageName(buffer: ForeignBuffer, entry: number): string {
  const { at } = SYSTEM_PROCESS_INFORMATION;
  const length = buffer.u16(entry + at.ImageNameLength);
  const start = buffer.pointer(entry + at.ImageNameBuffer);
  if (start < 0 || length === 0) return buffer.u32(entry + at.UniqueProcessId) === 0 ? 'Idle' : '';
  return buffer.slice(start, length).toString('utf16le');
}

/** Reads the processes of this machine again and again, keeping its buffer. */
export class ProcessReader {
  readonly #buffer = new GrowingBuffer(512 * 1024);

  /** Throws Win32Error when the list cannot be had. */
  read(): ProcessTable {
    const needed = new Uint32Array(1);
    const bytes = this.#buffer.fill('NtQuerySystemInformation', (buffer) => {
      const status = NtQuerySystemInformation(SystemProcessInformation, buffer, buffer.length, needed, 0, 0);
      if (status >>> 0 === STATUS_INFO_LENGTH_MISMATCH) return { done: false, needed: needed[0]!, code: STATUS_INFO_LENGTH_MISMATCH };
      checkStatus('NtQuerySystemInformation', status);
      return { done: true };
    });
    return parseProcesses(new ForeignBuffer(bytes));
  }
}
