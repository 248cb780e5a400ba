// Finds a process that listens on the port of the control plane at an address that overlaps: it takes some clients.
import { canonicalIp, endpointText, rowAddressText } from './base/ip.ts';
import { TCP_LISTEN } from './base/tcp-state.ts';
import type { TcpTable } from './sources/host.ts';

const HOST_COMPARTMENT = 1;

/** The socket that the control plane listens on. */
export interface OwnListener {
  readonly address: string;
  readonly port: number;
  readonly pid: number;
}

/**
 * Describes the listener of another process that gets connections to the port of the agent; undefined without one.
 * Windows lets a second socket listen on a port at another address, e.g. one on 127.0.0.1 beside one on every address,
 * and passes a connection to the most specific one:
 * https://learn.microsoft.com/windows/win32/winsock/using-so-reuseaddr-and-so-exclusiveaddruse
 */
export function foreignListener(tables: readonly TcpTable[], own: OwnListener): string | undefined {
  const address = canonicalIp(own.address) ?? own.address;
  for (const table of tables) {
    if (table.compartmentId !== HOST_COMPARTMENT) continue;
    for (let row = 0; row < table.count; row++) {
      if (table.localPort[row] !== own.port || table.state[row] !== TCP_LISTEN || table.pid[row] === own.pid) continue;
      const other = rowAddressText(table.family, table.localAddress, row);
      if (overlaps(address, other)) return foreign(endpointText(other, own.port), table.pid[row]!);
    }
  }
  return undefined;
}

/** The process System owns the sockets of http.sys, and cannot be ended. */
const SYSTEM_PID = 4;

function foreign(endpoint: string, pid: number): string {
  const remedy = pid === SYSTEM_PID ? 'find its URL with `netsh http show servicestate` and remove it' : 'end it';
  return (
    `process ${pid} listens on ${endpoint} as well and gets connections that are meant for the agent; ` +
    `${remedy}, or set \`listen\` to another port`
  );
}

/** A client that connects to `localhost` tries both loopback addresses. */
function overlaps(own: string, other: string): boolean {
  return own === other || isWildcard(own) || isWildcard(other) || (isLocalhost(own) && isLocalhost(other));
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

function isLocalhost(address: string): boolean {
  return address === '::1' || address === '127.0.0.1';
}
