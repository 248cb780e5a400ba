// A log record of a container, and the contract of what receives records.

/** From the most severe to the least; `unknown` is the level of messages that have none. */
export const LOG_LEVELS = ['critical', 'error', 'warning', 'info', 'debug', 'unknown'] as const;

/** Level of a record, in the words of the metric `container_log_messages_total`. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Time since 1970: whole seconds and nanoseconds below one second. A number of milliseconds has not the resolution. */
export type LogTime = readonly [seconds: number, nanoseconds: number];

export interface LogRecord {
  /** When the record was written, as its source says. */
  readonly time: LogTime;
  /** When the agent read the record. */
  readonly observed: LogTime;
  readonly level: LogLevel;
  /** The message, which may have several lines. */
  readonly body: string;
  /** In the order in which they are sent, e.g. `pattern.hash` first. */
  readonly attributes: Readonly<Record<string, string>>;
  /** 32 and 16 hexadecimal digits; undefined where the record has none. */
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
}

/** Receives the records of all containers. */
export interface LogSink {
  /**
   * Adds a record of a container, or of the node, whose id is empty. Returns false if the record was dropped, and
   * counted, because the sink is full or stopped. A source that can wait calls `ready` then, and before it reads on.
   */
  emit(containerId: string, record: LogRecord): boolean;
  /** Whether the next record would be dropped. */
  readonly full: boolean;
  /** Resolves when the sink can take records, or has stopped. */
  ready(): Promise<void>;
  /**
   * Resolves when every record that was emitted before the call is stored, or was dropped and counted. Stored records
   * survive a kill of the agent unless the disk fails. A record waits up to five seconds for others; the call does not
   * hasten that. Never rejects. A source saves its position in its input after that.
   */
  stored(): Promise<void>;
  /** Releases what is kept for a container that is gone. */
  remove(containerId: string): void;
}
