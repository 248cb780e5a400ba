// Decodes starts (1) and stops (2) of processes of Microsoft-Windows-Kernel-Process.
import { fileTimeToMs, isMoment } from '../file-time.ts';
import type { ProcessEventRecord } from '../host.ts';
import type { EventView } from './event-view.ts';

/** Longest path of the NT namespace, in characters: https://learn.microsoft.com/windows/win32/fileio/maximum-file-path-limitation */
const MAX_PATH = 32_767;
const KILOBYTE = 1024;
/** Cycles that a thousandth of a second has at one MHz. */
const CYCLES_PER_MS_PER_MHZ = 1000;

/** `cpuMHz` is what the processor's cycles are counted at, 0 when unknown. Undefined when the event is cut off or makes no sense. */
export function decodeProcess(event: EventView, cpuMHz: number): ProcessEventRecord | undefined {
  return event.id === 1 ? started(event) : stopped(event, cpuMHz);
}

/** Version 1 has flags before the name, version 3 sequence numbers, the token's elevation and its label. */
function started(event: EventView): ProcessEventRecord | undefined {
  const { version } = event;
  const pid = event.u32();
  if (version >= 3) event.skip(8);
  const created = event.u64();
  const parentPid = event.u32();
  if (version >= 3) event.skip(8);
  const sessionId = event.u32();
  if (version >= 1) event.skip(4);
  if (version >= 3) {
    event.skip(8);
    event.skipSid();
  }
  const imageName = fileName(event.text16(MAX_PATH));
  return event.broken || !isMoment(created)
    ? undefined
    : {
        type: 'started',
        atMs: fileTimeToMs(event.ticks),
        pid,
        createdAtMs: fileTimeToMs(created),
        parentPid,
        sessionId,
        imageName,
      };
}

/** Version 1 has cycles, I/O and hard faults before the name, version 2 a sequence number behind the pid. */
function stopped(event: EventView, cpuMHz: number): ProcessEventRecord | undefined {
  const { version } = event;
  const pid = event.u32();
  if (version >= 2) event.skip(8);
  const created = event.u64();
  event.skip(8);
  const exitCode = event.u32();
  // The token's elevation, handles, and committed memory now and at most.
  event.skip(24);
  const usage = version >= 1 ? usageOf(event, cpuMHz) : {};
  const imageName = fileName(event.text8(MAX_PATH));
  return event.broken || !isMoment(created)
    ? undefined
    : {
        type: 'stopped',
        atMs: fileTimeToMs(event.ticks),
        pid,
        createdAtMs: fileTimeToMs(created),
        exitCode,
        ...usage,
        imageName,
      };
}

/** I/O of its whole life, and its cycles as time where it is known how many a second has. */
function usageOf(event: EventView, cpuMHz: number) {
  const cycles = event.u64();
  const reads = event.u32();
  const writes = event.u32();
  const readBytes = event.u32() * KILOBYTE;
  const writtenBytes = event.u32() * KILOBYTE;
  const hardFaults = event.u32();
  const cpuMs = cycles / (cpuMHz * CYCLES_PER_MS_PER_MHZ);
  return { ...(cpuMHz > 0 ? { cpuMs } : {}), cycles, reads, writes, readBytes, writtenBytes, hardFaults };
}

/** The last part of an NT path, e.g. of `\Device\HarddiskVolume3\Windows\System32\svchost.exe`. */
function fileName(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1);
}
