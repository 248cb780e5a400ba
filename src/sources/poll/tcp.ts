// TCP tables of every network compartment, with the services behind the sockets of shared processes.
import { ForeignBuffer } from '../../native/buffer.ts';
import { checkError } from '../../native/check.ts';
import {
  AF_INET,
  AF_INET6,
  GetExtendedTcpTable,
  TCP_TABLE_OWNER_MODULE_ALL,
  TCP_TABLE_OWNER_PID_ALL,
} from '../../native/iphlpapi.ts';
import { ERROR_INSUFFICIENT_BUFFER } from '../../native/win32-error.ts';
import { KIND_GRANTS, PART_GRANTS } from '../grants.ts';
import type { TcpTable, Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import { CompartmentReader } from './adapters.ts';
import { HOST_COMPARTMENT, ThreadCompartment } from './compartment.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import { LongLivedConnections } from './long-lived-connections.ts';
import { EVERY_ROUND, type Poll } from './poll.ts';
import { type SharedProcesses, SocketServiceReader, sharedProcesses } from './socket-services.ts';
import { moduleRows, parseTcpTable, pidRows } from './tcp-table.ts';

/** Reads the TCP tables of this machine into buffers that it keeps. It moves its thread between compartments. */
export class TcpReader {
  readonly #buffers = { 4: new GrowingBuffer(64 * 1024), 6: new GrowingBuffer(64 * 1024) };
  readonly #services = new SocketServiceReader();
  readonly #compartment: ThreadCompartment;

  constructor(compartment = new ThreadCompartment()) {
    this.#compartment = compartment;
  }

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
    const readTables = (id: number): void => {
      for (const family of [4, 6] as const) {
        try {
          tables.push(this.#readFamily(family, id, shared.size > 0));
        } catch (error) {
          failures.push(error);
          degraded.push(unavailability(`IPv${family} tcp table of compartment ${id}`, error, PART_GRANTS.tcpTable));
        }
      }
    };
    this.#compartment.returnHome();
    if (compartmentIds.length === 1) readTables(compartmentIds[0]!);
    else
      this.#compartment.visitEach(compartmentIds, readTables, (error, id) => {
        if (id !== undefined) failures.push(error);
        degraded.push(
          id === undefined
            ? unavailability('the return to the network compartment of the host', error, PART_GRANTS.hostCompartment)
            : unavailability(`tcp tables of compartment ${id}`, error, PART_GRANTS.compartment),
        );
      });
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

export function createTcpPoll(compartment: ThreadCompartment): Poll<'tcp'> {
  const compartments = new CompartmentReader();
  const reader = new TcpReader(compartment);
  const connections = new LongLivedConnections();
  return {
    kind: 'tcp',
    schedule: EVERY_ROUND,
    grant: KIND_GRANTS.tcp,
    read: ({ services = [], jobs = [] }) => {
      const found = findCompartments(() => compartments.read(), jobs);
      const { tables, degraded } = reader.read(found.ids, sharedProcesses(services));
      // Statistics can be read only of connections in the compartment of this thread, which is the host's.
      const own = tables.filter(({ compartmentId }) => compartmentId === HOST_COMPARTMENT);
      return { data: tables, degraded: [...found.degraded, ...degraded], result: connections.update(own) };
    },
  };
}

/** A process-isolated container has a job with such a name in the root of the object namespace. */
const CONTAINER_JOB = /^\\Container_/i;

/**
 * Older systems have no compartments: their tables are those of the host. The flag that reports all compartments is
 * documented as reserved, so containers without a compartment are reported:
 * https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getadaptersaddresses
 */
export function findCompartments(
  read: () => number[],
  jobs: readonly string[],
): { ids: number[]; degraded: Unavailability[] } {
  try {
    const found = read();
    const ids = found.length > 0 ? found : [HOST_COMPARTMENT];
    const containers = jobs.filter((name) => CONTAINER_JOB.test(name));
    if (containers.length === 0 || ids.some((id) => id !== HOST_COMPARTMENT)) return { ids, degraded: [] };
    const count =
      containers.length === 1 ? 'one Windows container runs' : `${containers.length} Windows containers run`;
    const problem = {
      part: 'network compartments of Windows containers',
      reason:
        `${count} by the names of jobs, but only the compartment of the host is reported: they use the network of ` +
        'the host or none, or this version of Windows does not report their compartments',
      consequence: PART_GRANTS.compartments.consequence,
    };
    return { ids, degraded: [problem] };
  } catch (error) {
    const problem = unavailability('network compartments other than the host', error, PART_GRANTS.compartments);
    return { ids: [HOST_COMPARTMENT], degraded: [problem] };
  }
}
