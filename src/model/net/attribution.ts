// Reads the TCP tables: adds listeners to their owners and passes connections to a visitor.
import { endpointText, ipBytes, rowAddressText } from '../../base/ip.ts';
import { TCP_LISTEN } from '../../base/tcp-state.ts';
import type { TcpTable } from '../../sources/host.ts';
import type { Owner } from '../owner/owner.ts';

/** MIB_TCP_STATE: https://learn.microsoft.com/windows/win32/api/tcpmib/ns-tcpmib-mib_tcprow_owner_pid */
const ESTABLISHED = 5;
/** SYN_SENT to LAST_ACK: a connection that comes or goes. TIME_WAIT has no process any more. */
const FIRST_STATE = 3;
const LAST_STATE = 10;

/** Addresses at which a wildcard listener of this host is reachable. */
export interface HostAddresses {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
}

/** Finds the owners of a row of a TCP table. */
export interface RowOwners {
  ofRow(table: TcpTable, row: number): readonly Owner[];
}

type EachRow = (table: TcpTable, row: number, owners: readonly Owner[]) => void;

/** What becomes of connections. */
export interface RowVisitor {
  /** An established one; `owners` may be none. */
  row(table: TcpTable, row: number, owners: readonly Owner[]): void;
  /** One that comes or goes. */
  transient(table: TcpTable, row: number): void;
}

/**
 * Replaces listeners and active connections of all owners by those of the tables. Listeners on ports that
 * `excludesPort` names are not reported.
 */
export function attribute(
  tables: readonly TcpTable[],
  all: readonly Owner[],
  owners: RowOwners,
  host: HostAddresses,
  excludesPort: (port: number) => boolean,
  connections: RowVisitor,
): void {
  for (const { network } of all) network.begin();
  // Tables of several compartments may have the same row; one table never has it twice.
  const several = tables.some(({ compartmentId }) => compartmentId !== tables[0]!.compartmentId);
  const rows = several ? new Set<string>() : undefined;
  const fresh = tables.map((table) => rowsOnce(table, rows));
  const listener: EachRow = (table, row, rowOwners) => {
    if (rowOwners.length > 0) listen(rowOwners, table, row, host, !excludesPort(table.localPort[row]!));
  };
  const established: EachRow = (table, row, rowOwners) => connections.row(table, row, rowOwners);
  // Listeners first: they decide which connections are inbound.
  for (const [i, table] of tables.entries()) eachRow(table, fresh[i]!, TCP_LISTEN, owners, listener);
  for (const [i, table] of tables.entries()) {
    eachRow(table, fresh[i]!, ESTABLISHED, owners, established);
    eachTransient(table, connections);
  }
}

/** Marks the rows that no earlier table had; undefined means all. */
function rowsOnce(table: TcpTable, seen: Set<string> | undefined): Uint8Array | undefined {
  if (!seen) return undefined;
  const fresh = new Uint8Array(table.count);
  const bytes = table.family === 4 ? 4 : 16;
  for (let row = 0; row < table.count; row++) {
    const local = latin1(table.localAddress, row * bytes, bytes);
    const remote = latin1(table.remoteAddress, row * bytes, bytes);
    const ports = `${table.localPort[row]}|${table.remotePort[row]}`;
    const key = `${local}${remote}|${ports}|${table.state[row]}|${table.pid[row]}`;
    if (seen.has(key)) continue;
    seen.add(key);
    fresh[row] = 1;
  }
  return fresh;
}

function eachRow(table: TcpTable, fresh: Uint8Array | undefined, state: number, owners: RowOwners, act: EachRow): void {
  for (let row = 0; row < table.count; row++) {
    if (table.state[row] !== state || fresh?.[row] === 0) continue;
    act(table, row, owners.ofRow(table, row));
  }
}

function eachTransient(table: TcpTable, connections: RowVisitor): void {
  for (let row = 0; row < table.count; row++) {
    const state = table.state[row]!;
    if (state >= FIRST_STATE && state <= LAST_STATE && state !== ESTABLISHED) connections.transient(table, row);
  }
}

function listen(owners: readonly Owner[], table: TcpTable, row: number, host: HostAddresses, reported: boolean): void {
  const port = table.localPort[row]!;
  const ip = rowAddressText(table.family, table.localAddress, row);
  const wildcard = ip === '0.0.0.0' || ip === '::';
  const reachable = ip.includes(':') ? host.ipv6 : host.ipv4;
  // Without a known address the wildcard itself is reported.
  const ips = wildcard && reachable.length > 0 ? reachable : [ip];
  const address = wildcard ? undefined : ipBytes(ip);
  for (const { network } of owners) {
    network.listen(port, address);
    for (const each of ips) network.addListener(endpointText(each, port), '', reported);
  }
}

function latin1(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
