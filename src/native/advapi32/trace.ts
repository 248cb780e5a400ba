// advapi32.dll: event tracing sessions, their providers, and the real-time consumer.
import { layout } from '../ffi.ts';
import { advapi32 } from './library.ts';

/** https://learn.microsoft.com/windows/win32/api/evntrace/nf-evntrace-starttracew */
export const StartTraceW = advapi32.func<
  (TraceHandle: BigUint64Array, InstanceName: string, Properties: Buffer) => number
>('uint32_t __stdcall StartTraceW(void *TraceHandle, const char16_t *InstanceName, void *Properties)');

/**
 * https://learn.microsoft.com/windows/win32/api/evntrace/nf-evntrace-controltracew; by handle, or by name where the
 * handle is 0.
 */
export const ControlTraceW = advapi32.func<
  (TraceHandle: bigint, InstanceName: string | null, Properties: Buffer, ControlCode: number) => number
>(
  'uint32_t __stdcall ControlTraceW(uint64_t TraceHandle, const char16_t *InstanceName, void *Properties, uint32_t ControlCode)',
);

export const EVENT_TRACE_CONTROL_QUERY = 0;
export const EVENT_TRACE_CONTROL_STOP = 1;

/** https://learn.microsoft.com/windows/win32/api/evntrace/nf-evntrace-enabletraceex2 */
export const EnableTraceEx2 = advapi32.func<
  (
    TraceHandle: bigint,
    ProviderId: Buffer,
    ControlCode: number,
    Level: number,
    MatchAnyKeyword: bigint,
    MatchAllKeyword: bigint,
    Timeout: number,
    EnableParameters: Buffer | null,
  ) => number
>(
  'uint32_t __stdcall EnableTraceEx2(uint64_t TraceHandle, void *ProviderId, uint32_t ControlCode, uint8_t Level, uint64_t MatchAnyKeyword, uint64_t MatchAllKeyword, uint32_t Timeout, void *EnableParameters)',
);

export const EVENT_CONTROL_CODE_ENABLE_PROVIDER = 1;
/** Requests the state before the start of the session. */
export const EVENT_CONTROL_CODE_CAPTURE_STATE = 2;

/** https://learn.microsoft.com/windows/win32/api/evntrace/nf-evntrace-opentracew; all bits set is a failure. */
export const OpenTraceW = advapi32.func<(Logfile: Buffer) => number | bigint>(
  'uint64_t __stdcall OpenTraceW(void *Logfile)',
);

export const INVALID_PROCESSTRACE_HANDLE = 0xffff_ffff_ffff_ffffn;

/** https://learn.microsoft.com/windows/win32/api/evntrace/nf-evntrace-processtrace; blocks until the session ends. */
export const ProcessTrace = advapi32.func<
  (HandleArray: BigUint64Array, HandleCount: number, StartTime: null, EndTime: null) => number
>('uint32_t __stdcall ProcessTrace(void *HandleArray, uint32_t HandleCount, void *StartTime, void *EndTime)');

/** https://learn.microsoft.com/windows/win32/api/evntrace/nf-evntrace-closetrace */
export const CloseTrace = advapi32.func<(TraceHandle: bigint) => number>(
  'uint32_t __stdcall CloseTrace(uint64_t TraceHandle)',
);

/**
 * https://learn.microsoft.com/windows/win32/api/evntrace/nc-evntrace-pevent_record_callback, the record as a number: an
 * address of a program fits a double, and no object is made for it.
 */
export const EVENT_RECORD_CALLBACK = 'void __stdcall EventRecordCallback(uint64_t EventRecord)';

/**
 * https://learn.microsoft.com/windows/win32/api/evntrace/ns-evntrace-event_trace_properties with its WNODE_HEADER in
 * line.
 */
export const EVENT_TRACE_PROPERTIES = layout({
  WnodeBufferSize: 'uint32_t', // ULONG, of everything, names included
  WnodeProviderId: 'uint32_t', // ULONG
  WnodeHistoricalContext: 'uint64_t', // ULONG64
  WnodeTimeStamp: 'int64_t', // LARGE_INTEGER
  WnodeGuid: 'uint8_t [16]', // GUID
  WnodeClientContext: 'uint32_t', // ULONG, the clock
  WnodeFlags: 'uint32_t', // ULONG
  BufferSize: 'uint32_t', // ULONG, in KB
  MinimumBuffers: 'uint32_t', // ULONG
  MaximumBuffers: 'uint32_t', // ULONG
  MaximumFileSize: 'uint32_t', // ULONG
  LogFileMode: 'uint32_t', // ULONG
  FlushTimer: 'uint32_t', // ULONG, in seconds
  EnableFlags: 'uint32_t', // ULONG
  AgeLimit: 'int32_t', // LONG
  NumberOfBuffers: 'uint32_t', // ULONG
  FreeBuffers: 'uint32_t', // ULONG
  EventsLost: 'uint32_t', // ULONG
  BuffersWritten: 'uint32_t', // ULONG
  LogBuffersLost: 'uint32_t', // ULONG
  RealTimeBuffersLost: 'uint32_t', // ULONG
  LoggerThreadId: 'uint64_t', // HANDLE
  LogFileNameOffset: 'uint32_t', // ULONG
  LoggerNameOffset: 'uint32_t', // ULONG
});

export const WNODE_FLAG_TRACED_GUID = 0x20000;
/** Clock of the session: the performance counter. */
export const CLOCK_QPC = 1;
/** https://learn.microsoft.com/windows/win32/etw/logging-mode-constants */
export const EVENT_TRACE_REAL_TIME_MODE = 0x100;
export const EVENT_TRACE_INDEPENDENT_SESSION_MODE = 0x0800_0000;

