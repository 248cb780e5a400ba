// Counters of connections that stay open, by the stack's extended statistics: two calls a connection and round.
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
import type { LongLivedConnection } from './long-lived-connections.ts';
import type { Poll, Schedule } from './poll.ts';

/** Connections that are asked for in one round: some twenty milliseconds of the windows worker. */
export const MAX_ASKED = 2000;
const US_PER_MS = 1000;
/** Longer round trips are none: the stack marks what it has not measured by a number of all ones. */
const LONGEST_RTT_MS = 600_000;

/** Calls for one connection, as bytes of its row; each returns a Win32 error. */
export interface StatisticsCalls {
  get(family: 4 | 6, row: Buffer, type: number, switchedOn: Buffer, counters: Buffer): number;
  set(family: 4 | 6, row: Buffer, type: number, switchedOn: Buffer): number;
}

const windows: StatisticsCalls = {
  get: (family, row, type, switchedOn, counters) => {
    const call = family === 4 ? GetPerTcpConnectionEStats : GetPerTcp6ConnectionEStats;
    return call(row, type, switchedOn, 0, TCP_ESTATS_RW_BYTES, null, 0, 0, counters, 0, counters.length);
  },
  set: (family, row, type, switchedOn) =>
    (family === 4 ? SetPerTcpConnectionEStats : SetPerTcp6ConnectionEStats)(
      row,
      type,
      switchedOn,
      0,
      TCP_ESTATS_RW_BYTES,
      0,
    ),
};

export class TcpStatisticsReader {
  readonly #calls: StatisticsCalls;
  readonly #data = Buffer.alloc(TCP_ESTATS_DATA_ROD_v0.size);
  readonly #path = Buffer.alloc(TCP_ESTATS_PATH_ROD_v0.size);
  readonly #switch = Buffer.alloc(TCP_ESTATS_RW_BYTES);

  constructor(calls: StatisticsCalls = windows) {
    this.#calls = calls;
  }

  /**
   * Turns the counters of new connections on, and reads those of the others. Connections that count already come first, so that each that was
   * begun is followed to its end. Throws Win32Error when the system refuses: it does so for every connection alike.
   */
  read(connections: readonly LongLivedConnection[]): { table: TcpStatisticsTable; degraded: Unavailability[] } {
    const asked = [
      ...connections.filter(({ counting }) => counting),
      ...connections.filter(({ counting }) => !counting),
    ].slice(0, MAX_ASKED);
    const rows: Row[] = [];
    for (const connection of asked) {
      const row = rowOf(connection);
      if (connection.counting) {
        const found = this.#read(connection, row);
        if (found) rows.push(found);
      }
      // Not yet, or the same ends are another connection by now, whose counters are off.
      if (!connection.counting) connection.counting = this.#turnOn(connection, row);
    }
    const degraded = connections.length > MAX_ASKED ? [tooMany] : [];
    return { table: tableOf(rows), degraded };
  }

  /** Undefined when the connection is gone or does not count. */
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
    const code = this.#calls.get(connection.family, row, type, this.#switch, counters);
    if (isGone(code)) return false;
    checkError('GetPerTcpConnectionEStats', code);
    if (this.#switch[0] === 0) connection.counting = false;
    return connection.counting;
  }

  /** False when the connection is gone. */
  #turnOn({ family }: LongLivedConnection, row: Buffer): boolean {
    for (const type of [TcpConnectionEstatsData, TcpConnectionEstatsPath]) {
      this.#switch[0] = 1;
      const code = this.#calls.set(family, row, type, this.#switch);
      if (isGone(code)) return false;
      checkError('SetPerTcpConnectionEStats', code);
    }
    return true;
  }
}

const tooMany: Unavailability = {
  part: 'statistics of some connections that stay open',
  reason: `only ${MAX_ASKED} are asked for in a round`,
  lost: PART_GRANTS.moreStatistics.lost,
};

/** Between the table and the question it may have ended; both codes have been seen for that. */
function isGone(code: number): boolean {
  return code === ERROR_NOT_FOUND || code === ERROR_INVALID_PARAMETER;
}

/** MIB_TCPROW or MIB_TCP6ROW. A link-local address would need its zone, which the tables' columns do not have: it is not found. */
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

export function createTcpStatisticsPoll(): Poll<'tcpStatistics', 'tcp'> {
  const reader = new TcpStatisticsReader();
  return {
    kind: 'tcpStatistics',
    schedule: SCHEDULE,
    needs: ['tcp'],
    grant: KIND_GRANTS.tcpStatistics,
    read: ({ tcp: connections }) => {
      if (connections.length === 0) return undefined;
      const { table, degraded } = reader.read(connections);
      return { data: table, degraded };
    },
  };
}
