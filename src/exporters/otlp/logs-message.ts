// Splits an ExportLogsServiceRequest by resource blocks and by records, without decoding more than times.
// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto
import {
  encodeBytesField,
  type Field,
  fieldsOf,
  readVarint,
  WIRE_BYTES,
  WIRE_FIXED64,
  WIRE_VARINT,
} from './protobuf-walker.ts';

/** `ExportLogsServiceRequest.resource_logs`. */
const RESOURCE_LOGS = 1;
/** `ResourceLogs.scope_logs` and `ScopeLogs.log_records`. */
const SCOPE_LOGS = 2;
const LOG_RECORDS = 2;
/** `LogRecord.time_unix_nano` and `LogRecord.observed_time_unix_nano`. */
const TIME = 1;
const OBSERVED_TIME = 11;
/** `ExportLogsServiceResponse.partial_success` and `ExportLogsPartialSuccess.rejected_log_records`. */
const PARTIAL_SUCCESS = 1;
const REJECTED = 1;

/** A part of a request that is a request itself. */
export interface LogsPart {
  readonly body: Uint8Array;
  readonly count: number;
  /** Milliseconds since 1970; undefined if no record has a time. */
  readonly oldestMs: number | undefined;
  readonly newestMs: number | undefined;
}

interface Record {
  readonly bytes: Uint8Array;
  readonly timeMs: number | undefined;
}

/** The records of one scope, and the other fields of the scope. */
interface Scope {
  readonly head: readonly Uint8Array[];
  readonly records: readonly Record[];
}

/** The scopes of one resource, and the other fields of the resource. */
interface Block {
  readonly head: readonly Uint8Array[];
  readonly scopes: readonly Scope[];
}

/** Throws RangeError unless the bytes are a sequence of resource blocks. */
export function checkRequest(plain: Uint8Array): void {
  for (const field of fieldsOf(plain)) checkBlock(field);
}

/**
 * At most `maxParts` requests with all records of the request in the same order: groups of resource blocks, or groups
 * of records if there is one block. Empty if there is at most one record. Throws RangeError for a malformed request.
 */
export function splitRequest(plain: Uint8Array, maxParts: number): LogsPart[] {
  const blocks: Block[] = [];
  for (const field of fieldsOf(plain)) {
    checkBlock(field);
    const block = readBlock(plain, field);
    if (recordsOf(block).length > 0) blocks.push(block);
  }
  if (blocks.length !== 1) return groups(blocks, maxParts).map(encodePart);
  const { head, scopes } = blocks[0]!;
  const rows = scopes.flatMap((scope) => scope.records.map((record) => ({ scope, record })));
  return rows.length < 2 ? [] : groups(rows, maxParts).map((group) => encodePart([{ head, scopes: scopesOf(group) }]));
}

/** Records that an ExportLogsServiceResponse reports as rejected; 0 for anything else, e.g. an HTML page. */
export function rejectedRecords(answer: Uint8Array): number {
  try {
    let rejected = 0;
    for (const field of fieldsOf(answer)) {
      if (field.number !== PARTIAL_SUCCESS || field.wireType !== WIRE_BYTES) continue;
      for (const { number, wireType, valueStart, end } of fieldsOf(answer, field.valueStart, field.end))
        if (number === REJECTED && wireType === WIRE_VARINT) rejected = readVarint(answer, valueStart, end).value;
    }
    // A negative number has ten bytes and is larger than any count.
    return Number.isSafeInteger(rejected) ? rejected : 0;
  } catch {
    return 0;
  }
}

function checkBlock({ number, wireType, start }: Field): void {
  if (number !== RESOURCE_LOGS || wireType !== WIRE_BYTES)
    throw new RangeError(`the request has the field ${number} of wire type ${wireType} at offset ${start}`);
}

function readBlock(bytes: Uint8Array, block: Field): Block {
  const head: Uint8Array[] = [];
  const scopes: Scope[] = [];
  for (const field of fieldsOf(bytes, block.valueStart, block.end)) {
    if (field.number === SCOPE_LOGS && field.wireType === WIRE_BYTES) scopes.push(readScope(bytes, field));
    else head.push(bytes.subarray(field.start, field.end));
  }
  return { head, scopes };
}

function readScope(bytes: Uint8Array, scope: Field): Scope {
  const head: Uint8Array[] = [];
  const records: Record[] = [];
  for (const field of fieldsOf(bytes, scope.valueStart, scope.end)) {
    const raw = bytes.subarray(field.start, field.end);
    if (field.number === LOG_RECORDS && field.wireType === WIRE_BYTES)
      records.push({ bytes: raw, timeMs: timeOf(bytes, field) });
    else head.push(raw);
  }
  return { head, records };
}

/** The time of a record, or the time at which it was observed if it has none. */
function timeOf(bytes: Uint8Array, record: Field): number | undefined {
  let time = 0n;
  let observed = 0n;
  for (const { number, wireType, valueStart } of fieldsOf(bytes, record.valueStart, record.end)) {
    if (wireType !== WIRE_FIXED64 || (number !== TIME && number !== OBSERVED_TIME)) continue;
    const value = new DataView(bytes.buffer, bytes.byteOffset + valueStart, 8).getBigUint64(0, true);
    if (number === TIME) time = value;
    else observed = value;
  }
  const nanoseconds = time || observed;
  return nanoseconds === 0n ? undefined : Number(nanoseconds / 1_000_000n);
}

function recordsOf(block: Block): Record[] {
  return block.scopes.flatMap(({ records }) => records);
}

/** Divides the items, in order, into at most `most` groups. The sizes of the groups differ by at most one. */
function groups<T>(all: readonly T[], most: number): T[][] {
  const count = Math.min(most, all.length);
  return Array.from({ length: count }, (_, i) =>
    all.slice(Math.floor((i * all.length) / count), Math.floor(((i + 1) * all.length) / count)),
  );
}

/** Scopes with only the given records. */
function scopesOf(rows: readonly { readonly scope: Scope; readonly record: Record }[]): Scope[] {
  const byScope = Map.groupBy(rows, ({ scope }) => scope);
  return [...byScope].map(([{ head }, chosen]) => ({ head, records: chosen.map(({ record }) => record) }));
}

function encodePart(blocks: readonly Block[]): LogsPart {
  const pieces = blocks.flatMap(({ head, scopes }) =>
    encodeBytesField(RESOURCE_LOGS, [...head, ...scopes.flatMap((scope) => encodeScope(scope))]),
  );
  const records = blocks.flatMap(recordsOf);
  const times = records.flatMap(({ timeMs }) => timeMs ?? []);
  const bound = (pick: (a: number, b: number) => number) => (times.length === 0 ? undefined : times.reduce(pick));
  return {
    body: Buffer.concat(pieces),
    count: records.length,
    oldestMs: bound((a, b) => Math.min(a, b)),
    newestMs: bound((a, b) => Math.max(a, b)),
  };
}

function encodeScope({ head, records }: Scope): Uint8Array[] {
  return encodeBytesField(SCOPE_LOGS, [...head, ...records.map(({ bytes }) => bytes)]);
}
