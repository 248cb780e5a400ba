// Finds the service behind each socket of a shared process: the system stores it with the socket.
import { ForeignBuffer } from '../../native/buffer.ts';
import { checkError } from '../../native/check.ts';
import {
  GetOwnerModuleFromTcp6Entry,
  GetOwnerModuleFromTcpEntry,
  MIB_TCP6ROW_OWNER_MODULE,
  MIB_TCPROW_OWNER_MODULE,
  TCPIP_OWNER_MODULE_BASIC_INFO,
  TCPIP_OWNER_MODULE_INFO_BASIC,
} from '../../native/iphlpapi.ts';
import {
  ERROR_INSUFFICIENT_BUFFER,
  ERROR_NOT_FOUND,
  ERROR_PARTIAL_COPY,
  Win32Error,
} from '../../native/win32-error.ts';
import { PART_GRANTS } from '../grants.ts';
import type { ServiceRecord, SocketServiceRecord, TcpTable, Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import type { RowShape } from './tcp-table.ts';

/**
 * For each process with several services: the names of the services as the SCM writes them, by pid and lower-case name.
 */
export type SharedProcesses = ReadonlyMap<number, ReadonlyMap<string, string>>;

/** Limit of calls in one round, because each makes a call to the SCM. The next round makes the others. */
const MAX_CALLS = 200;
const PART = 'services behind the sockets of shared processes';
/** Stored for rows without a module. */
const NO_MODULE = '';

/** The processes with more than one service of the list. */
export function sharedProcesses(services: readonly ServiceRecord[]): SharedProcesses {
  const byPid = new Map<number, Map<string, string>>();
  for (const { name, pid } of services) {
    if (pid === 0) continue;
    const names = byPid.get(pid);
    if (names) names.set(name.toLowerCase(), name);
    else byPid.set(pid, new Map([[name.toLowerCase(), name]]));
  }
  return new Map([...byPid].filter(([, names]) => names.size > 1));
}

/** Position of the opaque part of a row. With it and the process the system finds the module. */
const moduleInfo = {
  4: {
    at: MIB_TCPROW_OWNER_MODULE.at.OwningModuleInfo,
    length: MIB_TCPROW_OWNER_MODULE.size - MIB_TCPROW_OWNER_MODULE.at.OwningModuleInfo,
  },
  6: {
    at: MIB_TCP6ROW_OWNER_MODULE.at.OwningModuleInfo,
    length: MIB_TCP6ROW_OWNER_MODULE.size - MIB_TCP6ROW_OWNER_MODULE.at.OwningModuleInfo,
  },
};

/** Returns the module of one row: the name of a service, of a file, or an empty string. Throws Win32Error. */
export type ModuleCall = (family: 4 | 6, row: Buffer) => string;

/** Finds the services of rows. An answer is kept as long as there are rows with the same module information. */
export class SocketServiceReader {
  readonly #call: ModuleCall;
  #shared: SharedProcesses = new Map();
  /** Modules by row key, of the previous round and of this one. */
  #previous = new Map<string, string>();
  #current = new Map<string, string>();
  /** Keys without an answer in this round. The next round tries again. */
  readonly #unanswered = new Set<string>();
  #calls = 0;
  /** Rows of this round by outcome. */
  #answered = 0;
  #empty = 0;
  #waiting = 0;
  #error: unknown;

  constructor(call: ModuleCall = createModuleCall()) {
    this.#call = call;
  }

  beginRound(shared: SharedProcesses): void {
    this.#shared = shared;
    this.#current = new Map();
    this.#unanswered.clear();
    this.#calls = this.#answered = this.#empty = this.#waiting = 0;
    this.#error = undefined;
  }

  /** Services of the rows in shared processes; undefined when the system reports no module at all. */
  read(buffer: ForeignBuffer, table: TcpTable, shape: RowShape): SocketServiceRecord[] | undefined {
    const found: SocketServiceRecord[] = [];
    const info = moduleInfo[shape.family];
    for (let row = 0; row < table.count; row++) {
      const names = this.#shared.get(table.pid[row]!);
      if (!names) continue;
      const at = shape.firstRow + row * shape.size;
      // The owner of a socket never changes, nor does the meaning of a module information while its process runs.
      const key = `${table.pid[row]}|${buffer.slice(at + info.at, info.length).toString('latin1')}`;
      const module =
        this.#current.get(key) ??
        this.#previous.get(key) ??
        this.#readModule(key, shape.family, buffer.slice(at, shape.size));
      if (module === undefined) {
        this.#unanswered.add(key);
        continue;
      }
      this.#current.set(key, module);
      if (module === NO_MODULE) continue;
      this.#answered++;
      // A module may also be a file or a component.
      const name = names.get(module.toLowerCase());
      if (name !== undefined) found.push({ row, name });
    }
    const rows = this.#answered + this.#empty + this.#waiting + (this.#error === undefined ? 0 : 1);
    return rows > 0 && this.#answered === 0 ? undefined : found;
  }

  /** Reports that a table with module information could not be read. */
  reportFailure(error: unknown): void {
    this.#error ??= error;
  }

  /** Returns what could not be found out, and why. */
  endRound(): Unavailability[] {
    this.#previous = this.#current;
    const degraded: Unavailability[] = [];
    if (this.#error !== undefined) degraded.push(unavailability(PART, this.#error, PART_GRANTS.socketServices));
    else if (this.#empty > 0 && this.#answered === 0) {
      const { requiredRight, consequence } = PART_GRANTS.socketServices;
      degraded.push({ part: PART, reason: 'the system returns empty names', requiredRight, consequence });
    }
    if (this.#waiting > 0) {
      const reason = `${this.#waiting} sockets are left: a round makes ${MAX_CALLS} calls at most`;
      degraded.push({ part: PART, reason, consequence: PART_GRANTS.socketServicesLater.consequence });
    }
    return degraded;
  }

  #readModule(key: string, family: 4 | 6, row: Buffer): string | undefined {
    if (this.#unanswered.has(key)) return undefined;
    if (this.#calls >= MAX_CALLS) {
      this.#waiting++;
      return undefined;
    }
    this.#calls++;
    try {
      const module = this.#call(family, Buffer.from(row));
      if (module !== '') return module;
      this.#empty++;
    } catch (error) {
      // The process has ended, or the socket has no module: there is no name, and no right would help.
      if (error instanceof Win32Error && (error.code === ERROR_NOT_FOUND || error.code === ERROR_PARTIAL_COPY))
        return NO_MODULE;
      this.#error ??= error;
    }
    return undefined;
  }
}

/** Calls the system with a buffer that it keeps. */
function createModuleCall(): ModuleCall {
  const answer = new GrowingBuffer(2048);
  const size = new Uint32Array(1);
  return (family, row) => {
    const [name, call] =
      family === 4
        ? (['GetOwnerModuleFromTcpEntry', GetOwnerModuleFromTcpEntry] as const)
        : (['GetOwnerModuleFromTcp6Entry', GetOwnerModuleFromTcp6Entry] as const);
    const bytes = answer.fill(name, (buffer) => {
      size[0] = buffer.length;
      const code = call(row, TCPIP_OWNER_MODULE_INFO_BASIC, buffer, size);
      if (code === ERROR_INSUFFICIENT_BUFFER) return { done: false, needed: size[0]!, code };
      checkError(name, code);
      return { done: true };
    });
    return new ForeignBuffer(bytes).text(TCPIP_OWNER_MODULE_BASIC_INFO.at.pModuleName);
  };
}
