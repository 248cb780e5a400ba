// TCP events and per-connection statistics, one array a column.
import { addresses, amounts, instants, table, textsOf, u8s, u16s, u32s } from './columns.ts';
import { domainName, type Field } from './field.ts';
import type { RecordOf } from './record.ts';

const eventColumns = {
  /** TCP_EVENT of base/event-types.ts. */
  type: u8s,
  /** Milliseconds since 1970, with fractions. */
  atMs: instants,
  /** Process that owns the connection, by payload or header; 0 when the event does not report it. */
  pid: u32s,
  /** Low 48 bits of the address of the connection's control block, unique while it is open; 0 when unknown. */
  tcb: amounts,
  compartmentId: u32s,
  localPort: u16s,
  remotePort: u16s,
  /** 16 bytes a row in network order, IPv4 as IPv4-mapped IPv6 (::ffff:a.b.c.d); all zeros when unknown. */
  localAddress: addresses(16),
  remoteAddress: addresses(16),
  /** NTSTATUS of a connect, an accept or a close. */
  status: u32s,
  /** Summaries: payload bytes of the whole connection. */
  sentBytes: amounts,
  receivedBytes: amounts,
  /** Summaries: retransmitted bytes. */
  retransmittedBytes: amounts,
  /** Summaries: retransmitted SYNs. */
  synRetransmits: u32s,
  /** Summaries: smoothed round-trip time in microseconds, 0 when never measured. */
  rttUs: u32s,
  /** Summaries: duration of the connection. */
  durationMs: amounts,
  /** Host names that programs connected to (TCP_EVENT.named); empty for other rows. */
  name: textsOf(domainName),
};

/**
 * TCP events in the order of their time stamps. Fields that an event type does not have are 0.
 * The live agent reuses the columns: they are valid only while they are pushed.
 */
export interface TcpEventTable extends RecordOf<typeof eventColumns> {
  /** Number of rows: the length of each column. */
  readonly count: number;
}
export const tcpEvents: Field<TcpEventTable> = table(eventColumns);

const statisticsColumns = {
  pid: u32s,
  localPort: u16s,
  remotePort: u16s,
  /** As in TcpEventTable. */
  localAddress: addresses(16),
  remoteAddress: addresses(16),
  sentBytes: amounts,
  receivedBytes: amounts,
  retransmittedPackets: amounts,
  retransmittedBytes: amounts,
  /** Smoothed round-trip time in microseconds, 0 when never measured. */
  rttUs: u32s,
};

/**
 * Counters of long-lived established connections, from the extended statistics of the TCP stack (ESTATS).
 * Counts start when the agent enables collection for the connection.
 */
export interface TcpStatisticsTable extends RecordOf<typeof statisticsColumns> {
  /** Number of rows: the length of each column. */
  readonly count: number;
}
export const tcpStatistics: Field<TcpStatisticsTable> = table(statisticsColumns);
