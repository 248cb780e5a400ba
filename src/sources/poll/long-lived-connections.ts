// Finds outbound connections that stay open for more than one round: no event reports their counters before they end.
import type { TcpTable } from '../host.ts';

const LISTEN = 2;
const ESTABLISHED = 5;
/** Limit of connections that are kept. Statistics are read of fewer. */
const MAX_CONNECTIONS = 50_000;

export interface LongLivedConnection {
  readonly family: 4 | 6;
  readonly pid: number;
  readonly localPort: number;
  readonly remotePort: number;
  /** 4 or 16 bytes. */
  readonly localAddress: Uint8Array;
  readonly remoteAddress: Uint8Array;
  /** The stack counts for this connection. The reader of the statistics turns that on. */
  estatsEnabled: boolean;
}

export class LongLivedConnections {
  #previous = new Map<string, LongLivedConnection>();

  /**
   * Returns the connections in the tables of one compartment that its previous tables had as well, in the order of the
   * tables.
   */
  update(tables: readonly TcpTable[]): LongLivedConnection[] {
    const current = new Map<string, LongLivedConnection>();
    const longLived: LongLivedConnection[] = [];
    for (const table of tables) {
      const listening = new Set<number>();
      for (let row = 0; row < table.count; row++) if (table.state[row] === LISTEN) listening.add(table.localPort[row]!);
      for (let row = 0; row < table.count && current.size < MAX_CONNECTIONS; row++) {
        // Inbound connections are not counted by destination.
        if (table.state[row] !== ESTABLISHED || table.pid[row] === 0 || listening.has(table.localPort[row]!)) continue;
        const key = keyOf(table, row);
        const previous = this.#previous.get(key);
        if (previous) longLived.push(previous);
        current.set(key, previous ?? connectionOf(table, row));
      }
    }
    this.#previous = current;
    return longLived;
  }
}

/** The pid is part of the key: by the next scan another program may use the same 4-tuple. */
function keyOf(table: TcpTable, row: number): string {
  const width = table.family === 4 ? 4 : 16;
  const address = (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(row * width, row * width + width));
  const addresses = `${address(table.localAddress)}${address(table.remoteAddress)}`;
  return `${table.pid[row]} ${table.localPort[row]} ${table.remotePort[row]} ${addresses}`;
}

function connectionOf(table: TcpTable, row: number): LongLivedConnection {
  const width = table.family === 4 ? 4 : 16;
  return {
    family: table.family,
    pid: table.pid[row]!,
    localPort: table.localPort[row]!,
    remotePort: table.remotePort[row]!,
    // Copies, because the table is transferred to another thread.
    localAddress: table.localAddress.slice(row * width, row * width + width),
    remoteAddress: table.remoteAddress.slice(row * width, row * width + width),
    estatsEnabled: false,
  };
}
