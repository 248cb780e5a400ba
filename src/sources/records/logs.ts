// Records of logs: events of the Event Log, messages of log files, and how far each of them was read.
import { formed, id, patternHash } from '../../redaction/rules.ts';
import {
  code,
  type Field,
  hostname,
  instant,
  integer,
  oneOf,
  path,
  programName,
  safeInteger,
  serviceName,
  text,
  textBy,
  u32,
} from './field.ts';
import { dictionary, list, optional, type RecordOf, record } from './record.ts';

/** Most records in one observation. */
export const MAX_LOG_RECORDS = 1000;

const level = oneOf('unknown', 'critical', 'error', 'warning', 'info', 'debug');
/** Nanoseconds below the millisecond of `atMs`. */
const nanoseconds = integer(0, 999_999);
const recordId = textBy(formed(/^-?[0-9]{1,20}$/));

const subjectFields = {
  /** Key name of the service, in any letter case. */
  service: optional(serviceName),
  /** Display name of the service in the language of the system, or its key name. */
  displayName: optional(text),
  /** Process that the event is about, which may have exited. */
  pid: optional(u32),
  /** Its creation time in milliseconds since 1970: with the pid it identifies the process. */
  createdAtMs: optional(instant),
  /** File name of its program, without a path. */
  program: optional(programName),
  /** Connects Windows Error Reporting 1001 with Application Error 1000. */
  reportId: optional(textBy(id)),
  /** Application pool of IIS. */
  pool: optional(text),
};

/** What an event says about the service or process that it is about. */
export interface EventSubject extends RecordOf<typeof subjectFields> {}

const eventFields = {
  channel: text,
  provider: text,
  eventId: u32,
  /** EventRecordID as a decimal number: 64 bits. */
  recordId,
  level,
  /** When the event was created, in whole milliseconds since 1970. */
  atMs: instant,
  nanoseconds,
  /** Machine of a forwarded event; absent for events of this machine. */
  computer: optional(hostname),
  /** Process that wrote the event; absent where the record does not have it or has 0. */
  pid: optional(u32),
  /** Text of the event, never empty. */
  message: text,
  /** Absent where the record names neither a service nor a process. */
  subject: optional(record(subjectFields) as Field<EventSubject>),
};

/** One event: https://learn.microsoft.com/windows/win32/wes/eventschema-systempropertiestype-complextype */
export interface EventRecord extends RecordOf<typeof eventFields> {}
export const eventRecord: Field<EventRecord> = record(eventFields);

const channelFields = {
  channel: text,
  /** Records that were read since the start of the agent. */
  read: safeInteger,
  /** Records between the last one that was read and the newest one of the channel. */
  lag: safeInteger,
  /** Records that were overwritten or cleared before they were read. */
  skipped: safeInteger,
  /** Records that were read and not reported, by reason. */
  dropped: dictionary(safeInteger),
  /** Subscriptions that were opened again. */
  resubscribed: safeInteger,
  /** Stored positions that could not be used: reading began at the newest record then. */
  invalidPositions: safeInteger,
  /** Why the channel is not read at the moment, or why earlier records were not read. */
  problem: optional(text),
  /** Win32 error of the problem, if Windows returned one. */
  code: optional(code),
};

/** State of the subscription of one channel. */
export interface EventChannel extends RecordOf<typeof channelFields> {}
export const eventChannel: Field<EventChannel> = record(channelFields);

const countedFields = {
  level,
  /** Pattern hash, 32 hexadecimal digits; empty for levels without patterns: unknown, debug and info. */
  hash: textBy(patternHash),
  /** First message of the pattern; only in the first observation that has the pattern. */
  sample: optional(text),
  count: safeInteger,
  /** Milliseconds since 1970 of the first and the last of these messages. */
  firstAtMs: instant,
  lastAtMs: instant,
};

const messageFields = {
  /** When the message was written, in whole milliseconds since 1970. */
  atMs: instant,
  nanoseconds,
  level,
  body: text,
  /** The pattern hash is among them, as `pattern.hash`. */
  attributes: dictionary(text),
  traceId: optional(textBy(id)),
  spanId: optional(textBy(id)),
};

/** One message of a log file. */
export interface FileMessage extends RecordOf<typeof messageFields> {}

/** Owner of a log file; neither for the log of the node. */
const ownerFields = {
  /** Key name of a service. */
  service: optional(serviceName),
  /** Id of a Docker container, 64 hexadecimal digits. */
  docker: optional(textBy(id)),
};

const fileMessagesFields = {
  ...ownerFields,
  /** Value of the label `source`: `stdout/stderr`, or the pattern of file names from the settings. */
  source: text,
  /** Messages since the last observation, by level and pattern. */
  counted: list(record(countedFields), MAX_LOG_RECORDS),
  /** The messages themselves, as far as the rate limit of the stream allows. */
  records: list(record(messageFields) as Field<FileMessage>, MAX_LOG_RECORDS),
  /** Messages since the last observation that are counted but not among `records`, by reason. */
  dropped: dictionary(safeInteger),
};

/** Messages of the files of one owner and source. */
export interface FileMessages extends RecordOf<typeof fileMessagesFields> {}
export const fileMessages: Field<FileMessages> = record(fileMessagesFields);

const fileFields = {
  ...ownerFields,
  source: text,
  path,
  state: oneOf('waiting', 'reading', 'failed'),
  /** Bytes of the file that were read. */
  readBytes: safeInteger,
  /** Bytes that were not read yet. */
  lagBytes: safeInteger,
  /** Bytes that were removed by rotation or truncation before they were read, as far as that is known. */
  lostBytes: safeInteger,
  /** Lines that were read and not reported, or reported in part, by reason. */
  dropped: dictionary(safeInteger),
  /** Why the file is not read at the moment. */
  problem: optional(text),
};

/** State of one log file. */
export interface LogFile extends RecordOf<typeof fileFields> {}
export const logFile: Field<LogFile> = record(fileFields);
