// Sockets of the System process: http.sys listens there for services, which the ports of their URLs identify.
import { canonicalIp, rowAddressText } from '../../base/ip.ts';
import { TCP_LISTEN } from '../../base/tcp-state.ts';
import type { TcpTable, UrlReservationRecord } from '../../sources/host.ts';
import { Owner } from '../owner/owner.ts';
import type { Container } from './container.ts';
import { hasProcess, type ServiceDecision } from './services.ts';

/** The pid of the System process on every Windows since XP. */
export const SYSTEM_PID = 4;

/** A running service that has, or may have, URLs on a port. */
export interface UrlClaim extends UrlReservationRecord {
  /** Undefined for a service that is not a container. */
  readonly container: Container | undefined;
}

/** Created for each tick. */
export class SystemSockets {
  /** Owner of every socket of the process, claimed or not. */
  readonly owner = new Owner('system');
  readonly #claims = new Map<number, UrlClaim[]>();

  constructor(
    urlReservations: readonly UrlReservationRecord[],
    decisions: readonly ServiceDecision[],
    containers: readonly Container[],
  ) {
    if (urlReservations.length === 0) return;
    const running = new Map(
      decisions.filter(({ service }) => hasProcess(service)).map((decision) => [decision.service.name, decision]),
    );
    const live = new Map(containers.filter(({ pid }) => pid !== 0).map((container) => [container.id, container]));
    for (const urlOwner of urlReservations) {
      const decision = running.get(urlOwner.service);
      // A reservation stays when its service stops.
      if (!decision) continue;
      const found = live.get(decision.containerId);
      const container = found?.kind === 'service' ? found : undefined;
      const claim = { ...urlOwner, container, ...addressOf(urlOwner) };
      const claims = this.#claims.get(urlOwner.port);
      if (claims) claims.push(claim);
      else this.#claims.set(urlOwner.port, [claim]);
    }
  }

  /** Claims on a listening address, given without its port; each prefix of a service is a claim. */
  claimsOn(ip: string, port: number): readonly UrlClaim[] {
    const matches = (claimed = ip): boolean => claimed === ip || isWildcard(claimed);
    return (this.#claims.get(port) ?? []).filter((claim) => isWildcard(ip) || matches(claim.ip));
  }

  /**
   * A listener also belongs to the containers that claim it. Connections belong to the system alone, where the
   * listeners show which are inbound.
   */
  ownersOf(table: TcpTable, row: number): readonly Owner[] {
    const port = table.localPort[row]!;
    if (table.state[row] !== TCP_LISTEN || !this.#claims.has(port)) return this.owner.alone.owners;
    const ip = rowAddressText(table.family, table.localAddress, row);
    const containers = this.claimsOn(ip, port).flatMap(({ container }) => container ?? []);
    return [...new Set([this.owner, ...containers])];
  }
}

function isWildcard(ip: string): boolean {
  return ip === '0.0.0.0' || ip === '::';
}

/** The address of a URL in the spelling of base/ip.ts; a tape may have another one. */
function addressOf({ ip }: UrlReservationRecord): Pick<UrlReservationRecord, 'ip'> {
  const canonical = ip === undefined ? undefined : canonicalIp(ip);
  return canonical === undefined ? {} : { ip: canonical };
}
