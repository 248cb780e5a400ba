// Provider Microsoft-Windows-Kernel-Process: starts (1) and stops (2) of processes.
import { fileTimeToMs, isMoment } from '../../file-time.ts';
import { PART_GRANTS } from '../../grants.ts';
import type { ProcessEventRecord } from '../../host.ts';
import type { EventView } from '../event-view.ts';
import type { EtwProvider } from '../provider.ts';
import { RecordBatch } from '../record-batch.ts';

const START = 1;
const STOP = 2;
const KEYWORD_PROCESS = 0x10n;

export const kernelProcess: EtwProvider = {
  name: 'kernel-process',
  title: 'Microsoft-Windows-Kernel-Process',
  guid: '22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716',
  anyKeyword: KEYWORD_PROCESS,
  level: 4,
  // Version 3 of a start and version 2 of a stop inserted fields, so the layout of a newer version cannot be assumed.
  events: { [START]: { newest: 5, appends: false }, [STOP]: { newest: 2, appends: false } },
  inProcesses: false,
  rundown: false,
  grant: PART_GRANTS.processEvents,
  ringShare: 1 / 16,
  createBatch: (session) =>
    new RecordBatch('processEvents', (event) =>
      event.id === START ? decodeStart(event) : decodeStop(event, session.cpuMHz),
    ),
};

/**
 * Longest path of the NT namespace, in characters:
 * https://learn.microsoft.com/windows/win32/fileio/maximum-file-path-limitation
 */
const MAX_PATH = 32_767;
const KILOBYTE = 1024;
/** Cycles of one millisecond at 1 MHz. */
const CYCLES_PER_MS_PER_MHZ = 1000;

/**
 * Version 1 added flags before the name; version 3 added sequence numbers, the token elevation and the mandatory label.
 */
function decodeStart(event: EventView): ProcessEventRecord | undefined {
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

/** Version 1 added cycles, I/O and hard faults before the name; version 2 added a sequence number after the pid. */
function decodeStop(event: EventView, cpuMHz: number): ProcessEventRecord | undefined {
  const { version } = event;
  const pid = event.u32();
  if (version >= 2) event.skip(8);
  const created = event.u64();
  event.skip(8);
  const exitCode = event.u32();
  // Token elevation, handle count, commit charge and commit peak.
  event.skip(24);
  const usage = version >= 1 ? decodeUsage(event, cpuMHz) : {};
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

/** I/O and cycles of the whole process; cycles also as processor time when the frequency is known. */
function decodeUsage(event: EventView, cpuMHz: number) {
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
