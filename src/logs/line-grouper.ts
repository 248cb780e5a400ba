// Joins the lines of one stream into messages, e.g. an exception with its stack trace.
import { utf8CutIndex, utf8Length } from '../base/utf8.ts';
import { hasTimeOfDay } from './time-of-day.ts';
import { trimSpace } from './white-space.ts';

/** Bytes of one message, including the line breaks between its lines. */
export const MAX_MESSAGE_BYTES = 65_536;
/** Interval of the checks whether a message is complete, counted from the creation of the grouper. */
const TICK_MS = 1000;
/** A message is complete if no line was added for longer than this. */
const IDLE_MS = 1000;

const LETTER_D = 0x44;
const LETTER_T = 0x54;
/** Lines between the tracebacks of chained exceptions of Python. */
const announcements: ReadonlySet<string> = new Set([
  'The above exception was the direct cause of the following exception:',
  'During handling of the above exception, another exception occurred:',
]);

export interface GroupingRules {
  /** A line from `{"` to `}` is a message of its own. */
  readonly jsonLines: boolean;
  /** A carriage return at the end of a line is a part of the line break. */
  readonly carriageReturns: boolean;
}

/** What was not kept of lines; the numbers only grow. */
export interface GroupingLosses {
  /** Lines that crossed the limit of a message, of which the part within it was kept. */
  cutLines: number;
  /** Lines of which nothing was kept because their message had reached the limit. */
  ignoredLines: number;
}

/** Receives a complete message: its text, its first line, what was passed with that, and when it was complete. */
export type GroupVisitor<T> = (text: string, firstLine: string, first: T, completeMonoMs: number) => void;

/**
 * A line starts a message unless a rule says that it continues the open one. Rules and limits are those of Coroot, so
 * that its patterns are found again. Times are those of a monotonic clock, which is passed in.
 */
export class LineGrouper<T> {
  readonly losses: GroupingLosses = { cutLines: 0, ignoredLines: 0 };
  readonly #rules: GroupingRules;
  readonly #visit: GroupVisitor<T>;
  readonly #createdMonoMs: number;
  /** The open message; undefined while there is none. */
  #text: string | undefined;
  #firstLine = '';
  #first: T | undefined;
  /** Bytes of the open message, or three for each code unit, which is never less, while that is within the limit. */
  #bytes = 0;
  #bytesExact = true;
  #full = false;
  #appendedMonoMs = 0;
  /** Whether the first line of the open message contains a time of day. */
  #timed = false;
  /** A traceback of Python was opened; its last line starts no message. */
  #inTraceback = false;
  /** A line that announces a second traceback was read. */
  #announced = false;

  constructor(rules: GroupingRules, createdMonoMs: number, visit: GroupVisitor<T>) {
    this.#rules = rules;
    this.#createdMonoMs = createdMonoMs;
    this.#visit = visit;
  }

  /** What was passed with the first line of the open message; undefined while there is none. */
  get open(): T | undefined {
    return this.#text === undefined ? undefined : this.#first;
  }

