// Turns a record into the form of the OpenTelemetry SDK, within bounds; every change is counted.
import type { LogRecord as SdkRecord, SeverityNumber, SpanContext } from '@opentelemetry/api';
import type { LogLevel, LogRecord, LogTime } from '../../logs/log-record.ts';
import { RecordContext } from './record-context.ts';
import type { RecordCounts } from './record-counts.ts';
import { cutToBytes, surelyFits } from './utf8.ts';

export const MAX_BODY_BYTES = 64 * 1024;
export const MAX_ATTRIBUTES = 128;
export const MAX_NAME_BYTES = 256;
export const MAX_VALUE_BYTES = 4096;

/** Severity numbers of OpenTelemetry; the severity text is the level itself. */
const SEVERITIES: Readonly<Record<LogLevel, SeverityNumber>> = {
  unknown: 0,
  debug: 5,
  info: 9,
  warning: 13,
  error: 17,
  critical: 21,
};

/** Receivers count nanoseconds in a signed 64-bit number, which ends in the year 2262. */
const END_SECONDS = 9_223_372_036;
const NONE: Readonly<Record<string, string>> = {};
const UNKNOWN_TIME: LogTime = [0, 0];

/** The SDK assigns attributes to a plain object, where this name has another meaning. */
const UNUSABLE_NAME = '__proto__';

export function toSdkRecord(record: LogRecord, counts: RecordCounts): SdkRecord {
  const { level, body } = record;
  const attributes = attributesOf(record.attributes, counts);
  const isOverLimit = attributes !== record.attributes && Object.keys(attributes).length > MAX_ATTRIBUTES;
  const observed = validTime(record.observed, UNKNOWN_TIME, counts);
  const sdkRecord: SdkRecord = {
    // The SDK adds small numbers to the start of the process; a pair is a time since 1970.
    timestamp: validTime(record.time, observed, counts) as [number, number],
    observedTimestamp: observed as [number, number],
    severityNumber: SEVERITIES[level],
    severityText: level,
    body: surelyFits(body, MAX_BODY_BYTES) ? body : cut(body, MAX_BODY_BYTES, 'body', counts),
    context: new RecordContext(isOverLimit ? NONE : attributes, spanContextOf(record, counts)),
  };
  // The SDK counts what it leaves out of too many.
  if (isOverLimit) sdkRecord.attributes = attributes;
  return sdkRecord;
}

function validTime(time: LogTime, otherwise: LogTime, counts: RecordCounts): LogTime {
  const seconds = time[0];
  const nanoseconds = time[1];
  if (Number.isInteger(seconds) && seconds >= 0 && seconds < END_SECONDS)
    if (Number.isInteger(nanoseconds) && nanoseconds >= 0 && nanoseconds < 1e9 && seconds + nanoseconds > 0)
      return time;
  counts.changed.time++;
  return otherwise;
}

function spanContextOf({ traceId, spanId }: LogRecord, counts: RecordCounts): SpanContext | undefined {
  if (traceId === undefined && spanId === undefined) return undefined;
  const hasTrace = traceId !== undefined && isId(traceId, 32);
  const hasSpan = spanId !== undefined && isId(spanId, 16);
  if (traceId !== undefined && !hasTrace) counts.changed.trace_id++;
  if (spanId !== undefined && !hasSpan) counts.changed.span_id++;
  if (!hasTrace && !hasSpan) return undefined;
  return { traceId: hasTrace ? traceId : '', spanId: hasSpan ? spanId : '', traceFlags: 0 };
}

function isId(text: string, digits: number): boolean {
  return text.length === digits && /^[0-9a-f]+$/i.test(text) && !/^0+$/.test(text);
}

function attributesOf(attributes: LogRecord['attributes'], counts: RecordCounts): Record<string, string> {
  let count = 0;
  for (const name in attributes)
    if (++count > MAX_ATTRIBUTES || !isUsable(name) || !surelyFits(attributes[name]!, MAX_VALUE_BYTES))
      return boundedAttributes(attributes, counts);
  return attributes;
}

function isUsable(name: string): boolean {
  return name !== '' && name !== UNUSABLE_NAME && surelyFits(name, MAX_NAME_BYTES);
}

function boundedAttributes(attributes: LogRecord['attributes'], counts: RecordCounts): Record<string, string> {
  const bounded: Record<string, string> = {};
  let kept = 0;
  for (const [name, value] of Object.entries(attributes)) {
    const shortName = isUsable(name) ? name : cut(name, MAX_NAME_BYTES, 'attribute_name', counts);
    if (shortName === '' || shortName === UNUSABLE_NAME || Object.hasOwn(bounded, shortName)) {
      counts.changed.attribute++;
      continue;
    }
    // The SDK leaves out what is above the limit, and writes how many those are.
    const isKept = kept++ < MAX_ATTRIBUTES;
    if (!isKept) counts.changed.attribute++;
    bounded[shortName] = isKept ? cut(value, MAX_VALUE_BYTES, 'attribute_value', counts) : '';
  }
  return bounded;
}

function cut(
  text: string,
  maxBytes: number,
  what: 'body' | 'attribute_name' | 'attribute_value',
  counts: RecordCounts,
) {
  const result = cutToBytes(text, maxBytes);
  if (result !== text) counts.changed[what]++;
  return result;
}
