// The messages of one stream of log lines: grouped, with level and, if they are JSON, with attributes.
import { parseJsonMessage } from './json-message.ts';
import { guessLevel, guessLevelExtended } from './level-guess.ts';
import { type GroupingLosses, LineGrouper } from './line-grouper.ts';
import type { LogLevel } from './log-record.ts';
import type { PatternRules } from './pattern-words.ts';

/** What a source knows of a line or record besides its text, e.g. the time. That of the first line is the message's. */
export interface EntryOrigin {
  /** Level of the record itself, e.g. of an event; undefined or `unknown` if there is none. */
  readonly level?: LogLevel | undefined;
}

export interface LogMessage<T extends EntryOrigin> {
  readonly level: LogLevel;
  /** The text without white space at its ends, or the message of a JSON object. May be empty. At most 64 KiB. */
  readonly body: string;
  /** The text whose words are the pattern: the body, except for JSON without a message under the extended rules. */
  readonly patternSource: string;
  /** Of a JSON object; undefined for other messages. */
  readonly attributes: ReadonlyMap<string, string> | undefined;
  /** What was passed with the first line. */
  readonly origin: T;
  /** When the message was complete, in the time of `push`. */
  readonly completeMonoMs: number;
}

export interface LogStreamOptions<T extends EntryOrigin> {
  /** `coroot`: levels and groups as in Coroot; `extended`: also behind colour codes and with carriage returns. */
  readonly rules: PatternRules;
  /** Whether message, level and attributes of JSON objects are read. */
  readonly json: boolean;
  /** Whether a line that is a JSON object is always a message of its own, even after a line with a time of day. */
  readonly jsonLines: boolean;
  /** Whether the level of the entry itself comes before the level that is guessed from the text or read from JSON. */
  readonly entryLevelFirst: boolean;
  /** Whether each entry is a message, e.g. for event records, which have all their lines; else lines are grouped. */
  readonly wholeEntries: boolean;
  /** Start of the ticks at which idle messages are completed, in the time of `push`. */
  readonly createdMonoMs: number;
  readonly onMessage: (message: LogMessage<T>) => void;
}

/** What was lost of the messages of a stream, by reason; the numbers only grow. */
export interface StreamLosses extends GroupingLosses {
  /** Attributes of JSON objects beyond the limit of one message. */
  droppedAttributes: number;
  /** Attributes of JSON objects that were cut to 4,096 bytes. */
  cutValues: number;
}

/**
 * Call `push` for each line or record in their order, and `tick` at least once a second, so that the last message does
 * not wait for the next line. `end` completes the last message when the source ends. All times are milliseconds of one
 * monotonic clock. Texts are already decoded; no text makes it throw.
 */
export class LogStream<T extends EntryOrigin> {
  readonly #options: LogStreamOptions<T>;
  readonly #grouper: LineGrouper<T>;
  readonly #guess: (text: string) => LogLevel;
  #droppedAttributes = 0;
  #cutValues = 0;

  constructor(options: LogStreamOptions<T>) {
    this.#options = options;
    const extended = options.rules === 'extended';
    this.#guess = extended ? guessLevelExtended : guessLevel;
    this.#grouper = new LineGrouper(
      { jsonLines: options.jsonLines, carriageReturns: extended },
      options.createdMonoMs,
      (text, firstLine, origin, completeMonoMs) => this.#emit(text, firstLine, origin, completeMonoMs),
    );
  }

  get losses(): StreamLosses {
    return { ...this.#grouper.losses, droppedAttributes: this.#droppedAttributes, cutValues: this.#cutValues };
  }

  /** What was passed with the first line of the message that is not complete yet; undefined while there is none. */
  get open(): T | undefined {
    return this.#grouper.open;
  }

  /** Adds one line, with or without its line feed, or one whole record. */
  push(text: string, monoMs: number, origin: T): void {
    this.#grouper.push(text, origin, monoMs);
    if (this.#options.wholeEntries) this.#grouper.end(monoMs);
  }

  tick(nowMonoMs: number): void {
    this.#grouper.tick(nowMonoMs);
  }

  end(nowMonoMs: number): void {
    this.#grouper.end(nowMonoMs);
  }

  #emit(text: string, firstLine: string, origin: T, completeMonoMs: number): void {
    const { onMessage } = this.#options;
    const own = origin.level === 'unknown' ? undefined : origin.level;
    const level = this.#level(firstLine, own);
    const json = this.#options.json ? parseJsonMessage(text) : undefined;
    if (!json) {
      onMessage({ level, body: text, patternSource: text, attributes: undefined, origin, completeMonoMs });
      return;
    }
    this.#droppedAttributes += json.droppedAttributes;
    this.#cutValues += json.cutValues;
    const body = json.message ?? text;
    const named = json.message === undefined && this.#options.rules === 'extended';
    onMessage({
      level: own && this.#options.entryLevelFirst ? own : (json.level ?? level),
      body,
      patternSource: named ? [...json.attributes.keys()].join(' ') : body,
      attributes: json.attributes,
      origin,
      completeMonoMs,
    });
  }

  #level(firstLine: string, own: LogLevel | undefined): LogLevel {
    if (own && this.#options.entryLevelFirst) return own;
    const guessed = this.#guess(firstLine);
    return guessed === 'unknown' ? (own ?? 'unknown') : guessed;
  }
}
