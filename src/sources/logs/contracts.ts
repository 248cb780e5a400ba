// Contracts of log collection: what the logs worker reads from, and what it exchanges with the main thread.
import type { ParserSettings } from '../../logs/parser-settings.ts';
import type { EventChannel, EventRecord, FileMessages, LogFile } from '../host.ts';

/** Position of each stream by its key, e.g. `event-log/System`: a text that only its reader understands. */
export type LogPositions = Readonly<Record<string, string>>;

/** What one turn of the worker has read. It becomes observations of the same names. */
export interface LogBatch {
  readonly eventRecords: EventRecord[];
  readonly fileMessages: FileMessages[];
  /**
   * Positions behind what this batch holds. They are stored when the receiver has stored the batch. An empty text
   * removes the position of a stream that is gone.
   */
  readonly positions: Record<string, string>;
}

/** Reads one kind of log on the logs worker. The worker calls its methods one after the other. */
export interface LogReader {
  /** Events of Windows that are set when there is something to read; none for a reader that must look by itself. */
  signals(): readonly SignalHandle[];
  /**
   * Adds what is there to the batch, until there is no more, the batch is full or the monotonic clock has reached
   * `untilMs`. Starts and repairs by itself what failed, at `nowMs` at the earliest. Returns whether there is more.
   */
  read(batch: LogBatch, nowMs: number, untilMs: number): boolean;
  /** State of each stream, for the observations `eventChannels` and `logFiles`. */
  state(): ReaderState;
  close(): void;
}

export interface ReaderState {
  readonly eventChannels?: readonly EventChannel[];
  readonly logFiles?: readonly LogFile[];
}

/** A Win32 handle, as koffi passes it. */
export type SignalHandle = bigint;

/** Files to follow as one stream of lines. */
export interface FileTarget {
  /** Owner of the log; neither for the log of the node. */
  readonly owner: { readonly service?: string; readonly docker?: string };
  /** Value of the label `source`. */
  readonly source: string;
  /** `docker`: lines of Docker's json-file driver. `text`: plain lines, or a W3C log, recognised by its directives. */
  readonly format: 'docker' | 'text';
  /** Full path, for the format `text` also a pattern with `*` and `?` in any part. */
  readonly pattern: string;
  /** Read a file that is there at the first start from its beginning instead of from its end. */
  readonly fromStart: boolean;
}

/** A channel of the Event Log and which of its events are read. */
export interface ChannelChoice {
  readonly channel: string;
  /** XPath 1.0 subset of the Event Log; `*` for all events. */
  readonly xpath: string;
}

/** Passed to the worker when it starts. */
export interface LogsWorkerStart {
  readonly channels: readonly ChannelChoice[];
  /** Locale identifier of the messages of events. */
  readonly eventLocale: number;
  readonly files: readonly FileTarget[];
  /**
   * Encoding of text files without a byte order mark that are not UTF-8: a label of `TextDecoder`, or `system` for the
   * ANSI code page of the system.
   */
  readonly filesEncoding: string;
  readonly parser: ParserSettings;
  /** Positions of the last run; empty at the first start. */
  readonly positions: LogPositions;
  /** Memory of an `Activity`: the call that the worker is in. */
  readonly activity: SharedArrayBuffer;
  /** Memory of an `Acknowledgement`: the last batch that the main thread has processed. */
  readonly acknowledged: SharedArrayBuffer;
}

/** What the worker sends. */
export type FromLogsWorker =
  /** `seq` counts from 1 and acknowledges the batch. */
  | { readonly type: 'batch'; readonly seq: number; readonly batch: LogBatch }
  /** When it has changed, at most once a second; at least every five seconds, as a sign of life. */
  | { readonly type: 'state'; readonly state: ReaderState; readonly problem: string | undefined };

/** What the worker receives, besides `ToWorker`: all files that are to be followed from now on. */
export interface FilesRequest {
  readonly type: 'files';
  readonly files: readonly FileTarget[];
}

/** How the main thread handles what the worker has read. */
export interface LogReceiver {
  /** Resolves when records can be taken: the worker reads on then. */
  ready(): Promise<void>;
  /** Resolves when all records so far are stored, so that the positions behind them may be stored. */
  stored(): Promise<void>;
}
