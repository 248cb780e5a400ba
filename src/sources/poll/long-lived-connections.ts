// Finds outbound connections that stand for more than one round: those that nothing tells of before they end.
import type { TcpTable } from '../host.ts';

const LISTEN = 2;
const ESTABLISHED = 5;
/** Connections that are kept in mind; a host with more has more than can be asked for anyway. */
const MAX_CONNECTIONS = 50_000;

export interface LongLivedConnection {
  readonly family: 4 | 6;
  readonly pid: number;
  readonly localPort: number;
  readonly remotePort: number;
  /** 4 or 16 bytes. */
  readonly localAddress: Uint8Array;
  readonly remoteAddress: Uint8Array;
  /** Its counters were turned on; by whoever asks for them. */
  counting: boolean;
}

export class LongLivedConnections {
  #last = new Map<string, LongLivedConnection>();

  /** Takes the tables of one compartment in; returns the connections that the ones before had as well, in a steady order. */
  update(tables: readonly TcpTable[]): LongLivedConnection[] {
    const now = new Map<string, LongLivedConnection>();
    const lasting: LongLivedConnection[] = [];
    for (const table of tables) {
      const listening = new Set<number>();
      for (let row = 0; row < table.count; row++) if (table.state[row] === LISTEN) listening.add(table.localPort[row]!);
      for (let row = 0; row < table.count && now.size < MAX_CONNECTIONS; row++) {
        // What comes in is not told by destination.
        if (table.state[row] !== ESTABLISHED || table.pid[row] === 0 || listening.has(table.localPort[row]!)) continue;
        const key = keyOf(table, row);
        const known = this.#last.get(key);
        if (known) lasting.push(known);
        now.set(key, known ?? connectionOf(table, row));
      }
    }
    this.#last = now;
    return lasting;
  }
}

/** The owner is part of it: the same ends may serve another program by the next look. */
function keyOf(table: TcpTable, row: number): string {
  const width = table.family === 4 ? 4 : 16;
  const address = (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(row * width, row * width + width));
  return `${table.pid[row]} ${table.localPort[row]} ${table.remotePort[row]} ${address(table.localAddress)}${address(table.remoteAddress)}`;
}

function connectionOf(table: TcpTable, row: number): LongLivedConnection {
  const width = table.family === 4 ? 4 : 16;
  return {
    family: table.family,
    pid: table.pid[row]!,
    localPort: table.localPort[row]!,
    remotePort: table.remotePort[row]!,
    // Copies: the table is handed over to another thread.
    localAddress: table.localAddress.slice(row * width, row * width + width),
    remoteAddress: table.remoteAddress.slice(row * width, row * width + width),
    counting: false,
  };
}
