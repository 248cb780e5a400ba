// Counters of long-lived connections from the extended statistics of the TCP stack: two calls for each one in a round.
import { checkError } from '../../native/check.ts';
import {
  GetPerTcp6ConnectionEStats,
  GetPerTcpConnectionEStats,
  MIB_TCP_STATE_ESTAB,
  MIB_TCP6ROW,
  MIB_TCPROW,
  SetPerTcp6ConnectionEStats,
  SetPerTcpConnectionEStats,
  TCP_ESTATS_DATA_ROD_v0,
  TCP_ESTATS_PATH_ROD_v0,
  TCP_ESTATS_RW_BYTES,
  TcpConnectionEstatsData,
  TcpConnectionEstatsPath,
} from '../../native/iphlpapi-statistics.ts';
import { ERROR_INVALID_PARAMETER, ERROR_NOT_FOUND } from '../../native/win32-error.ts';
import { KIND_GRANTS, PART_GRANTS } from '../grants.ts';
import type { TcpStatisticsTable, Unavailability } from '../host.ts';
import type { ThreadCompartment } from './compartment.ts';
import type { LongLivedConnection } from './long-lived-connections.ts';
import type { Poll, Schedule } from './poll.ts';

/** Limit of connections that are read in one round: some twenty milliseconds of the windows worker. */
export const MAX_READS = 2000;
const US_PER_MS = 1000;
/** A longer round trip is invalid: the stack sets all bits when it has not measured one. */
const LONGEST_RTT_MS = 600_000;

/** Calls for one connection, which is given as its row; each returns a Win32 error. */
export interface StatisticsCalls {
  get(family: 4 | 6, row: Buffer, type: number, enabled: Buffer, counters: Buffer): number;
  set(family: 4 | 6, row: Buffer, type: number, enabled: Buffer): number;
}

const systemCalls: StatisticsCalls = {
  get: (family, row, type, enabled, counters) => {
    const call = family === 4 ? GetPerTcpConnectionEStats : GetPerTcp6ConnectionEStats;
    return call(row, type, enabled, 0, TCP_ESTATS_RW_BYTES, null, 0, 0, counters, 0, counters.length);
  },
  set: (family, row, type, enabled) =>
    (family === 4 ? SetPerTcpConnectionEStats : SetPerTcp6ConnectionEStats)(
      row,
      type,
      enabled,
      0,
      TCP_ESTATS_RW_BYTES,
      0,
    ),
};

export class TcpStatisticsReader {
  readonly #calls: StatisticsCalls;
  readonly #data = Buffer.alloc(TCP_ESTATS_DATA_ROD_v0.size);
  readonly #path = Buffer.alloc(TCP_ESTATS_PATH_ROD_v0.size);
  readonly #enabled = Buffer.alloc(TCP_ESTATS_RW_BYTES);

  constructor(calls: StatisticsCalls = systemCalls) {
    this.#calls = calls;
  }

  /**
   * Enables the counters of new connections and reads those of the others. Enabled connections come first, so that each
   * is read until it ends. Throws Win32Error when the system refuses, which it does for all connections alike.
   */
  read(connections: readonly LongLivedConnection[]): { table: TcpStatisticsTable; degraded: Unavailability[] } {
    const selected = [
      ...connections.filter(({ estatsEnabled }) => estatsEnabled),
      ...connections.filter(({ estatsEnabled }) => !estatsEnabled),
    ].slice(0, MAX_READS);
    const rows: Row[] = [];
    for (const connection of selected) {
      const row = rowOf(connection);
      if (connection.estatsEnabled) {
        const found = this.#read(connection, row);
        if (found) rows.push(found);
      }
      // Also when the read found that another connection has the same 4-tuple by now: its counters are off.
      if (!connection.estatsEnabled) connection.estatsEnabled = this.#enable(connection, row);
    }
    const degraded = connections.length > MAX_READS ? [tooMany] : [];
    return { table: tableOf(rows), degraded };
  }

