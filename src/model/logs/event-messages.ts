// Messages of events: parsed and counted for each owner, as the logs worker does it for files.
import type { LogRecord, LogTime } from '../../logs/log-record.ts';
import { type LogMessage, LogStream, type StreamLosses } from '../../logs/log-stream.ts';
import { logRecordOf } from '../../logs/message-record.ts';
import type { ParserSettings } from '../../logs/parser-settings.ts';
import { PatternMemory } from '../../logs/pattern-memory.ts';
import { type PatternLosses, PatternStore } from '../../logs/pattern-store.ts';
import { RecordLimiter } from '../../logs/record-limiter.ts';
import type { EventRecord } from '../../sources/host.ts';
import type { Now } from '../clock.ts';
import type { LogOwner } from './log-owner.ts';
import type { UnownedMessage } from './recent-message.ts';

/** Value of the label `source`, as in Coroot's agent. */
export const EVENT_SOURCE = 'EventLog';

/** Patterns of the events of all owners, in estimated bytes: docs/adr/0025-log-collection.md. */
const PATTERN_BYTES = 8 * 1024 * 1024;

type EventMessageVisitor = (owner: LogOwner, message: UnownedMessage, record: LogRecord) => void;

/** What was lost of the messages of all owners, and messages without a pattern of their own. */
export interface EventLosses extends StreamLosses, PatternLosses {}

interface Origin {
  readonly level: EventRecord['level'];
  readonly event: EventRecord;
  readonly owner: LogOwner;
  readonly observed: LogTime;
}

interface OwnerStream {
  readonly stream: LogStream<Origin>;
  readonly patterns: PatternStore;
}

export interface EventMessageReceiver {
  /** A message with its record, after it was counted. */
  pass: EventMessageVisitor;
  /** A message was counted, and the rate limit withholds its record. */
  withhold(): void;
}

export class EventMessages {
  readonly #options: ParserSettings;
  readonly #receiver: EventMessageReceiver;
  readonly #memory: PatternMemory;
  readonly #streams = new Map<string, OwnerStream>();
  /** Of streams that were removed. */
  readonly #lost: EventLosses = {
    cutLines: 0,
    ignoredLines: 0,
    droppedAttributes: 0,
    cutValues: 0,
    patternLimit: 0,
    memoryLimit: 0,
  };

  constructor(options: ParserSettings, receiver: EventMessageReceiver) {
    const { rules, patternsPerLevel, maxSampleBytes } = options;
    this.#options = options;
    this.#receiver = receiver;
    this.#memory = new PatternMemory({ rules, patternsPerLevel, maxSampleBytes, bytes: PATTERN_BYTES });
  }

  /** Counts the message of an event that was read at `observed`. */
  count(owner: LogOwner, event: EventRecord, observed: LogTime, { monoMs }: Now): void {
    let found = this.#streams.get(owner.id);
    if (!found) {
      found = this.#open(monoMs);
      this.#streams.set(owner.id, found);
    }
    const { stream, patterns } = found;
    stream.push(event.message, monoMs, { level: event.level, event, owner, observed });
    patterns.collect((counted) => owner.counts.add(EVENT_SOURCE, counted, monoMs));
  }

  /** The numbers only grow. */
  get losses(): EventLosses {
    const sum = { ...this.#lost };
    for (const stream of this.#streams.values()) addLosses(sum, stream);
    return sum;
  }

  /** Releases the patterns of containers that do not exist any more. */
  retain(exists: (id: string) => boolean): void {
    for (const [id, stream] of this.#streams) {
      if (exists(id)) continue;
      addLosses(this.#lost, stream);
      stream.patterns.remove();
      this.#streams.delete(id);
    }
  }

  #open(createdMonoMs: number): OwnerStream {
    const { rules, json, recordsPerSecond } = this.#options;
    const limiter = new RecordLimiter(recordsPerSecond);
    const patterns = new PatternStore(this.#memory);
    const stream = new LogStream<Origin>({
      rules,
      json,
      jsonLines: true,
      // The level of an event is that of its program; a guess from words of its text is not.
      entryLevelFirst: true,
      wholeEntries: true,
      createdMonoMs,
      onMessage: (message) => this.#add(message, patterns, limiter),
    });
    return { stream, patterns };
  }

  #add(message: LogMessage<Origin>, patterns: PatternStore, limiter: RecordLimiter): void {
    const { event, owner, observed } = message.origin;
    const { channel, provider, eventId, recordId, atMs, nanoseconds } = event;
    const hash = patterns.count(message, atMs);
    if (!limiter.admit(message.completeMonoMs)) {
      this.#receiver.withhold();
      return;
    }
    const record = logRecordOf(message, hash, timeOf(atMs, nanoseconds), observed);
    const { 'pattern.hash': _, ...attributes } = record.attributes;
    const { level, body, traceId, spanId } = record;
    this.#receiver.pass(
      owner,
      {
        source: EVENT_SOURCE,
        level,
        body,
        hash,
        atMs,
        nanoseconds,
        attributes,
        event: { channel, provider, eventId, recordId },
        traceId,
        spanId,
      },
      { ...record, attributes: { ...record.attributes, ...eventAttributes(event) } },
    );
  }
}

function addLosses(sum: EventLosses, { stream, patterns }: OwnerStream): void {
  const losses: EventLosses = { ...stream.losses, ...patterns.losses };
  for (const reason of Object.keys(losses) as (keyof EventLosses)[]) sum[reason] += losses[reason];
}

/**
 * The names of OpenTelemetry: https://opentelemetry.io/docs/specs/otel/logs/data-model-appendix/#windows-event-log says
 * `winlog.*`, which are the fields of the Elastic Common Schema.
 */
function eventAttributes({ channel, provider, eventId, recordId, computer }: EventRecord): Record<string, string> {
  return {
    'winlog.channel': channel,
    'winlog.event_id': String(eventId),
    'winlog.provider_name': provider,
    'winlog.record_id': recordId,
    ...(computer === undefined ? {} : { 'winlog.computer_name': computer }),
  };
}

/** A time in whole milliseconds since 1970, and nanoseconds below the millisecond. */
export function timeOf(atMs: number, nanoseconds: number): LogTime {
  return [Math.floor(atMs / 1000), (atMs % 1000) * 1_000_000 + nanoseconds];
}
