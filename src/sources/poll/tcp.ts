// TCP tables of every network compartment, with the services behind the sockets of shared processes.
import { ForeignBuffer } from '../../native/buffer.ts';
import { checkError } from '../../native/check.ts';
import {
  AF_INET,
  AF_INET6,
  GetCurrentThreadCompartmentId,
  GetExtendedTcpTable,
  SetCurrentThreadCompartmentId,
  TCP_TABLE_OWNER_MODULE_ALL,
  TCP_TABLE_OWNER_PID_ALL,
} from '../../native/iphlpapi.ts';
import { ERROR_INSUFFICIENT_BUFFER, ERROR_NOT_FOUND, Win32Error } from '../../native/win32-error.ts';
import { KIND_GRANTS, PART_GRANTS } from '../grants.ts';
import type { TcpTable, Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import { CompartmentReader } from './adapters.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import { LongLivedConnections } from './long-lived-connections.ts';
import { EVERY_ROUND, type Poll } from './poll.ts';
import { type SharedProcesses, SocketServiceReader, sharedProcesses } from './socket-services.ts';
import { moduleRows, parseTcpTable, pidRows } from './tcp-table.ts';

/** The compartment of the host itself. It is the only one without containers. */
const HOST_COMPARTMENT = 1;

/** Reads the TCP tables of this machine into buffers that it keeps. It moves its thread between compartments. */
export class TcpReader {
  readonly #buffers = { 4: new GrowingBuffer(64 * 1024), 6: new GrowingBuffer(64 * 1024) };
  readonly #services = new SocketServiceReader();

  /**
   * Reads the tables of each compartment. A table that cannot be read is named in `degraded`; throws when none can be
   * read. Sockets of `shared` processes get the name of their service where the system reports it.
   */
  read(
    compartmentIds: readonly number[],
    shared: SharedProcesses = new Map(),
  ): { tables: TcpTable[]; degraded: Unavailability[] } {
    const tables: TcpTable[] = [];
    const degraded: Unavailability[] = [];
    const failures: unknown[] = [];
    this.#services.beginRound(shared);
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
    return { tables, degraded: [...degraded, ...this.#services.endRound()] };
  }

  #readFamily(family: 4 | 6, compartmentId: number, withModules: boolean): TcpTable {
    if (withModules) {
      try {
        const buffer = this.#fill(family, TCP_TABLE_OWNER_MODULE_ALL);
        const table = parseTcpTable(buffer, moduleRows[family], compartmentId);
        const services = this.#services.read(buffer, table, moduleRows[family]);
        return services ? { ...table, services } : table;
      } catch (error) {
        this.#services.reportFailure(error);
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

/** SetCurrentThreadCompartmentId may report success and leave the thread in its compartment. */
function enterCompartment(id: number): void {
  checkError('SetCurrentThreadCompartmentId', SetCurrentThreadCompartmentId(id));
  const now = GetCurrentThreadCompartmentId();
  if (now !== id) throw new Win32Error('SetCurrentThreadCompartmentId', ERROR_NOT_FOUND);
}

export function createTcpPoll(): Poll<'tcp'> {
  const compartments = new CompartmentReader();
  const reader = new TcpReader();
  const connections = new LongLivedConnections();
  return {
    kind: 'tcp',
    schedule: EVERY_ROUND,
    grant: KIND_GRANTS.tcp,
    read: ({ services = [] }) => {
      const found = findCompartments(compartments);
      const { tables, degraded } = reader.read(found.ids, sharedProcesses(services));
      // Statistics can be read only of connections in the compartment of this thread, which is the host's.
      const own = tables.filter(({ compartmentId }) => compartmentId === HOST_COMPARTMENT);
      return { data: tables, degraded: [...found.degraded, ...degraded], result: connections.update(own) };
    },
  };
}

/** Older systems have no compartments: their tables are those of the host. */
function findCompartments(reader: CompartmentReader): { ids: number[]; degraded: Unavailability[] } {
  try {
    const ids = reader.read();
    return { ids: ids.length > 0 ? ids : [HOST_COMPARTMENT], degraded: [] };
  } catch (error) {
    const problem = unavailability('network compartments other than the host', error, PART_GRANTS.compartments);
    return { ids: [HOST_COMPARTMENT], degraded: [problem] };
  }
}