  /** Undefined when the connection is gone or its counters are off. */
  #read(connection: LongLivedConnection, row: Buffer): Row | undefined {
    const data = this.#get(connection, row, TcpConnectionEstatsData, this.#data);
    if (!data || !this.#get(connection, row, TcpConnectionEstatsPath, this.#path)) return undefined;
    const { at } = TCP_ESTATS_PATH_ROD_v0;
    const rttMs = this.#path.readUInt32LE(at.SmoothedRtt);
    return {
      connection,
      sentBytes: Number(this.#data.readBigUInt64LE(TCP_ESTATS_DATA_ROD_v0.at.DataBytesOut)),
      receivedBytes: Number(this.#data.readBigUInt64LE(TCP_ESTATS_DATA_ROD_v0.at.DataBytesIn)),
      retransmittedPackets: this.#path.readUInt32LE(at.PktsRetrans),
      retransmittedBytes: this.#path.readUInt32LE(at.BytesRetrans),
      rttUs: rttMs <= LONGEST_RTT_MS ? rttMs * US_PER_MS : 0,
    };
  }

  #get(connection: LongLivedConnection, row: Buffer, type: number, counters: Buffer): boolean {
    const code = this.#calls.get(connection.family, row, type, this.#enabled, counters);
    if (isGone(code)) return false;
    checkError('GetPerTcpConnectionEStats', code);
    if (this.#enabled[0] === 0) connection.estatsEnabled = false;
    return connection.estatsEnabled;
  }

  /** False when the connection is gone. */
  #enable({ family }: LongLivedConnection, row: Buffer): boolean {
    for (const type of [TcpConnectionEstatsData, TcpConnectionEstatsPath]) {
      this.#enabled[0] = 1;
      const code = this.#calls.set(family, row, type, this.#enabled);
      if (isGone(code)) return false;
      checkError('SetPerTcpConnectionEStats', code);
    }
    return true;
  }
}

const tooMany: Unavailability = {
  part: 'statistics of some long-lived connections',
  reason: `only ${MAX_READS} are read in a round`,
  consequence: PART_GRANTS.moreStatistics.consequence,
};

/** The connection may end between the table and this call; both codes were observed then. */
function isGone(code: number): boolean {
  return code === ERROR_NOT_FOUND || code === ERROR_INVALID_PARAMETER;
}

/**
 * MIB_TCPROW or MIB_TCP6ROW. A link-local address is not found, because it needs a zone, for which there is no column.
 */
function rowOf({ family, localPort, remotePort, localAddress, remoteAddress }: LongLivedConnection): Buffer {
  const row = Buffer.alloc(family === 4 ? MIB_TCPROW.size : MIB_TCP6ROW.size);
  row.writeUInt32LE(MIB_TCP_STATE_ESTAB, 0);
  const at =
    family === 4
      ? { local: MIB_TCPROW.at.dwLocalAddr, remote: MIB_TCPROW.at.dwRemoteAddr, ...ports(MIB_TCPROW.at) }
      : { local: MIB_TCP6ROW.at.LocalAddr, remote: MIB_TCP6ROW.at.RemoteAddr, ...ports(MIB_TCP6ROW.at) };
  row.set(localAddress, at.local);
  row.set(remoteAddress, at.remote);
  row.writeUInt16BE(localPort, at.localPort);
  row.writeUInt16BE(remotePort, at.remotePort);
  return row;
}

function ports({ dwLocalPort, dwRemotePort }: { readonly dwLocalPort: number; readonly dwRemotePort: number }) {
  return { localPort: dwLocalPort, remotePort: dwRemotePort };
}

interface Row {
  readonly connection: LongLivedConnection;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly retransmittedPackets: number;
  readonly retransmittedBytes: number;
  readonly rttUs: number;
}

function tableOf(rows: readonly Row[]): TcpStatisticsTable {
  const table = {
    count: rows.length,
    pid: Uint32Array.from(rows, ({ connection }) => connection.pid),
    localPort: Uint16Array.from(rows, ({ connection }) => connection.localPort),
    remotePort: Uint16Array.from(rows, ({ connection }) => connection.remotePort),
    localAddress: new Uint8Array(rows.length * 16),
    remoteAddress: new Uint8Array(rows.length * 16),
    sentBytes: Float64Array.from(rows, (row) => row.sentBytes),
    receivedBytes: Float64Array.from(rows, (row) => row.receivedBytes),
    retransmittedPackets: Float64Array.from(rows, (row) => row.retransmittedPackets),
    retransmittedBytes: Float64Array.from(rows, (row) => row.retransmittedBytes),
    rttUs: Uint32Array.from(rows, (row) => row.rttUs),
  };
  rows.forEach(({ connection }, index) => {
    table.localAddress.set(mapped(connection.localAddress), index * 16);
    table.remoteAddress.set(mapped(connection.remoteAddress), index * 16);
  });
  return table;
}

/** IPv4 as IPv6: ::ffff:a.b.c.d. */
function mapped(address: Uint8Array): Uint8Array {
  return address.length === 16 ? address : Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...address);
}

/** A refusal stays until an administrator grants the right, so the next try is long after it. */
const SCHEDULE: Schedule = { complete: 1, degraded: 1, failed: 40 };

export function createTcpStatisticsPoll(compartment: ThreadCompartment): Poll<'tcpStatistics', 'tcp'> {
  const reader = new TcpStatisticsReader();
  return {
    kind: 'tcpStatistics',
    schedule: SCHEDULE,
    needs: ['tcp'],
    grant: KIND_GRANTS.tcpStatistics,
    read: ({ tcp: connections }) => {
      if (connections.length === 0) return undefined;
      compartment.returnHome();
      const { table, degraded } = reader.read(connections);
      return { data: table, degraded };
    },
  };
}
