// Writes log records as one ExportLogsServiceRequest with a block for each resource.
// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto
import type { HrTime } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { Payload } from '../payload.ts';
import { ProtobufWriter, putVarint, varintSize } from './protobuf-writer.ts';
import type { RecordContext } from './record-context.ts';

/** `ExportLogsServiceRequest.resource_logs` */
const RESOURCE_LOGS = 0x0a;
/** `ResourceLogs.resource` and `ResourceLogs.scope_logs` */
const RESOURCE = 0x0a;
const SCOPE_LOGS = 0x12;
/** `Resource.attributes` */
const RESOURCE_ATTRIBUTE = 0x0a;
/** `ScopeLogs.scope` and `ScopeLogs.log_records` */
const SCOPE = 0x0a;
const LOG_RECORD = 0x12;
/** `InstrumentationScope.name` and `InstrumentationScope.version` */
const SCOPE_NAME = 0x0a;
const SCOPE_VERSION = 0x12;
/** Fields of `LogRecord` */
const TIME = 0x09;
const SEVERITY_NUMBER = 0x10;
const SEVERITY_TEXT = 0x1a;
const BODY = 0x2a;
const ATTRIBUTE = 0x32;
const DROPPED_ATTRIBUTES = 0x38;
const TRACE_ID = 0x4a;
const SPAN_ID = 0x52;
const OBSERVED_TIME = 0x59;
/** `KeyValue.key` and `KeyValue.value` */
const KEY = 0x0a;
const VALUE = 0x12;
/** `AnyValue.string_value` */
const STRING_VALUE = 0x0a;

/** Tag and length of a short text, the fewest bytes around one. */
const TEXT_HEADER = 2;
/** Two times with their tags, which every record has. */
const TIMES = 18;

/** Records of one resource. A provider has one logger, so that a resource has one scope. */
interface Block {
  readonly first: ReadableLogRecord;
  /** Start and end of each run of records in the buffer. */
  readonly runs: number[];
  bytes: number;
}

/** A request, its records, and their times. */
export interface WrittenRequest extends Pick<Payload, 'count' | 'oldestMs' | 'newestMs'> {
  readonly plain: Uint8Array;
}

/** `add` for each record, `finish` for the request, and again. Records are encoded at once and not kept. */
export class RequestWriter {
  readonly #writer = new ProtobufWriter();
  readonly #blocks = new Map<ReadableLogRecord['resource'], Block>();
  #count = 0;
  #oldestMs = Number.POSITIVE_INFINITY;
  #newestMs = 0;

  /** Records since the last request. */
  get count(): number {
    return this.#count;
  }

  /** Their encoded bytes, without resources. */
  get bytes(): number {
    return this.#writer.length;
  }

  /** Adds a record with what its context carries. Throws, and adds nothing, if a text is no text. */
  add(record: ReadableLogRecord, context: RecordContext | undefined): void {
    const start = this.#writer.length;
    try {
      this.#record(record, context);
    } catch (error) {
      this.#writer.truncate(start);
      throw error;
    }
    this.#addTo(this.#blockOf(record), start);
    this.#count++;
    this.#addTime(record.hrTime);
  }

