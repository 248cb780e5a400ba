// Counts of log records: accepted ones, dropped ones by reason, and changed ones by what was changed.

/**
 * Why a record was dropped.
 * - `queue_full`: records arrive faster than they are compressed and stored.
 * - `malformed`: the SDK refuses the record.
 * - `encode_failed`: the record cannot be serialised, or its batch cannot be compressed.
 * - `not_stored`: the queue of payloads failed.
 * - `stopped`: it came after the stop.
 */
export type LogDropReason = 'queue_full' | 'malformed' | 'encode_failed' | 'not_stored' | 'stopped';

/**
 * What was changed to keep a record within its bounds.
 * - `body`, `attribute_name`, `attribute_value`: cut, or lone surrogates replaced.
 * - `attribute`: left out.
 * - `time`: out of range, replaced by the time of observation.
 * - `trace_id`, `span_id`: left out because it is malformed.
 */
export type LogChange = 'body' | 'attribute_name' | 'attribute_value' | 'attribute' | 'time' | 'trace_id' | 'span_id';

export class RecordCounts {
  accepted = 0;
  readonly dropped: Record<LogDropReason, number> = {
    queue_full: 0,
    malformed: 0,
    encode_failed: 0,
    not_stored: 0,
    stopped: 0,
  };
  readonly changed: Record<LogChange, number> = {
    body: 0,
    attribute_name: 0,
    attribute_value: 0,
    attribute: 0,
    time: 0,
    trace_id: 0,
    span_id: 0,
  };
}
