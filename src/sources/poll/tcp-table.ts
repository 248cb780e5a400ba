// TCP rows with their owners, of every network compartment.
import { ForeignBuffer } from '../../native/buffer.ts';
import { checkError } from '../../native/check.ts';
import type { Layout } from '../../native/ffi.ts';
import {
  AF_INET,
  AF_INET6,
  GetCurrentThreadCompartmentId,
  GetExtendedTcpTable,
  MIB_TCP6ROW_OWNER_MODULE,
  MIB_TCP6ROW_OWNER_PID,
  MIB_TCPROW_OWNER_MODULE,
  MIB_TCPROW_OWNER_PID,
  MIB_TCPTABLE_FIRST_ROW,
  MIB_TCPTABLE_OWNER_MODULE_FIRST_ROW,
  SetCurrentThreadCompartmentId,
  TCP_TABLE_OWNER_MODULE_ALL,
  TCP_TABLE_OWNER_PID_ALL,
} from '../../native/iphlpapi.ts';
import { ERROR_INSUFFICIENT_BUFFER, Win32Error } from '../../native/win32-error.ts';
import { PART_GRANTS } from '../grants.ts';
import type { TcpTable, Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import { type SharedProcesses, SocketServiceReader } from './socket-services.ts';

/** Where the rows of one table keep their fields; offsets and sizes in bytes. */
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

/** Rows that name the process, and rows that name the module in it too. */
export const pidRows = {
  4: ipv4(MIB_TCPROW_OWNER_PID, MIB_TCPTABLE_FIRST_ROW),
  6: ipv6(MIB_TCP6ROW_OWNER_PID, MIB_TCPTABLE_FIRST_ROW),
};
export const moduleRows = {
  4: ipv4(MIB_TCPROW_OWNER_MODULE, MIB_TCPTABLE_OWNER_MODULE_FIRST_ROW),
  6: ipv6(MIB_TCP6ROW_OWNER_MODULE, MIB_TCPTABLE_OWNER_MODULE_FIRST_ROW),
};

/** Parses one filled table. Throws BoundsError when it counts more rows than the buffer holds. */
export function parseTcpTable(buffer: ForeignBuffer, shape: RowShape, compartmentId: number): TcpTable {
  const count = buffer.u32(0);
  // All rows at once, before memory is taken for them.
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

/** Reads the TCP tables of this machine again and again, keeping its buffers. Must stay on one thread. */
export class TcpReader {
  readonly #buffers = { 4: new GrowingBuffer(64 * 1024), 6: new GrowingBuffer(64 * 1024) };
  readonly #services = new SocketServiceReader();

  /**
   * Reads each of `compartmentIds`; a table that cannot be had is named in `degraded`. Throws when none can. The sockets of
   * `shared` processes get the names of their services, as far as the system tells.
   */
  read(
    compartmentIds: readonly number[],
    shared: SharedProcesses = new Map(),
  ): { tables: TcpTable[]; degraded: Unavailability[] } {
    const tables: TcpTable[] = [];
    const degraded: Unavailability[] = [];
    const failures: unknown[] = [];
    this.#services.begin(shared);
    const home = compartmentIds.length > 1 ? GetCurrentThreadCompartmentId() : 0;
    for (const id of compartmentIds) {
      try {
        if (compartmentIds.length > 1) enterCompartment(id);
        for (const family of [4, 6] as const) {
          try {
            tables.push(this.#readFamily(family, id, shared.size > 0));
          } catch (error) {
            failures.push(error);
            degraded.push(unavailability(`IPv${family} tcp table of compartment ${id}`, error, PART_GRANTS.tcpTable));
          }
        }
      } catch (error) {
        failures.push(error);
        degraded.push(unavailability(`tcp tables of compartment ${id}`, error, PART_GRANTS.compartment));
      }
    }
    if (home !== 0) checkError('SetCurrentThreadCompartmentId', SetCurrentThreadCompartmentId(home));
    if (tables.length === 0 && failures.length > 0) throw failures[0];
    return { tables, degraded: [...degraded, ...this.#services.end()] };
  }

  #readFamily(family: 4 | 6, compartmentId: number, withModules: boolean): TcpTable {
    if (withModules) {
      try {
        const buffer = this.#fill(family, TCP_TABLE_OWNER_MODULE_ALL);
        const table = parseTcpTable(buffer, moduleRows[family], compartmentId);
        const services = this.#services.read(buffer, table, moduleRows[family]);
        return services ? { ...table, services } : table;
      } catch (error) {
        this.#services.failed(error);
      }
    }
    return parseTcpTable(this.#fill(family, TCP_TABLE_OWNER_PID_ALL), pidRows[family], compartmentId);
  }

  #fill(family: 4 | 6, tableClass: number): ForeignBuffer {
    const bytes = this.#buffers[family].fill('GetExtendedTcpTable', (buffer) => {
      const size = new Uint32Array([buffer.length]);
      const code = GetExtendedTcpTable(buffer, size, 0, family === 4 ? AF_INET : AF_INET6, tableClass, 0);
      if (code === ERROR_INSUFFICIENT_BUFFER) return { done: false, needed: size[0]!, code };
      checkError('GetExtendedTcpTable', code);
      return { done: true };
    });
    return new ForeignBuffer(bytes);
  }
}

/** The system may accept the call and still leave the thread where it was. */
function enterCompartment(id: number): void {
  checkError('SetCurrentThreadCompartmentId', SetCurrentThreadCompartmentId(id));
  const now = GetCurrentThreadCompartmentId();
  if (now !== id) throw new Win32Error('SetCurrentThreadCompartmentId', 1168);
}