/**
 * https://learn.microsoft.com/windows/win32/api/evntrace/ns-evntrace-event_trace_logfilew, with what is read of its
 * TRACE_LOGFILE_HEADER in line.
 */
export const EVENT_TRACE_LOGFILEW = layout({
  LogFileName: 'uint64_t', // LPWSTR
  LoggerName: 'uint64_t', // LPWSTR
  CurrentTime: 'int64_t', // LONGLONG
  BuffersRead: 'uint32_t', // ULONG
  ProcessTraceMode: 'uint32_t', // ULONG
  CurrentEvent: 'uint64_t [11]', // EVENT_TRACE
  HeaderBeforeCpuSpeed: 'uint8_t [52]', // TRACE_LOGFILE_HEADER up to its CpuSpeedInMHz
  CpuSpeedInMHz: 'uint32_t', // ULONG
  HeaderAfterCpuSpeed: 'uint64_t [28]', // TRACE_LOGFILE_HEADER behind it
  BufferCallback: 'uint64_t', // PEVENT_TRACE_BUFFER_CALLBACKW
  BufferSize: 'uint32_t', // ULONG
  Filled: 'uint32_t', // ULONG
  EventsLost: 'uint32_t', // ULONG
  EventRecordCallback: 'uint64_t', // PEVENT_RECORD_CALLBACK
  IsKernelTrace: 'uint32_t', // ULONG
  Context: 'uint64_t', // PVOID
});

export const PROCESS_TRACE_MODE_REAL_TIME = 0x100;
export const PROCESS_TRACE_MODE_EVENT_RECORD = 0x1000_0000;

/** https://learn.microsoft.com/windows/win32/api/evntcons/ns-evntcons-event_record with its EVENT_HEADER in line. */
export const EVENT_RECORD = layout({
  Size: 'uint16_t', // USHORT
  HeaderType: 'uint16_t', // USHORT
  Flags: 'uint16_t', // USHORT
  EventProperty: 'uint16_t', // USHORT
  ThreadId: 'uint32_t', // ULONG
  ProcessId: 'uint32_t', // ULONG
  TimeStamp: 'int64_t', // LARGE_INTEGER
  ProviderId: 'uint32_t [4]', // GUID
  Id: 'uint16_t', // USHORT
  Version: 'uint8_t', // UCHAR
  Channel: 'uint8_t', // UCHAR
  Level: 'uint8_t', // UCHAR
  Opcode: 'uint8_t', // UCHAR
  Task: 'uint16_t', // USHORT
  Keyword: 'uint64_t', // ULONGLONG
  ProcessorTime: 'uint64_t', // ULONG64
  ActivityId: 'uint8_t [16]', // GUID
  BufferContext: 'uint32_t', // ETW_BUFFER_CONTEXT
  ExtendedDataCount: 'uint16_t', // USHORT
  UserDataLength: 'uint16_t', // USHORT
  ExtendedData: 'uint64_t', // PEVENT_HEADER_EXTENDED_DATA_ITEM
  UserData: 'uint64_t', // PVOID
  UserContext: 'uint64_t', // PVOID
});

/** In Flags: the provider's pointers have 4 bytes. */
export const EVENT_HEADER_FLAG_32_BIT_HEADER = 0x20;

/** https://learn.microsoft.com/windows/win32/api/evntcons/ns-evntcons-event_header_extended_data_item */
export const EVENT_HEADER_EXTENDED_DATA_ITEM = layout({
  Reserved1: 'uint16_t', // USHORT
  ExtType: 'uint16_t', // USHORT
  Linkage: 'uint16_t', // USHORT : 1
  DataSize: 'uint16_t', // USHORT
  DataPtr: 'uint64_t', // ULONGLONG
});

/** The container that an event happened in, as ASCII. */
export const EVENT_HEADER_EXT_TYPE_CONTAINER_ID = 16;

/** https://learn.microsoft.com/windows/win32/api/evntrace/ns-evntrace-enable_trace_parameters */
export const ENABLE_TRACE_PARAMETERS = layout({
  Version: 'uint32_t', // ULONG
  EnableProperty: 'uint32_t', // ULONG
  ControlFlags: 'uint32_t', // ULONG
  SourceId: 'uint32_t [4]', // GUID
  EnableFilterDesc: 'uint64_t', // PEVENT_FILTER_DESCRIPTOR
  FilterDescCount: 'uint32_t', // ULONG
});

export const ENABLE_TRACE_PARAMETERS_VERSION_2 = 2;
/** In evntcons.h of newer SDKs: includes providers inside Windows containers, and the container of each event. */
export const EVENT_ENABLE_PROPERTY_ENABLE_SILOS = 0x400;
export const EVENT_ENABLE_PROPERTY_SOURCE_CONTAINER_TRACKING = 0x800;

/** https://learn.microsoft.com/windows/win32/api/evntprov/ns-evntprov-event_filter_descriptor */
export const EVENT_FILTER_DESCRIPTOR = layout({
  Ptr: 'uint64_t', // ULONGLONG
  Size: 'uint32_t', // ULONG
  Type: 'uint32_t', // ULONG
});

export const EVENT_FILTER_TYPE_EVENT_ID = 0x8000_0200;

/**
 * https://learn.microsoft.com/windows/win32/api/evntprov/ns-evntprov-event_filter_event_id up to its ids, of two bytes
 * each
 */
export const EVENT_FILTER_EVENT_ID = layout({
  FilterIn: 'uint8_t', // BOOLEAN
  Reserved: 'uint8_t', // UCHAR
  Count: 'uint16_t', // USHORT
});
