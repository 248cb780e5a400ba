// The field tables of the events and statistics on a tape.
import type {
  DnsEventRecord,
  EtwSessionRecord,
  ObservationData,
  ProcessEventRecord,
  RawEventsRecord,
  TcpEventTable,
  TcpStatisticsTable,
} from '../host.ts';
import {
  amount,
  type Codec,
  dictionary,
  FieldError,
  instant,
  list,
  oneOf,
  optional,
  record,
  safeInteger,
  text,
  u16,
  u32,
} from './codec.ts';
import { addresses, amounts, instants, MAX_ROWS, table, texts, u8s, u16s, u32s } from './columns.ts';

/** Longest raw events of one observation, in bytes. */
const MAX_RAW_BYTES = 16 * 1024 * 1024;

const address = addresses(16);

const tcpEvents = table<object, Omit<TcpEventTable, 'count'>>({}, () => ({
  type: u8s,
  atMs: instants,
  pid: u32s,
  tcb: amounts,
  compartmentId: u32s,
  localPort: u16s,
  remotePort: u16s,
  localAddress: address,
  remoteAddress: address,
  status: u32s,
  sentBytes: amounts,
  receivedBytes: amounts,
  retransmittedBytes: amounts,
  synRetransmits: u32s,
  rttUs: u32s,
  durationMs: amounts,
  name: texts,
}));

const tcpStatistics = table<object, Omit<TcpStatisticsTable, 'count'>>({}, () => ({
  pid: u32s,
  localPort: u16s,
  remotePort: u16s,
  localAddress: address,
  remoteAddress: address,
  sentBytes: amounts,
  receivedBytes: amounts,
  retransmittedPackets: amounts,
  retransmittedBytes: amounts,
  rttUs: u32s,
}));

const dnsEvent = record<DnsEventRecord>({
  type: oneOf('started', 'completed'),
  atMs: instant,
  pid: u32,
  name: text,
  queryType: u16,
  options: amount,
  status: optional(u32),
  results: optional(text),
  containerId: optional(text),
});

const processEvent = record<ProcessEventRecord>({
  type: oneOf('started', 'stopped'),
  atMs: instant,
  pid: u32,
  createdAtMs: instant,
  parentPid: optional(u32),
  sessionId: optional(u32),
  imageName: text,
  exitCode: optional(u32),
  cpuMs: optional(amount),
  cycles: optional(amount),
  reads: optional(amount),
  writes: optional(amount),
  readBytes: optional(amount),
  writtenBytes: optional(amount),
  hardFaults: optional(u32),
});

const etw = record<EtwSessionRecord>({
  state: oneOf('starting', 'running', 'retrying', 'off'),
  reason: text,
  providers: list(text),
  restarts: safeInteger,
  events: safeInteger,
  eventsLost: safeInteger,
  buffersLost: safeInteger,
  realTimeBuffersLost: safeInteger,
  dropped: dictionary(safeInteger),
});

const base64: Codec<Uint8Array> = {
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
};

type EventKind = 'tcpEvents' | 'dnsEvents' | 'processEvents' | 'etw' | 'tcpStatistics' | 'rawEvents';

export const EVENT_KINDS: { readonly [K in EventKind]: Codec<ObservationData[K]> } = {
  tcpEvents,
  dnsEvents: list(dnsEvent, MAX_ROWS),
  processEvents: list(processEvent, MAX_ROWS),
  etw,
  tcpStatistics,
  rawEvents: record<RawEventsRecord>({ count: u32, bytes: base64 }),
};