  /**
   * Adds a line or a whole record; one line feed at its end is ignored. `first` is kept if it starts a message.
   * Completes the open message if its idle time ended before `monoMs`.
   */
  push(text: string, first: T, monoMs: number): void {
    this.tick(monoMs);
    const line = this.#withoutLineBreak(text);
    if (line === '') {
      if (this.#text !== undefined) this.#append(line, monoMs);
      return;
    }
    // A message that is not timed needs the test for its first line only.
    let timed = this.#timed && hasTimeOfDay(line);
    if (this.#startsMessage(line, timed)) {
      this.#complete(monoMs);
      this.#announced = false;
    }
    if (this.#text !== undefined) {
      this.#append(line, monoMs);
      return;
    }
    timed ||= hasTimeOfDay(line);
    this.#open(line, first, timed, monoMs);
  }

  /** Completes the open message if it has been idle long enough at a tick before or at `nowMonoMs`. */
  tick(nowMonoMs: number): void {
    if (this.#text === undefined || nowMonoMs - this.#appendedMonoMs <= IDLE_MS) return;
    const idleFrom = this.#appendedMonoMs - this.#createdMonoMs + IDLE_MS;
    const tickMonoMs = this.#createdMonoMs + (Math.floor(idleFrom / TICK_MS) + 1) * TICK_MS;
    if (tickMonoMs > nowMonoMs) return;
    this.#complete(tickMonoMs);
    this.#announced = false;
    this.#inTraceback = false;
  }

  /** Completes the open message at once, because the stream ends. */
  end(nowMonoMs: number): void {
    this.tick(nowMonoMs);
    this.#complete(nowMonoMs);
    this.#announced = false;
    this.#inTraceback = false;
  }

  #withoutLineBreak(text: string): string {
    let end = text.length;
    if (text.charCodeAt(end - 1) === 0x0a) end--;
    if (this.#rules.carriageReturns && text.charCodeAt(end - 1) === 0x0d) end--;
    return end === text.length ? text : text.slice(0, end);
  }

  #startsMessage(line: string, timed: boolean): boolean {
    const first = line.charCodeAt(0);
    if (first === 0x09 || line === '}' || (first === 0x20 && line.charCodeAt(1) === 0x20)) return false;
    if (this.#rules.jsonLines && first === 0x7b && isJsonLine(line)) return true;
    if (this.#timed) return timed;
    if (line.startsWith('Caused by: ') || line.startsWith('for call at')) return false;
    if (line.startsWith('Traceback ')) {
      this.#inTraceback = true;
      const announced = this.#announced;
      this.#announced = false;
      return !announced;
    }
    if ((first === LETTER_T || first === LETTER_D) && announcements.has(line)) {
      this.#announced = true;
      return false;
    }
    if (this.#inTraceback) {
      this.#inTraceback = false;
      return false;
    }
    return true;
  }

  #open(line: string, first: T, timed: boolean, monoMs: number): void {
    this.#firstLine = line;
    this.#first = first;
    this.#timed = timed;
    this.#appendedMonoMs = monoMs;
    this.#full = false;
    this.#bytesExact = line.length * 3 > MAX_MESSAGE_BYTES;
    const end = utf8CutIndex(line, MAX_MESSAGE_BYTES);
    if (end < line.length) {
      this.losses.cutLines++;
      this.#full = true;
    }
    this.#text = end < line.length ? line.slice(0, end) : line;
    this.#bytes = this.#bytesExact ? utf8Length(this.#text) : line.length * 3;
  }

  #append(line: string, monoMs: number): void {
    if (this.#full) {
      this.losses.ignoredLines++;
      return;
    }
    if (!this.#bytesExact && this.#bytes + 1 + line.length * 3 > MAX_MESSAGE_BYTES) {
      this.#bytes = utf8Length(this.#text!);
      this.#bytesExact = true;
    }
    const left = MAX_MESSAGE_BYTES - this.#bytes - 1;
    const end = left < 0 ? 0 : utf8CutIndex(line, left);
    if (left < 0 || (end === 0 && line !== '')) {
      // Not one character fits; a later line may have a smaller one.
      this.losses.ignoredLines++;
      return;
    }
    if (end < line.length) {
      this.losses.cutLines++;
      this.#full = true;
    }
    const kept = end < line.length ? line.slice(0, end) : line;
    this.#text += `\n${kept}`;
    this.#bytes += 1 + (this.#bytesExact ? utf8Length(kept) : line.length * 3);
    this.#appendedMonoMs = monoMs;
  }

  #complete(monoMs: number): void {
    if (this.#text === undefined) return;
    const text = trimSpace(this.#text);
    const firstLine = this.#firstLine;
    const first = this.#first as T;
    this.#text = undefined;
    this.#firstLine = '';
    this.#first = undefined;
    this.#timed = false;
    this.#visit(text, firstLine, first, monoMs);
  }
}

function isJsonLine(line: string): boolean {
  return line.startsWith('{"') && (line.endsWith('}') || line.endsWith('}\r'));
}
