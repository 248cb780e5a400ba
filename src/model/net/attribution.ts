// Gives each TCP row to the container whose process owns it.
import { endpointText, ipv4Text, ipv6Text, isIpv4Mapped } from '../../base/ip.ts';
import type { TcpTable } from '../../sources/host.ts';
import type { ContainerNetwork } from './container-network.ts';

/** MIB_TCP_STATE: https://learn.microsoft.com/windows/win32/api/tcpmib/ns-tcpmib-mib_tcprow_owner_pid */
const LISTEN = 2;
const ESTABLISHED = 5;

/** Addresses that a wildcard listener of this host can be reached at. */
export interface HostAddresses {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
}

/** Whose a row of a table is; nobody's rows are left out. */
export interface RowOwners {
  of(table: TcpTable, row: number): readonly ContainerNetwork[];
}

/** Replaces listeners and connections of these networks by what the tables say. */
export function attribute(
  tables: readonly TcpTable[],
  networks: readonly ContainerNetwork[],
  owners: RowOwners,
  host: HostAddresses,
): void {
  for (const network of networks) network.begin();
  // The same row can show in several compartments, never twice in one.
  const several = tables.some(({ compartmentId }) => compartmentId !== tables[0]!.compartmentId);
  const rows = several ? new Set<string>() : undefined;
  const fresh = tables.map((table) => rowsOnce(table, rows));
  // Listeners first: they tell which connections are inbound.
  for (const [i, table] of tables.entries()) eachRow(table, fresh[i]!, LISTEN, owners, (network, row) => listen(network, table, row, host));
  for (const [i, table] of tables.entries()) eachRow(table, fresh[i]!, ESTABLISHED, owners, (network, row) => connect(network, table, row));
  for (const network of networks) network.end();
}

/** Marks the rows that no other compartment's table has shown already; undefined means all. */
function rowsOnce(table: TcpTable, seen: Set<string> | undefined): Uint8Array | undefined {
  if (!seen) return undefined;
  const fresh = new Uint8Array(table.count);
  const bytes = table.family === 4 ? 4 : 16;
  for (let row = 0; row < table.count; row++) {
    const local = latin1(table.localAddress, row * bytes, bytes);
    const remote = latin1(table.remoteAddress, row * bytes, bytes);
    const key = `${local}${remote}|${table.localPort[row]}|${table.remotePort[row]}|${table.state[row]}|${table.pid[row]}`;
    if (seen.has(key)) continue;
    seen.add(key);
    fresh[row] = 1;
  }
  return fresh;
}

function eachRow(
  table: TcpTable,
  fresh: Uint8Array | undefined,
  state: number,
  owners: RowOwners,
  act: (network: ContainerNetwork, row: number) => void,
): void {
  for (let row = 0; row < table.count; row++) {
    if (table.state[row] !== state || fresh?.[row] === 0) continue;
    for (const network of owners.of(table, row)) act(network, row);
  }
}

function listen(network: ContainerNetwork, table: TcpTable, row: number, host: HostAddresses): void {
  const port = table.localPort[row]!;
  network.listen(port);
  const ip = table.family === 4 ? ipv4Text(table.localAddress, row * 4) : ipv6Text(table.localAddress, row * 16);
  const wildcard = ip === '0.0.0.0' || ip === '::';
  const reachable = ip.includes(':') ? host.ipv6 : host.ipv4;
  // Without any known address the wildcard itself says more than silence.
  const ips = wildcard && reachable.length > 0 ? reachable : [ip];
  for (const each of ips) network.addListener(endpointText(each, port), '');
}

function connect(network: ContainerNetwork, table: TcpTable, row: number): void {
  if (network.listensOn(table.localPort[row]!)) return;
  const port = table.remotePort[row]!;
  const address = remoteAddress(table, row);
  if (network.destinations.connect(address, port)) return;
  const ip = table.family === 4 ? ipv4Text(table.remoteAddress, row * 4) : ipv6Text(table.remoteAddress, row * 16);
  network.destinations.add(address, port, endpointText(ip, port));
}

/** IPv4, also where it is mapped into IPv6, as a signed 32-bit number; IPv6 as text of its bytes. */
function remoteAddress(table: TcpTable, row: number): number | string {
  const bytes = table.remoteAddress;
  const mapped = table.family === 6 && isIpv4Mapped(bytes, row * 16);
  if (table.family === 6 && !mapped) return latin1(bytes, row * 16, 16);
  const at = mapped ? row * 16 + 12 : row * 4;
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

function latin1(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
