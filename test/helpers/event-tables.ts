// Builders of the column tables of events and statistics for tests; imports only types of the product.
import type { TcpEventTable, TcpStatisticsTable } from '../../src/sources/host.ts';
import { endpoint } from './observations.ts';

/** One TCP event; missing fields are 0. Endpoints as `1.2.3.4:80` or `[fd00::1]:80`. */
export interface TcpEventRow {
  readonly type?: number;
  readonly atMs?: number;
  readonly pid?: number;
  readonly tcb?: number;
  readonly compartmentId?: number;
  readonly local?: string;
  readonly remote?: string;
  readonly status?: number;
  readonly sentBytes?: number;
  readonly receivedBytes?: number;
  readonly retransmittedBytes?: number;
  readonly synRetransmits?: number;
  readonly rttUs?: number;
  readonly durationMs?: number;
  readonly name?: string;
}

/** The column form of a list of TCP events. */
export function tcpEvents(rows: readonly TcpEventRow[]): TcpEventTable {
  const column = (name: Exclude<keyof TcpEventRow, 'local' | 'remote' | 'name'>): number[] =>
    rows.map((row) => row[name] ?? 0);
  return {
    count: rows.length,
    type: Uint8Array.from(column('type')),
    atMs: Float64Array.from(column('atMs')),
    pid: Uint32Array.from(column('pid')),
    tcb: Float64Array.from(column('tcb')),
    compartmentId: Uint32Array.from(column('compartmentId')),
    ...endpointColumns(rows),
    status: Uint32Array.from(column('status')),
    sentBytes: Float64Array.from(column('sentBytes')),
    receivedBytes: Float64Array.from(column('receivedBytes')),
    retransmittedBytes: Float64Array.from(column('retransmittedBytes')),
    synRetransmits: Uint32Array.from(column('synRetransmits')),
    rttUs: Uint32Array.from(column('rttUs')),
    durationMs: Float64Array.from(column('durationMs')),
    name: rows.map((row) => row.name ?? ''),
  };
}

/** The statistics of one connection; missing fields are 0. */
export interface TcpStatisticsRow {
  readonly pid: number;
  readonly local: string;
  readonly remote: string;
  readonly sentBytes?: number;
  readonly receivedBytes?: number;
  readonly retransmittedPackets?: number;
  readonly retransmittedBytes?: number;
  readonly rttUs?: number;
}

/** The column form of a list of connection statistics. */
export function tcpStatistics(rows: readonly TcpStatisticsRow[]): TcpStatisticsTable {
  const column = (name: Exclude<keyof TcpStatisticsRow, 'local' | 'remote'>): number[] =>
    rows.map((row) => row[name] ?? 0);
  return {
    count: rows.length,
    pid: Uint32Array.from(column('pid')),
    ...endpointColumns(rows),
    sentBytes: Float64Array.from(column('sentBytes')),
    receivedBytes: Float64Array.from(column('receivedBytes')),
    retransmittedPackets: Float64Array.from(column('retransmittedPackets')),
    retransmittedBytes: Float64Array.from(column('retransmittedBytes')),
    rttUs: Uint32Array.from(column('rttUs')),
  };
}

function endpointColumns(rows: readonly { readonly local?: string; readonly remote?: string }[]) {
  const local = rows.map((row) => mapped(row.local));
  const remote = rows.map((row) => mapped(row.remote));
  return {
    localPort: Uint16Array.from(local, ({ port }) => port),
    remotePort: Uint16Array.from(remote, ({ port }) => port),
    localAddress: Uint8Array.from(local.flatMap(({ address }) => address)),
    remoteAddress: Uint8Array.from(remote.flatMap(({ address }) => address)),
  };
}

function mapped(text: string | undefined): { address: number[]; port: number } {
  if (text === undefined) return { address: new Array<number>(16).fill(0), port: 0 };
  if (text.startsWith('[')) return endpoint(6, text);
  const { address, port } = endpoint(4, text);
  return { address: [...new Array<number>(10).fill(0), 0xff, 0xff, ...address], port };
}
