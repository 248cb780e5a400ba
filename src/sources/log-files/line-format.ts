// What reads the lines of one followed file: as Docker's json-file driver writes them, or as text.
import type { EntryOrigin, LogMessage } from '../../logs/log-stream.ts';

/** A line of which file starts where. `file` increases with each file of a rotation. */
export interface LinePlace {
  readonly file: number;
  readonly offset: number;
}

export interface LineOrigin extends EntryOrigin {
  readonly place: LinePlace;
  /** When it was written: milliseconds since 1970 and nanoseconds below the millisecond. */
  readonly atMs: number;
  readonly nanoseconds: number;
  /** Attributes by the semantic conventions of OpenTelemetry. */
  readonly attributes: Readonly<Record<string, string>>;
}

export type FileLogMessage = LogMessage<LineOrigin>;

/** Times: `monoMs` of the monotonic clock, `wallMs` since 1970, when the line was read. */
export interface LineFormat {
  /** Begins a file, whose first bytes are passed, also if it is read from a later position. */
  begin(start: Uint8Array): void;
  line(bytes: Uint8Array, place: LinePlace, monoMs: number, wallMs: number): void;
  /** Completes what waited long enough for a continuation. */
  tick(monoMs: number): void;
  /** Completes everything, because no line follows. */
  end(monoMs: number): void;
  /** Start of the first line that was read and not passed on; undefined if all were. */
  readonly open: LinePlace | undefined;
  /** What `restore` needs to continue within the file; undefined for nothing. */
  readonly state: string | undefined;
  restore(state: string): void;
  /** Without a state: bytes from the start of the file, then those before the first line that is read. */
  prime(bytes: Uint8Array): void;
  /** Lines that were not passed on, or in part, by reason; the numbers only grow. */
  dropped(): Readonly<Record<string, number>>;
}
