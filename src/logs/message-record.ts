// Records of messages for OTLP, with the trace context of their JSON.
import { lowerCase } from './json-message.ts';
import type { LogRecord, LogTime } from './log-record.ts';
import type { EntryOrigin, LogMessage } from './log-stream.ts';

const NAMES = {
  trace: /^(?:@tr|(?:.*\.)?trace[_.-]?id)$/s,
  span: /^(?:@sp|(?:.*\.)?span[_.-]?id)$/s,
} as const;
const TRACE_DIGITS = 32;
const SPAN_DIGITS = 16;

/**
 * The record of a message for OTLP. `hash` is what `PatternStore.count` returned. As in Coroot, the first valid trace
 * id and span id leave the attributes, and ids of a parent are no ids of the record.
 */
export function logRecordOf<T extends EntryOrigin>(
  message: LogMessage<T>,
  hash: string,
  time: LogTime,
  observed: LogTime,
): LogRecord {
  const attributes: Record<string, string> = Object.create(null);
  attributes['pattern.hash'] = hash;
  let traceId: string | undefined;
  let spanId: string | undefined;
  for (const [name, value] of message.attributes ?? []) {
    const key = lowerCase(name);
    const isParent = key.includes('parent');
    if (traceId === undefined && !isParent && NAMES.trace.test(key) && isId(value, TRACE_DIGITS))
      traceId = value.toLowerCase();
    else if (spanId === undefined && !isParent && NAMES.span.test(key) && isId(value, SPAN_DIGITS))
      spanId = value.toLowerCase();
    else attributes[name] = value;
  }
  return { time, observed, level: message.level, body: message.body, attributes, traceId, spanId };
}

/** Hexadecimal digits of which at least one is not zero: https://www.w3.org/TR/trace-context/#trace-id */
function isId(value: string, digits: number): boolean {
  return value.length === digits && /^[0-9a-f]+$/i.test(value) && !/^0+$/.test(value);
}
