// Events from ETW other than TCP, and the state of the event session.
import { dnsResults } from '../../redaction/network-rules.ts';
import { id } from '../../redaction/rules.ts';
import {
  amount,
  domainName,
  type Field,
  FieldError,
  instant,
  oneOf,
  programName,
  safeInteger,
  text,
  textBy,
  u16,
  u32,
} from './field.ts';
import { dictionary, list, optional, type RecordOf, record } from './record.ts';

/** Why the agent dropped an event. */
export type EventDropReason = 'ring full' | 'unknown version' | 'malformed' | 'too many';

const dnsFields = {
  /** `started` is event 3006, `completed` is 3008. */
  type: oneOf('started', 'completed'),
  /** Milliseconds since 1970, with fractions. */
  atMs: instant,
  /** Process that made the query. */
  pid: u32,
  /** As in the query: any letter case, possibly with a trailing dot. */
  name: domainName,
  /** DNS type number: 1 A, 28 AAAA, ... */
  queryType: u16,
  /**
   * QueryOptions, the low 53 of its 64 bits. The low 32 are the DNS_QUERY_* options of the program; the others are the
   * state of the query, e.g. bit 51, which Windows sets when the lookup completes.
   */
  options: amount,
  /** Win32 or DNS code of the result: 0, 9003, 1460, ... */
  status: optional(u32),
  /** Results in the resolver's format: addresses and `type: N value` parts, separated by `;`. */
  results: optional(textBy(dnsResults)),
  /** Windows container of the process, where Windows reports it. */
  containerId: optional(textBy(id)),
};

/** A DNS query to the Windows resolver, as seen inside the calling process. */
export interface DnsEventRecord extends RecordOf<typeof dnsFields> {}
export const dnsEvent: Field<DnsEventRecord> = record(dnsFields);

const processFields = {
  type: oneOf('started', 'stopped'),
  /** Milliseconds since 1970, with fractions. */
  atMs: instant,
  pid: u32,
  /** Milliseconds since 1970; with the pid it identifies the process. */
  createdAtMs: instant,
  /** Absent in a stop. */
  parentPid: optional(u32),
  sessionId: optional(u32),
  /**
   * Image file name without a path. In a stop it is in an 8-bit encoding and cut at 14 characters, so that programs
   * cannot be compared by it.
   */
  imageName: programName,
  exitCode: optional(u32),
  /** Processor time of the whole process, from its cycles; absent where Windows does not count them. */
  cpuMs: optional(amount),
  cycles: optional(amount),
  /**
   * I/O of the whole process: requests of every kind (files, network, pipes), not those of a disk. Counts have 32 bits;
   * bytes are multiples of 1024.
   */
  reads: optional(amount),
  writes: optional(amount),
  readBytes: optional(amount),
  writtenBytes: optional(amount),
  /** Page faults that waited for a disk. */
  hardFaults: optional(u32),
};

/** A process that started or stopped. */
export interface ProcessEventRecord extends RecordOf<typeof processFields> {}
export const processEvent: Field<ProcessEventRecord> = record(processFields);

const sessionFields = {
  /** `retrying`: the session could not be started, or another program stopped it; the agent will start it again. */
  state: oneOf('starting', 'running', 'retrying', 'off'),
  /** Why the session does not run; empty while it runs. */
  reason: text,
  /** Names of the enabled providers. */
  providers: list(text),
  restarts: safeInteger,
  events: safeInteger,
  /** Lost by Windows: events that found no buffer, and whole buffers. */
  eventsLost: safeInteger,
  buffersLost: safeInteger,
  realTimeBuffersLost: safeInteger,
  /** Dropped by the agent, by EventDropReason or with the id of the event: `unknown version: tcpip 1033 v7`. */
  dropped: dictionary(safeInteger),
};

/** State of the event session; pushed when it changes and before each tick. Counts start with the agent. */
export interface EtwSessionRecord extends RecordOf<typeof sessionFields> {}
export const etwSession: Field<EtwSessionRecord> = record(sessionFields);

/** Longest raw events of one observation, in bytes. */
const MAX_RAW_BYTES = 16 * 1024 * 1024;

/** Packed bytes as base64; redaction removes them, because they cannot be redacted field by field. */
const rawBytes: Field<Uint8Array> = {
  decode: (value, at) => {
    const bytes =
      typeof value === 'string' && value.length <= MAX_RAW_BYTES * 2 ? Buffer.from(value, 'base64') : undefined;
    if (!bytes || bytes.length > MAX_RAW_BYTES || bytes.toString('base64') !== value)
      throw new FieldError(at, `base64 of at most ${MAX_RAW_BYTES} bytes`);
    return new Uint8Array(bytes);
  },
  encode: (value, at) => {
    if (value.length > MAX_RAW_BYTES) throw new FieldError(at, `at most ${MAX_RAW_BYTES} bytes long`);
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  },
  redact: () => new Uint8Array(),
};

const rawFields = {
  /** Number of events; redaction sets it to 0. */
  count: { ...u32, redact: () => 0 },
  /** Provider GUID, id, version, pid, time and payload of each event, in the format of sources/etw/raw.ts. */
  bytes: rawBytes,
};

/** Undecoded events, recorded only on request, so that a later decoder can read them. */
export interface RawEventsRecord extends RecordOf<typeof rawFields> {}
export const rawEvents: Field<RawEventsRecord> = record(rawFields);
