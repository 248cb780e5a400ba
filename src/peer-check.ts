// Checks which process of this machine answers on the address of the agent, before its answers are believed.
import type { PeerConnection } from './api/client.ts';
import { AgentError } from './base/errors.ts';
import { canonicalIp, endpointText, rowAddressText } from './base/ip.ts';
import { TCP_LISTEN } from './base/tcp-state.ts';
import type { TcpTable } from './sources/host.ts';

export interface PeerFacts {
  readonly tables: readonly TcpTable[];
  /** Process id of the installed service, 0 while it does not run; undefined if it is not installed. */
  readonly servicePid: number | undefined;
  /** Whether a process has the account of this one. */
  readonly isOwn: (pid: number) => boolean;
}

/**
 * The process at the other end of a connection: 0 if this machine has that end, but no owner is known; undefined if it
 * is on another machine. A connection that is not accepted yet has no owner; then the most specific listener counts, as
 * for Windows.
 */
export function peerPid(connection: PeerConnection, tables: readonly TcpTable[]): number | undefined {
  const [remote, local] = [canonicalIp(connection.remoteAddress), canonicalIp(connection.localAddress)];
  let listener: { readonly pid: number; readonly rank: number } | undefined;
  let isHere = remote === local || isLoopback(remote);
  for (const table of tables) {
    for (let row = 0; row < table.count; row++) {
      if (table.localPort[row] !== connection.remotePort) continue;
      const address = rowAddressText(table.family, table.localAddress, row);
      if (table.state[row] === TCP_LISTEN) {
        const rank = listenerRank(address, remote);
        const pid = table.pid[row]!;
        if (rank > (listener?.rank ?? 0)) listener = { pid, rank };
        // SO_REUSEADDR: Windows does not define which of both gets a connection.
        else if (listener && rank === listener.rank && pid !== listener.pid) listener = { pid: 0, rank };
      } else if (address === remote && table.remotePort[row] === connection.localPort) {
        if (rowAddressText(table.family, table.remoteAddress, row) !== local) continue;
        isHere = true;
        if (table.pid[row] !== 0) return table.pid[row];
      }
    }
  }
  return isHere ? (listener?.pid ?? 0) : undefined;
}

/** How specific a listener is for connections to `remote`; 0 for one that does not get them. */
function listenerRank(address: string, remote: string | undefined): number {
  if (address === remote) return 3;
  const isIpv6 = remote?.includes(':');
  if (address === (isIpv6 ? '::' : '0.0.0.0')) return 2;
  // A dual-stack socket.
  return address === '::' ? 1 : 0;
}

/** A connection to a loopback address never leaves the machine, whatever its own address is. */
function isLoopback(address: string | undefined): boolean {
  return address === '::1' || address?.startsWith('127.') === true;
}

/**
 * Throws AGENT_FOREIGN if a process of this machine answers that is not the agent: while the service runs, its process
 * must answer. Otherwise, or if the user named the address (`named`), a process of the own account may, e.g. `run`.
 */
export function checkPeer(connection: PeerConnection, facts: PeerFacts, named: boolean): void {
  const { servicePid } = facts;
  const pid = peerPid(connection, facts.tables);
  if (pid === undefined || (pid !== 0 && pid === servicePid)) return;
  if (pid !== 0 && (named || !servicePid) && facts.isOwn(pid)) return;
  // Without a service there is nothing to compare with: the user vouches for the address.
  if (servicePid === undefined && named) return;
  throw new AgentError('AGENT_FOREIGN', {
    address: endpointText(connection.remoteAddress, connection.remotePort),
    owner: pid === 0 ? 'an unknown process' : `process ${pid}`,
    service:
      servicePid === undefined
        ? 'the service is not installed'
        : servicePid === 0
          ? 'the service does not run'
          : `the service is process ${servicePid}`,
  });
}

/** For AgentClient: checks each connection on Windows, before the request is sent. */
export async function verifyPeer(connection: PeerConnection, named: boolean): Promise<void> {
  if (process.platform !== 'win32') return;
  const { TcpReader } = await import('./sources/poll/tcp.ts');
  const { statusOf } = await import('./service/scm.ts');
  const { SERVICE_NAME } = await import('./service/names.ts');
  const { isOwnProcess } = await import('./service/token.ts');
  const { tables } = new TcpReader().read([1]);
  checkPeer(connection, { tables, servicePid: statusOf(SERVICE_NAME)?.pid, isOwn: isOwnProcess }, named);
}
