// Which of the services in a shared process has a socket: the system keeps it with the socket, and tells it for one row at a time.
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

/** Names of the services in each process that several of them share, as the SCM writes them, by pid and lower-case name. */
export type SharedProcesses = ReadonlyMap<number, ReadonlyMap<string, string>>;

/** Each call asks the service control manager: a round may make this many, the rest waits for the next. */
const MAX_CALLS = 200;
const PART = 'services behind the sockets of shared processes';
/** Remembered of rows that have no module. */
const NAMELESS = '';

/** The processes that several services of the list share. */
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

/** Where the opaque part of a row lies, by which, and by the process, the system finds the module. */
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

/** Asks for the module of one row, a copy of its bytes: a service's name, a file's, or nothing. Throws Win32Error. */
export type ModuleCall = (family: 4 | 6, row: Buffer) => string;

/** Names the services of rows; what was told once is remembered as long as there are rows of that kind. */
export class SocketServiceReader {
  readonly #call: ModuleCall;
  #shared: SharedProcesses = new Map();
  #known = new Map<string, string>();
  #used = new Map<string, string>();
  /** Asked about in vain in this round; the next asks again. */
  readonly #untold = new Set<string>();
  #calls = 0;
  /** Rows by how it went with them in this round. */
  #answered = 0;
  #empty = 0;
  #waiting = 0;
  #error: unknown;

  constructor(call: ModuleCall = moduleCall()) {
    this.#call = call;
  }

  begin(shared: SharedProcesses): void {
    this.#shared = shared;
    this.#used = new Map();
    this.#untold.clear();
    this.#calls = this.#answered = this.#empty = this.#waiting = 0;
    this.#error = undefined;
  }

  /** Services of a table's rows that are in shared processes; undefined when the system tells of none of them at all. */
  read(buffer: ForeignBuffer, table: TcpTable, shape: RowShape): SocketServiceRecord[] | undefined {
    const found: SocketServiceRecord[] = [];
    const info = moduleInfo[shape.family];
    for (let row = 0; row < table.count; row++) {
      const names = this.#shared.get(table.pid[row]!);
      if (!names) continue;
      const at = shape.firstRow + row * shape.size;
      // The owner of a socket does not change, and neither does what a module information stands for while its process lives.
      const key = `${table.pid[row]}|${buffer.slice(at + info.at, info.length).toString('latin1')}`;
      const module =
        this.#used.get(key) ?? this.#known.get(key) ?? this.#ask(key, shape.family, buffer.slice(at, shape.size));
      if (module === undefined) {
        this.#untold.add(key);
        continue;
      }
      this.#used.set(key, module);
      if (module === NAMELESS) continue;
      this.#answered++;
      // A module may be a file or a component as well.
      const name = names.get(module.toLowerCase());
      if (name !== undefined) found.push({ row, name });
    }
    const asked = this.#answered + this.#empty + this.#waiting + (this.#error === undefined ? 0 : 1);
    return asked > 0 && this.#answered === 0 ? undefined : found;
  }

  /** The tables that could be asked about were not to be had. */
  failed(error: unknown): void {
    this.#error ??= error;
  }

  /** Ends the round; what it could not tell, and why. */
  end(): Unavailability[] {
    this.#known = this.#used;
    const degraded: Unavailability[] = [];
    if (this.#error !== undefined) degraded.push(unavailability(PART, this.#error, PART_GRANTS.socketServices));
    else if (this.#empty > 0 && this.#answered === 0)
      degraded.push({ part: PART, reason: 'the system keeps their names to itself', ...PART_GRANTS.socketServices });
    if (this.#waiting > 0) {
      const reason = `${this.#waiting} more to ask about: a round asks ${MAX_CALLS} times at most`;
      degraded.push({ part: PART, reason, lost: PART_GRANTS.socketServicesLater.lost });
    }
    return degraded;
  }

  #ask(key: string, family: 4 | 6, row: Buffer): string | undefined {
    if (this.#untold.has(key)) return undefined;
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
      // Said of a process that ends and of a socket that has no module to find: there is no name, and nothing is kept back.
      if (error instanceof Win32Error && (error.code === ERROR_NOT_FOUND || error.code === ERROR_PARTIAL_COPY))
        return NAMELESS;
      this.#error ??= error;
    }
    return undefined;
  }
}

/** The system's own call, with a buffer that it keeps. */
function moduleCall(): ModuleCall {
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
