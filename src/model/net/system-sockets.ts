// Sockets of the System process: http.sys listens there for services that the ports of their URLs tell.
import { ipv4Text, ipv6Text } from '../../base/ip.ts';
import type { TcpTable, UrlOwnerRecord } from '../../sources/host.ts';
import type { Container } from '../containers/container.ts';
import { runs, type ServiceDecision } from '../services.ts';
import { ContainerNetwork } from './container-network.ts';

/** The pid of the System process on every Windows since XP. */
export const SYSTEM_PID = 4;

/** MIB_TCP_STATE */
const LISTEN = 2;

/** A running service that has, or may have, URLs on a port. */
export interface UrlClaim extends UrlOwnerRecord {
  /** Undefined for a service that is no container. */
  readonly container: Container | undefined;
}

/** Made anew for every look. */
export class SystemSockets {
  /** Every socket of the process, claimed or not. */
  readonly network = new ContainerNetwork();
  readonly #claims = new Map<number, UrlClaim[]>();
  readonly #all: readonly ContainerNetwork[] = [this.network];

  constructor(
    owners: readonly UrlOwnerRecord[],
    decisions: readonly ServiceDecision[],
    containers: readonly Container[],
  ) {
    if (owners.length === 0) return;
    const running = new Map(
      decisions.filter(({ service }) => runs(service)).map((decision) => [decision.service.name, decision]),
    );
    const live = new Map(containers.filter(({ pid }) => pid !== 0).map((container) => [container.name, container]));
    for (const owner of owners) {
      const decision = running.get(owner.service);
      // A reservation outlives the service that it is for.
      if (!decision) continue;
      const found = live.get(owner.service);
      const container = found?.id === decision.containerId && found.kind === 'service' ? found : undefined;
      const claims = this.#claims.get(owner.port);
      if (claims) claims.push({ ...owner, container });
      else this.#claims.set(owner.port, [{ ...owner, container }]);
    }
  }

  /** Claims on a listening address without its port; several prefixes of one service count each. */
  claimsOn(ip: string, port: number): readonly UrlClaim[] {
    const wildcard = ip === '0.0.0.0' || ip === '::';
    return (this.#claims.get(port) ?? []).filter((claim) => wildcard || claim.ip === undefined || claim.ip === ip);
  }

  /** Listeners go to the containers of those who claim them too; connections stay here, where the listeners tell which are inbound. */
  ownersOf(table: TcpTable, row: number): readonly ContainerNetwork[] {
    const port = table.localPort[row]!;
    if (table.state[row] !== LISTEN || !this.#claims.has(port)) return this.#all;
    const ip = table.family === 4 ? ipv4Text(table.localAddress, row * 4) : ipv6Text(table.localAddress, row * 16);
    const networks = this.claimsOn(ip, port).flatMap(({ container }) => container?.network ?? []);
    return [...new Set([this.network, ...networks])];
  }
}
