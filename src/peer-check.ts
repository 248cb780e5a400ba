// Checks which process of this machine answers on the address of the agent, before its answers are believed.
import type { PeerConnection } from './api/client.ts';
import { AgentError } from './base/errors.ts';
import { canonicalIp, endpointText, ipv4Text, ipv6Text } from './base/ip.ts';
import type { TcpTable } from './sources/host.ts';

export interface PeerFacts {
  readonly tables: readonly TcpTable[];
  /** Process id of the installed service, 0 while it does not run; undefined if it is not installed. */
  readonly servicePid: number | undefined;
  /** Whether a process has the account of this one. */
  readonly isOwn: (pid: number) => boolean;
}

/** MIB_TCP_STATE_LISTEN. https://learn.microsoft.com/windows/win32/api/tcpmib/ns-tcpmib-mib_tcprow_lh */
const LISTEN = 2;
const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/**
 * The process at the other end of a connection: 0 if this machine has that end, but no owner is known; undefined if it
 * is on another machine. A connection that is not accepted yet has no owner; then the most specific listener counts, as
 * for Windows.
 */
export function peerPid(connection: PeerConnection, tables: readonly TcpTable[]): number | undefined {
  const [remote, local] = [canonicalIp(connection.remoteAddress), canonicalIp(connection.localAddress)];
  let listener: { readonly pid: number; readonly exact: boolean } | undefined;
  let isHere = remote === local;
  for (const table of tables) {
    for (let row = 0; row < table.count; row++) {
      if (table.localPort[row] !== connection.remotePort) continue;
      const address = addressOf(table, table.localAddress, row);
      if (table.state[row] === LISTEN) {
        const exact = address === remote;
        if ((exact || WILDCARDS.has(address)) && !listener?.exact) listener = { pid: table.pid[row]!, exact };
      } else if (address === remote && table.remotePort[row] === connection.localPort) {
        if (addressOf(table, table.remoteAddress, row) !== local) continue;
        isHere = true;
        if (table.pid[row] !== 0) return table.pid[row];
      }
    }
  }
  return isHere ? (listener?.pid ?? 0) : undefined;
}

function addressOf({ family }: TcpTable, bytes: Uint8Array, row: number): string {
  return family === 4 ? ipv4Text(bytes, row * 4) : ipv6Text(bytes, row * 16);
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
