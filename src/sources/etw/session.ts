// The event session: start, stop, read, and query its losses.
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
import { callback } from '../../native/ffi.ts';
import { GetLastError } from '../../native/kernel32.ts';
import { withPointers } from '../../native/pointers.ts';
import { ERROR_ALREADY_EXISTS, ERROR_WMI_INSTANCE_NOT_FOUND, Win32Error } from '../../native/win32-error.ts';
import type { Activity } from '../activity.ts';
import { PROCESS_TRACE } from './messages.ts';
import type { OpenTrace } from './open-trace.ts';

/** Room for the names of the session and of the log file: 1024 characters each, with NUL. */
const NAME_BYTES = 2048;
const PROPERTIES_BYTES = EVENT_TRACE_PROPERTIES.size + 2 * NAME_BYTES;
/** The documented minimum: https://learn.microsoft.com/windows/win32/api/evntrace/ns-evntrace-event_trace_properties */
const BUFFERS_PER_PROCESSOR = 2;
const LEAST_BUFFERS = 64;
/** Buffers that Windows may add in a burst. */
const SPARE_BUFFERS = 32;
/** Windows delivers a partly filled buffer after this time. */
const FLUSH_SECONDS = 1;

export interface BufferPlan {
  readonly kilobytes: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Buffers for this number of processors. Each processor fills a buffer of its own, so more processors need more
 * buffers. They are nonpaged memory: 4 MB up to 32 processors, which holds 20,000 events; 32 MB with 128 processors.
 */
export function planBuffers(processors: number): BufferPlan {
  const least = Math.max(LEAST_BUFFERS, processors * BUFFERS_PER_PROCESSOR);
  return { kilobytes: processors <= 32 ? 64 : 128, least, most: least + SPARE_BUFFERS };
}

/**
 * Starts the session. A session with the same name was left by a killed agent and is stopped first. Throws Win32Error.
 */
export function startSession(name: string, buffers: BufferPlan, activity: Activity): bigint {
  const handle = new BigUint64Array(1);
  const start = (): number => activity.during('StartTraceW', () => StartTraceW(handle, name, startProperties(buffers)));
  let code = start();
  if (code === ERROR_ALREADY_EXISTS) {
    stopSession(name, activity);
    code = start();
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
  // Independent: writes of the providers to other sessions succeed even when the buffers of this session are full.
  properties.writeUInt32LE(EVENT_TRACE_REAL_TIME_MODE | EVENT_TRACE_INDEPENDENT_SESSION_MODE, at.LogFileMode);
  properties.writeUInt32LE(FLUSH_SECONDS, at.FlushTimer);
  // The session has no log file.
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

/** Stops the session with this name, if it exists; the ProcessTrace that reads it then returns. Throws Win32Error. */
export function stopSession(name: string, activity: Activity): void {
  const code = activity.during('ControlTraceW', () =>
    ControlTraceW(0n, name, emptyProperties(), EVENT_TRACE_CONTROL_STOP),
  );
  if (code !== ERROR_WMI_INSTANCE_NOT_FOUND) checkError('ControlTraceW', code);
}

/** Stops this session by its handle, if it still exists; a later session with the same name is not affected. */
export function stopOwnSession(session: bigint, activity: Activity): void {
  activity.during('ControlTraceW', () => ControlTraceW(session, null, emptyProperties(), EVENT_TRACE_CONTROL_STOP));
}

/**
 * Closes the trace unless the other thread does. While ProcessTrace reads it, Windows answers ERROR_CTX_CLOSE_PENDING:
 * ProcessTrace returns after the events in its buffers. So no result is a fault.
 */
export function closeTrace(trace: OpenTrace, activity: Activity): void {
  const handle = trace.claim();
  if (handle !== undefined) activity.during('CloseTrace', () => CloseTrace(handle));
}

/** Losses since the session started. */
export interface SessionLoss {
  readonly events: number;
  readonly buffers: number;
  readonly realTimeBuffers: number;
}

/** Undefined when the session does not exist. Throws Win32Error. */
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

/**
 * Reads a session on this thread. The callback is registered once, so one object reads all sessions, one after the
 * other.
 */
export class SessionReader {
  readonly #callback: bigint;
  readonly #trace: OpenTrace;
  readonly #activity: Activity;

  /** `onEvent` receives the address of each EVENT_RECORD, on this thread, during `process`. It must not throw. */
  constructor(onEvent: (recordAddress: number) => void, trace: OpenTrace, activity: Activity) {
    this.#callback = callback(EVENT_RECORD_CALLBACK, onEvent);
    this.#trace = trace;
    this.#activity = activity;
  }

  /**
   * Calls `onOpen`, then blocks until the session ends and returns the result of ProcessTrace. Throws Win32Error when
   * opening fails.
   */
  process(name: string, onOpen: (cpuMHz: number) => void): number {
    const { at, size } = EVENT_TRACE_LOGFILEW;
    const loggerName = Buffer.from(`${name}\0`, 'utf16le');
    const logfile = Buffer.alloc(size);
    logfile.writeUInt32LE(PROCESS_TRACE_MODE_REAL_TIME | PROCESS_TRACE_MODE_EVENT_RECORD, at.ProcessTraceMode);
    logfile.writeBigUInt64LE(this.#callback, at.EventRecordCallback);
    // Until the trace is closed.
    return withPointers((setPointer) => {
      setPointer(logfile, at.LoggerName, loggerName);
      const handle = BigInt(this.#activity.during('OpenTraceW', () => OpenTraceW(logfile)));
      if (handle === INVALID_PROCESSTRACE_HANDLE) throw new Win32Error('OpenTraceW', GetLastError());
      this.#trace.publish(handle);
      try {
        onOpen(logfile.readUInt32LE(at.CpuSpeedInMHz));
        return this.#activity.during(PROCESS_TRACE, () => ProcessTrace(BigUint64Array.of(handle), 1, null, null));
      } finally {
        closeTrace(this.#trace, this.#activity);
      }
    });
  }
}
