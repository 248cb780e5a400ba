// A log message that is kept for display.
import type { LogLevel } from '../../logs/log-record.ts';

/** Which event of the Event Log a message is. */
export interface MessageEvent {
  readonly channel: string;
  readonly provider: string;
  readonly eventId: number;
  /** EventRecordID as a decimal number: 64 bits. */
  readonly recordId: string;
}

/** A log message that is kept for display. */
export interface RecentMessage {
  /** Grows with each message, from 1; messages are numbered in the order in which the model received them. */
  readonly seq: number;
  /** Empty for messages of the node. */
  readonly containerId: string;
  /** Name of the service or Docker container; empty for the node. */
  readonly containerName: string;
  /** `EventLog`, `stdout/stderr`, or the pattern of file names from the settings. */
  readonly source: string;
  readonly level: LogLevel;
  readonly body: string;
  /** 32 hexadecimal digits; empty for levels without patterns: unknown, debug and info. */
  readonly hash: string;
  /** When the message was written, in whole milliseconds since 1970, and nanoseconds below the millisecond. */
  readonly atMs: number;
  readonly nanoseconds: number;
  /** Of a JSON message; without the pattern hash. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Undefined for messages of files. */
  readonly event: MessageEvent | undefined;
  /** 32 and 16 hexadecimal digits; undefined where the message has none. */
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
}

/** A message without its number and its owner. */
export type UnownedMessage = Omit<RecentMessage, 'seq' | 'containerId' | 'containerName'>;

/** Memory of a message besides its texts, roughly. */
const MESSAGE_BYTES = 300;
/** Memory of an attribute besides its texts, roughly. */
const ATTRIBUTE_BYTES = 32;

/** Estimated bytes of a message in memory. */
export function sizeOfMessage({ body, attributes }: RecentMessage): number {
  let size = MESSAGE_BYTES + sizeOfText(body);
  for (const name in attributes) size += ATTRIBUTE_BYTES + sizeOfText(name) + sizeOfText(attributes[name]!);
  return size;
}

/** V8 stores a text with one byte for each character if all are below U+0100, else with two. */
function sizeOfText(text: string): number {
  return /[^\0-\xff]/.test(text) ? text.length * 2 : text.length;
}
