// Decodes OTLP log requests with protobufjs, by the field numbers of the official definitions.
// https://github.com/open-telemetry/opentelemetry-proto/tree/v1.8.0/opentelemetry/proto
import protobuf from 'protobufjs';

const { root } = protobuf.parse(
  `syntax = "proto3";
message ExportLogsServiceRequest { repeated ResourceLogs resource_logs = 1; }
message ExportLogsServiceResponse { ExportLogsPartialSuccess partial_success = 1; }
message ExportLogsPartialSuccess { int64 rejected_log_records = 1; string error_message = 2; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message ScopeLogs { InstrumentationScope scope = 1; repeated LogRecord log_records = 2; string schema_url = 3; }
message InstrumentationScope {
  string name = 1; string version = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4;
}
message LogRecord {
  fixed64 time_unix_nano = 1; fixed64 observed_time_unix_nano = 11; int32 severity_number = 2;
  string severity_text = 3; AnyValue body = 5; repeated KeyValue attributes = 6;
  uint32 dropped_attributes_count = 7; fixed32 flags = 8; bytes trace_id = 9; bytes span_id = 10;
  string event_name = 12;
}
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }`,
  { keepCase: false },
);
const request = root.lookupType('ExportLogsServiceRequest');
const response = root.lookupType('ExportLogsServiceResponse');

interface Pair {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

interface RawRequest {
  readonly resourceLogs?: readonly {
    readonly resource?: { readonly attributes?: readonly Pair[] };
    readonly scopeLogs?: readonly {
      readonly scope?: { readonly name: string; readonly version: string };
      readonly logRecords?: readonly RawRecord[];
    }[];
  }[];
}

interface RawRecord {
  readonly timeUnixNano?: string;
  readonly observedTimeUnixNano?: string;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body?: { readonly stringValue?: string };
  readonly attributes?: readonly Pair[];
  readonly droppedAttributesCount?: number;
  readonly flags?: number;
  readonly traceId?: Uint8Array;
  readonly spanId?: Uint8Array;
}

/** A record with all its fields; what the message lacks has the default of protobuf. */
export interface DecodedRecord {
  readonly resource: Readonly<Record<string, string | undefined>>;
  readonly scope: { readonly name: string; readonly version: string } | undefined;
  /** Nanoseconds in decimal digits. */
  readonly time: string;
  readonly observed: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: string | undefined;
  readonly attributes: readonly (readonly [name: string, value: string | undefined])[];
  readonly droppedAttributes: number;
  readonly flags: number;
  /** In hexadecimal digits, empty without one. */
  readonly traceId: string;
  readonly spanId: string;
}

/** Records of each resource block, in the order of the request. */
export function decodeBlocks(plain: Uint8Array): DecodedRecord[][] {
  const decoded = request.toObject(request.decode(plain), { longs: String }) as RawRequest;
  return (decoded.resourceLogs ?? []).map(({ resource, scopeLogs }) =>
    (scopeLogs ?? []).flatMap(({ scope, logRecords }) =>
      (logRecords ?? []).map((record) => {
        const attributes = Object.fromEntries(pairsOf(resource?.attributes));
        return decodedRecord(record, attributes, scope && { name: scope.name, version: scope.version });
      }),
    ),
  );
}

export function decodeRecords(plain: Uint8Array): DecodedRecord[] {
  return decodeBlocks(plain).flat();
}

/** An answer of a receiver that rejects records. */
export function encodePartialSuccess(rejectedLogRecords: number, errorMessage: string): Uint8Array {
  return response.encode(response.create({ partialSuccess: { rejectedLogRecords, errorMessage } })).finish();
}

function decodedRecord(
  raw: RawRecord,
  resource: DecodedRecord['resource'],
  scope: DecodedRecord['scope'],
): DecodedRecord {
  return {
    resource,
    scope,
    time: raw.timeUnixNano ?? '0',
    observed: raw.observedTimeUnixNano ?? '0',
    severityNumber: raw.severityNumber ?? 0,
    severityText: raw.severityText ?? '',
    body: raw.body?.stringValue,
    attributes: pairsOf(raw.attributes),
    droppedAttributes: raw.droppedAttributesCount ?? 0,
    flags: raw.flags ?? 0,
    traceId: hex(raw.traceId),
    spanId: hex(raw.spanId),
  };
}

function pairsOf(pairs: readonly Pair[] = []): [name: string, value: string | undefined][] {
  return pairs.map(({ key, value }) => [key, value.stringValue]);
}

function hex(bytes: Uint8Array = new Uint8Array(0)): string {
  return Buffer.from(bytes).toString('hex');
}
