// TCP rows with their owners, of every network compartment.
import { ForeignBuffer } from '../native/buffer.ts';
import { checkError } from '../native/check.ts';
import {
  AF_INET,
  AF_INET6,
  GetCurrentThreadCompartmentId,
  GetExtendedTcpTable,
  MIB_TCP6ROW_OWNER_PID,
  MIB_TCPROW_OWNER_PID,
  MIB_TCPTABLE_FIRST_ROW,
  SetCurrentThreadCompartmentId,
  TCP_TABLE_OWNER_PID_ALL,
} from '../native/iphlpapi.ts';
import { ERROR_INSUFFICIENT_BUFFER, Win32Error } from '../native/win32-error.ts';
import { PART_GRANTS } from './grants.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import type { TcpTable, Unavailability } from './host.ts';
import { unavailability } from './unavailable.ts';

/** Where one family keeps its fields; offsets and sizes in bytes. */
interface RowShape {
  family: 4 | 6;
  size: number;
  state: number;
  pid: number;
  localAddress: number;
  localPort: number;
  remoteAddress: number;
  remotePort: number;
  addressBytes: 4 | 16;
}

const ipv4: RowShape = {
  family: 4,
  size: MIB_TCPROW_OWNER_PID.size,
  state: MIB_TCPROW_OWNER_PID.at.dwState,
  pid: MIB_TCPROW_OWNER_PID.at.dwOwningPid,
  localAddress: MIB_TCPROW_OWNER_PID.at.dwLocalAddr,
  localPort: MIB_TCPROW_OWNER_PID.at.dwLocalPort,
  remoteAddress: MIB_TCPROW_OWNER_PID.at.dwRemoteAddr,
  remotePort: MIB_TCPROW_OWNER_PID.at.dwRemotePort,
  addressBytes: 4,
};

const ipv6: RowShape = {
  family: 6,
  size: MIB_TCP6ROW_OWNER_PID.size,
  state: MIB_TCP6ROW_OWNER_PID.at.dwState,
  pid: MIB_TCP6ROW_OWNER_PID.at.dwOwningPid,
  localAddress: MIB_TCP6ROW_OWNER_PID.at.ucLocalAddr,
  localPort: MIB_TCP6ROW_OWNER_PID.at.dwLocalPort,
  remoteAddress: MIB_TCP6ROW_OWNER_PID.at.ucRemoteAddr,
  remotePort: MIB_TCP6ROW_OWNER_PID.at.dwRemotePort,
  addressBytes: 16,
};

/** Parses one filled table. Throws BoundsError when it counts more rows than the buffer holds. */
export function parseTcpTable(buffer: ForeignBuffer, family: 4 | 6, compartmentId: number): TcpTable {
  const shape = family === 4 ? ipv4 : ipv6;
  const count = buffer.u32(0);
  // All rows at once, before memory is taken for them.
  buffer.slice(MIB_TCPTABLE_FIRST_ROW, count * shape.size);
  const table = {
    compartmentId,
    family,
    count,
    state: new Uint8Array(count),
    pid: new Uint32Array(count),
    localPort: new Uint16Array(count),
    remotePort: new Uint16Array(count),
    localAddress: new Uint8Array(count * shape.addressBytes),
    remoteAddress: new Uint8Array(count * shape.addressBytes),
  };
  for (let i = 0; i < count; i++) {
    const row = MIB_TCPTABLE_FIRST_ROW + i * shape.size;
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

  /** Reads each of `compartmentIds`; a table that cannot be had is named in `degraded`. Throws when none can. */
  read(compartmentIds: readonly number[]): { tables: TcpTable[]; degraded: Unavailability[] } {
    const tables: TcpTable[] = [];
    const degraded: Unavailability[] = [];
    const failures: unknown[] = [];
    const home = compartmentIds.length > 1 ? GetCurrentThreadCompartmentId() : 0;
    for (const id of compartmentIds) {
      try {
        if (compartmentIds.length > 1) enterCompartment(id);
        for (const family of [4, 6] as const) this.#readFamily(family, id, tables, degraded, failures);
      } catch (error) {
        failures.push(error);
        degraded.push(unavailability(`tcp tables of compartment ${id}`, error, PART_GRANTS.compartment));
      }
    }
    if (home !== 0) checkError('SetCurrentThreadCompartmentId', SetCurrentThreadCompartmentId(home));
    if (tables.length === 0 && failures.length > 0) throw failures[0];
    return { tables, degraded };
  }

  #readFamily(family: 4 | 6, compartmentId: number, tables: TcpTable[], degraded: Unavailability[], failures: unknown[]): void {
    try {
      const bytes = this.#buffers[family].fill('GetExtendedTcpTable', (buffer) => {
        const size = new Uint32Array([buffer.length]);
        const code = GetExtendedTcpTable(buffer, size, 0, family === 4 ? AF_INET : AF_INET6, TCP_TABLE_OWNER_PID_ALL, 0);
        if (code === ERROR_INSUFFICIENT_BUFFER) return { done: false, needed: size[0]!, code };
        checkError('GetExtendedTcpTable', code);
        return { done: true };
      });
      tables.push(parseTcpTable(new ForeignBuffer(bytes), family, compartmentId));
    } catch (error) {
      failures.push(error);
      degraded.push(unavailability(`IPv${family} tcp table of compartment ${compartmentId}`, error, PART_GRANTS.tcpTable));
    }
  }
}

/** The system may accept the call and still leave the thread where it was. */
function enterCompartment(id: number): void {
  checkError('SetCurrentThreadCompartmentId', SetCurrentThreadCompartmentId(id));
  const now = GetCurrentThreadCompartmentId();
  if (now !== id) throw new Win32Error('SetCurrentThreadCompartmentId', 1168);
}
