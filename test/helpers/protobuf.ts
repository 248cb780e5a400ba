// OTLP and pprof decoded by their public definitions; imports no product code.
import protobuf from 'protobufjs';

/** https://github.com/open-telemetry/opentelemetry-proto, the fields that a receiver stores. */
const otlp = `syntax = "proto3";
  message Logs { repeated ResourceLogs resource_logs = 1; }
  message LogsAnswer { LogsRejection partial_success = 1; }
  message LogsRejection { int64 rejected_log_records = 1; string error_message = 2; }
  message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; }
  message ScopeLogs { Scope scope = 1; repeated LogRecord log_records = 2; }
  message LogRecord { fixed64 time_unix_nano = 1; uint32 severity_number = 2; string severity_text = 3;
    AnyValue body = 5; repeated KeyValue attributes = 6; uint32 dropped_attributes_count = 7; fixed32 flags = 8;
    bytes trace_id = 9; bytes span_id = 10; fixed64 observed_time_unix_nano = 11; }
  message Traces { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
  message Span { bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; uint32 kind = 6;
    fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; }
  message Resource { repeated KeyValue attributes = 1; }
  message Scope { string name = 1; string version = 2; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3;
    double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValueList { repeated KeyValue values = 1; }`;

/** https://github.com/google/pprof/blob/main/proto/profile.proto */
const pprof = `syntax = "proto3";
  message Profile { repeated ValueType sample_type = 1; repeated Sample sample = 2; repeated string string_table = 6;
    int64 time_nanos = 9; int64 duration_nanos = 10; }
  message ValueType { int64 type = 1; int64 unit = 2; }
  message Sample { repeated uint64 location_id = 1; repeated int64 value = 2; }`;

/** A value of OTLP, exactly one member. */
export type DecodedValue = Readonly<Record<string, unknown>>;
export interface DecodedAttribute {
  readonly key: string;
  readonly value: DecodedValue;
}

export interface DecodedLogRecord {
  /** Nanoseconds since 1970, in decimal; undefined for 0, which means unknown. */
  readonly timeUnixNano?: string;
  readonly observedTimeUnixNano?: string;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body?: DecodedValue;
  readonly attributes: readonly DecodedAttribute[];
  readonly droppedAttributesCount?: number;
  readonly flags?: number;
  readonly traceId?: Uint8Array;
  readonly spanId?: Uint8Array;
}

export interface DecodedLogs {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly DecodedAttribute[] };
    readonly scopeLogs: readonly {
      readonly scope?: { readonly name: string; readonly version: string };
      readonly logRecords: readonly DecodedLogRecord[];
    }[];
  }[];
}

export interface DecodedTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly DecodedAttribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly { readonly name: string; readonly attributes: readonly DecodedAttribute[] }[];
    }[];
  }[];
}

export interface DecodedProfile {
  readonly sampleType: readonly { readonly type: string; readonly unit: string }[];
  readonly sample: readonly { readonly value: readonly string[] }[];
  readonly stringTable: readonly string[];
}

const otlpTypes = protobuf.parse(otlp).root;
const profile = protobuf.parse(pprof).root.lookupType('Profile');

/** The body of an OTLP request for logs, not compressed. */
export function decodeLogs(body: Uint8Array): DecodedLogs {
  return decode(otlpTypes.lookupType('Logs'), body) as unknown as DecodedLogs;
}

/** The answer of an OTLP receiver that rejects some log records. */
export function encodePartialSuccess(rejectedLogRecords: number, errorMessage: string): Uint8Array {
  const type = otlpTypes.lookupType('LogsAnswer');
  return type.encode(type.create({ partialSuccess: { rejectedLogRecords, errorMessage } })).finish();
}

/** The body of an OTLP request for traces, not compressed. */
export function decodeTraces(body: Uint8Array): DecodedTraces {
  return decode(otlpTypes.lookupType('Traces'), body) as unknown as DecodedTraces;
}

/** A profile of pprof, not compressed. */
export function decodeProfile(body: Uint8Array): DecodedProfile {
  return decode(profile, body) as unknown as DecodedProfile;
}

function decode(type: protobuf.Type, body: Uint8Array): object {
  return type.toObject(type.decode(body), { longs: String, arrays: true, defaults: false });
}