  finish(): WrittenRequest {
    const parts = [...this.#blocks.values()].map((block) => this.#encodeHead(block));
    const plain = Buffer.allocUnsafeSlow(parts.reduce((sum, { length }) => sum + headerSize(length) + length, 0));
    const source = this.#writer.bytes;
    let at = 0;
    for (const { block, head, scopeAt, length, scopeLength } of parts) {
      at = putHeader(plain, at, RESOURCE_LOGS, length);
      at += source.copy(plain, at, head.start, scopeAt);
      at = putHeader(plain, at, SCOPE_LOGS, scopeLength);
      at += source.copy(plain, at, scopeAt, head.end);
      for (let i = 0; i < block.runs.length; i += 2) at += source.copy(plain, at, block.runs[i], block.runs[i + 1]);
    }
    const times = { oldestMs: Math.min(this.#oldestMs, this.#newestMs), newestMs: this.#newestMs };
    const request = { plain, count: this.#count, ...times };
    this.#writer.truncate();
    this.#blocks.clear();
    this.#count = 0;
    this.#oldestMs = Number.POSITIVE_INFINITY;
    this.#newestMs = 0;
    return request;
  }

  #record(record: ReadableLogRecord, context: RecordContext | undefined): void {
    const writer = this.#writer;
    const { hrTime, hrTimeObserved, severityNumber = 0, severityText = '', droppedAttributesCount } = record;
    const body = record.body as string;
    const least = TIMES + body.length;
    const start = writer.begin(LOG_RECORD, least);
    writer.nanoseconds(TIME, hrTime[0], hrTime[1]);
    if (severityNumber !== 0) writer.varint(SEVERITY_NUMBER, severityNumber);
    if (severityText !== '') writer.text(SEVERITY_TEXT, severityText);
    this.#anyValue(BODY, body);
    this.#attributes(ATTRIBUTE, record.attributes);
    if (context) this.#attributes(ATTRIBUTE, context.attributes);
    if (droppedAttributesCount > 0) writer.varint(DROPPED_ATTRIBUTES, droppedAttributesCount);
    const ids = context?.spanContext;
    if (ids && ids.traceId !== '') writer.hex(TRACE_ID, ids.traceId);
    if (ids && ids.spanId !== '') writer.hex(SPAN_ID, ids.spanId);
    writer.nanoseconds(OBSERVED_TIME, hrTimeObserved[0], hrTimeObserved[1]);
    writer.end(start, least);
  }

  #attributes(tag: number, attributes: Readonly<Record<string, unknown>>): void {
    for (const name in attributes) {
      const value = attributes[name] as string;
      const least = name.length + value.length + 3 * TEXT_HEADER;
      const start = this.#writer.begin(tag, least);
      this.#writer.text(KEY, name);
      this.#anyValue(VALUE, value);
      this.#writer.end(start, least);
    }
  }

  #anyValue(tag: number, value: string): void {
    const least = value.length + TEXT_HEADER;
    const start = this.#writer.begin(tag, least);
    this.#writer.text(STRING_VALUE, value);
    this.#writer.end(start, least);
  }

  #blockOf(record: ReadableLogRecord): Block {
    let block = this.#blocks.get(record.resource);
    if (!block) {
      block = { first: record, runs: [], bytes: 0 };
      this.#blocks.set(record.resource, block);
    }
    return block;
  }

  /** Adds the bytes from `start` to the block; records that follow each other are one run. */
  #addTo(block: Block, start: number): void {
    const end = this.#writer.length;
    const { runs } = block;
    if (runs.at(-1) === start) runs[runs.length - 1] = end;
    else runs.push(start, end);
    block.bytes += end - start;
  }

  /** Encodes resource and scope behind the records. */
  #encodeHead(block: Block) {
    const writer = this.#writer;
    const { resource, instrumentationScope } = block.first;
    const start = writer.length;
    const resourceStart = writer.begin(RESOURCE, 0);
    this.#attributes(RESOURCE_ATTRIBUTE, resource.attributes);
    writer.end(resourceStart, 0);
    const scopeAt = writer.length;
    const scopeStart = writer.begin(SCOPE, 0);
    writer.text(SCOPE_NAME, instrumentationScope.name);
    writer.text(SCOPE_VERSION, instrumentationScope.version ?? '');
    writer.end(scopeStart, 0);
    const end = writer.length;
    const scopeLength = end - scopeAt + block.bytes;
    const length = scopeAt - start + headerSize(scopeLength) + scopeLength;
    return { block, head: { start, end }, scopeAt, scopeLength, length };
  }

  /** Records without a time do not count, unless no record has one. */
  #addTime([seconds, nanoseconds]: HrTime): void {
    const ms = seconds * 1000 + Math.floor(nanoseconds / 1e6);
    if (ms === 0) return;
    if (ms < this.#oldestMs) this.#oldestMs = ms;
    if (ms > this.#newestMs) this.#newestMs = ms;
  }
}

function headerSize(length: number): number {
  return 1 + varintSize(length);
}

function putHeader(bytes: Uint8Array, at: number, tag: number, length: number): number {
  bytes[at] = tag;
  return putVarint(bytes, at + 1, length);
}
