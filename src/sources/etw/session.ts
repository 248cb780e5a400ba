// The event session: started anew whatever was left of an older one, with the providers, and asked how much it lost.

import {
  CLOCK_QPC,
  CloseTrace,
  ControlTraceW,
  EVENT_RECORD_CALLBACK,
  EVENT_TRACE_CONTROL_QUERY,
  EVENT_TRACE_CONTROL_STOP,
  EVENT_TRACE_INDEPENDENT_SESSION_MODE,
  EVENT_TRACE_LOGFILEW,
  EVENT_TRACE_PROPERTIES,
  EVENT_TRACE_REAL_TIME_MODE,
  INVALID_PROCESSTRACE_HANDLE,
  OpenTraceW,
  PROCESS_TRACE_MODE_EVENT_RECORD,
  PROCESS_TRACE_MODE_REAL_TIME,
  ProcessTrace,
  StartTraceW,
  WNODE_FLAG_TRACED_GUID,
} from '../../native/advapi32/trace.ts';
import { checkError } from '../../native/check.ts';
import { addressOf, callback } from '../../native/ffi.ts';
import { GetLastError } from '../../native/kernel32.ts';
import { ERROR_ALREADY_EXISTS, ERROR_WMI_INSTANCE_NOT_FOUND, Win32Error } from '../../native/win32-error.ts';

/** Longest name of a session and of a log file, each with its NUL: 1024 characters. */
const NAME_BYTES = 2048;
const PROPERTIES_BYTES = EVENT_TRACE_PROPERTIES.size + 2 * NAME_BYTES;
/** At the least two buffers a processor; https://learn.microsoft.com/windows/win32/api/evntrace/ns-evntrace-event_trace_properties */
const BUFFERS_PER_PROCESSOR = 2;
const LEAST_BUFFERS = 64;
/** Buffers that a burst may add. */
const SPARE_BUFFERS = 32;
/** A buffer that is not full is handed on after so long. */
const FLUSH_SECONDS = 1;

export interface BufferPlan {
  readonly kilobytes: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Buffers for as many processors. Each processor fills one of its own, so the more there are, the faster events can come. They are taken from the
 * pool that cannot be paged: 4 MB up to 32 processors, a second of 20,000 events; 32 MB with 128 processors.
 */
export function planBuffers(processors: number): BufferPlan {
  const least = Math.max(LEAST_BUFFERS, processors * BUFFERS_PER_PROCESSOR);
  return { kilobytes: processors <= 32 ? 64 : 128, least, most: least + SPARE_BUFFERS };
}

/** Starts the session; one of the same name is ours from a run that did not end well, and is ended first. Throws Win32Error. */
export function startSession(name: string, buffers: BufferPlan): bigint {
  const handle = new BigUint64Array(1);
  let code = StartTraceW(handle, name, startProperties(buffers));
  if (code === ERROR_ALREADY_EXISTS) {
    stopSession(name);
    code = StartTraceW(handle, name, startProperties(buffers));
  }
  checkError('StartTraceW', code);
  return handle[0]!;
}

function startProperties({ kilobytes, least, most }: BufferPlan): Buffer {
  const { at } = EVENT_TRACE_PROPERTIES;
  const properties = emptyProperties();
  properties.writeUInt32LE(CLOCK_QPC, at.WnodeClientContext);
  properties.writeUInt32LE(kilobytes, at.BufferSize);
  properties.writeUInt32LE(least, at.MinimumBuffers);
  properties.writeUInt32LE(most, at.MaximumBuffers);
  // Independent: when our buffers are full, the provider's writes to other sessions do not fail.
  properties.writeUInt32LE(EVENT_TRACE_REAL_TIME_MODE | EVENT_TRACE_INDEPENDENT_SESSION_MODE, at.LogFileMode);
  properties.writeUInt32LE(FLUSH_SECONDS, at.FlushTimer);
  // No file: the place of its name stays empty.
  properties.writeUInt32LE(0, at.LogFileNameOffset);
  return properties;
}

function emptyProperties(): Buffer {
  const { at, size } = EVENT_TRACE_PROPERTIES;
  const properties = Buffer.alloc(PROPERTIES_BYTES);
  properties.writeUInt32LE(PROPERTIES_BYTES, at.WnodeBufferSize);
  properties.writeUInt32LE(WNODE_FLAG_TRACED_GUID, at.WnodeFlags);
  properties.writeUInt32LE(size, at.LoggerNameOffset);
  properties.writeUInt32LE(size + NAME_BYTES, at.LogFileNameOffset);
  return properties;
}

/** Ends the session of this name, and with it the ProcessTrace that reads it, if there is one. Throws Win32Error. */
export function stopSession(name: string): void {
  const code = ControlTraceW(0n, name, emptyProperties(), EVENT_TRACE_CONTROL_STOP);
  if (code !== ERROR_WMI_INSTANCE_NOT_FOUND) checkError('ControlTraceW', code);
}

/** Ends this very session, if it still is there: another one of the same name may have taken its place. */
export function stopOwnSession(session: bigint): void {
  ControlTraceW(session, null, emptyProperties(), EVENT_TRACE_CONTROL_STOP);
}

/** What the session lost since it began. */
export interface SessionLoss {
  readonly events: number;
  readonly buffers: number;
  readonly realTimeBuffers: number;
}

/** Undefined when there is no such session. Throws Win32Error. */
export function readLoss(name: string): SessionLoss | undefined {
  const { at } = EVENT_TRACE_PROPERTIES;
  const properties = emptyProperties();
  const code = ControlTraceW(0n, name, properties, EVENT_TRACE_CONTROL_QUERY);
  if (code === ERROR_WMI_INSTANCE_NOT_FOUND) return undefined;
  checkError('ControlTraceW', code);
  return {
    events: properties.readUInt32LE(at.EventsLost),
    buffers: properties.readUInt32LE(at.LogBuffersLost),
    realTimeBuffers: properties.readUInt32LE(at.RealTimeBuffersLost),
  };
}

/** Reads a session on this thread. One object serves one session after the other: the callback is registered once. */
export class SessionReader {
  readonly #callback: bigint;

  /** `onEvent` gets the address of each EVENT_RECORD, on this thread, while it is blocked in `process`. It must not throw. */
  constructor(onEvent: (recordAddress: number) => void) {
    this.#callback = callback(EVENT_RECORD_CALLBACK, onEvent);
  }

  /** Calls `onOpen`, then blocks until the session ends; returns why it did, as a Win32 error. Throws Win32Error when it cannot be opened. */
  process(name: string, onOpen: (cpuMHz: number) => void): number {
    const { at, size } = EVENT_TRACE_LOGFILEW;
    // Both stay alive until the trace is closed.
    const loggerName = Buffer.from(`${name}\0`, 'utf16le');
    const logfile = Buffer.alloc(size);
    logfile.writeBigUInt64LE(addressOf(loggerName), at.LoggerName);
    logfile.writeUInt32LE(PROCESS_TRACE_MODE_REAL_TIME | PROCESS_TRACE_MODE_EVENT_RECORD, at.ProcessTraceMode);
    logfile.writeBigUInt64LE(this.#callback, at.EventRecordCallback);
    const handle = BigInt(OpenTraceW(logfile));
    if (handle === INVALID_PROCESSTRACE_HANDLE) throw new Win32Error('OpenTraceW', GetLastError());
    try {
      onOpen(logfile.readUInt32LE(at.CpuSpeedInMHz));
      return ProcessTrace(BigUint64Array.of(handle), 1, null, null);
    } finally {
      CloseTrace(handle);
      loggerName.fill(0);
    }
  }
}
