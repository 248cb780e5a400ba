// Rows of a TCP table: where their fields are, and their parsing into columns.
import type { ForeignBuffer } from '../../native/buffer.ts';
import type { Layout } from '../../native/ffi.ts';
import {
  MIB_TCP6ROW_OWNER_MODULE,
  MIB_TCP6ROW_OWNER_PID,
  MIB_TCPROW_OWNER_MODULE,
  MIB_TCPROW_OWNER_PID,
  MIB_TCPTABLE_FIRST_ROW,
  MIB_TCPTABLE_OWNER_MODULE_FIRST_ROW,
} from '../../native/iphlpapi.ts';
import type { TcpTable } from '../host.ts';

/** Positions of the fields in the rows of one table; offsets and sizes in bytes. */
export interface RowShape {
  readonly family: 4 | 6;
  readonly firstRow: number;
  readonly size: number;
  readonly state: number;
  readonly pid: number;
  readonly localAddress: number;
  readonly localPort: number;
  readonly remoteAddress: number;
  readonly remotePort: number;
  readonly addressBytes: 4 | 16;
}

function ipv4({ size, at }: Layout<keyof typeof MIB_TCPROW_OWNER_PID.at>, firstRow: number): RowShape {
  const { dwState: state, dwOwningPid: pid, dwLocalAddr: localAddress, dwLocalPort: localPort } = at;
  const { dwRemoteAddr: remoteAddress, dwRemotePort: remotePort } = at;
  return { family: 4, firstRow, size, state, pid, localAddress, localPort, remoteAddress, remotePort, addressBytes: 4 };
}

function ipv6({ size, at }: Layout<keyof typeof MIB_TCP6ROW_OWNER_PID.at>, firstRow: number): RowShape {
  const { dwState: state, dwOwningPid: pid, ucLocalAddr: localAddress, dwLocalPort: localPort } = at;
  const { ucRemoteAddr: remoteAddress, dwRemotePort: remotePort } = at;
  return {
    family: 6,
    firstRow,
    size,
    state,
    pid,
    localAddress,
    localPort,
    remoteAddress,
    remotePort,
    addressBytes: 16,
  };
}

/** Rows with the owning process. */
export const pidRows = {
  4: ipv4(MIB_TCPROW_OWNER_PID, MIB_TCPTABLE_FIRST_ROW),
  6: ipv6(MIB_TCP6ROW_OWNER_PID, MIB_TCPTABLE_FIRST_ROW),
};
/** Rows with the owning process and the owning module in it. */
export const moduleRows = {
  4: ipv4(MIB_TCPROW_OWNER_MODULE, MIB_TCPTABLE_OWNER_MODULE_FIRST_ROW),
  6: ipv6(MIB_TCP6ROW_OWNER_MODULE, MIB_TCPTABLE_OWNER_MODULE_FIRST_ROW),
};

/** Parses one table. Throws BoundsError when its count exceeds the rows in the buffer. */
export function parseTcpTable(buffer: ForeignBuffer, shape: RowShape, compartmentId: number): TcpTable {
  const count = buffer.u32(0);
  // Checks the bounds of all rows before columns of that size are allocated.
  buffer.slice(shape.firstRow, count * shape.size);
  const table = {
    compartmentId,
    family: shape.family,
    count,
    state: new Uint8Array(count),
    pid: new Uint32Array(count),
    localPort: new Uint16Array(count),
    remotePort: new Uint16Array(count),
    localAddress: new Uint8Array(count * shape.addressBytes),
    remoteAddress: new Uint8Array(count * shape.addressBytes),
  };
  for (let i = 0; i < count; i++) {
    const row = shape.firstRow + i * shape.size;
    table.state[i] = buffer.u32(row + shape.state);
    table.pid[i] = buffer.u32(row + shape.pid);
    table.localPort[i] = buffer.u16be(row + shape.localPort);
    table.remotePort[i] = buffer.u16be(row + shape.remotePort);
    table.localAddress.set(buffer.slice(row + shape.localAddress, shape.addressBytes), i * shape.addressBytes);
    table.remoteAddress.set(buffer.slice(row + shape.remoteAddress, shape.addressBytes), i * shape.addressBytes);
  }
  return table;
}
