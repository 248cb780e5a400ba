// Decides which destinations and listeners the settings exclude from the metrics.
import { contains, isWholeFamily, type Network, parseCidr } from '../../base/cidr.ts';
import { isExternal } from '../../base/ip.ts';
import type { PortRange } from '../../base/port-range.ts';
import type { UnattributedReason } from '../unattributed.ts';

/** gRPC's usual port is in the ephemeral range of Linux; Coroot's agents never exclude it. */
const GRPC_PORT = 50_051;

export interface DestinationFilterOptions {
  /** Ports whose destinations and listeners are excluded; none by default. */
  readonly ephemeralPorts?: readonly PortRange[];
  /** Public addresses outside of these networks are excluded; none by default. */
  readonly publicNetworks?: readonly string[];
}

/** Why a destination is excluded. */
export type ExclusionReason = Extract<UnattributedReason, 'ephemeral_port' | 'public_network'>;

export class DestinationFilter {
  readonly #ephemeral = new Uint8Array(65_536);
  /** Undefined if all public addresses are included. */
  readonly #networks: readonly Network[] | undefined;

  constructor({ ephemeralPorts = [], publicNetworks }: DestinationFilterOptions = {}) {
    for (const { from, to } of ephemeralPorts) this.#ephemeral.fill(1, from, to + 1);
    this.#ephemeral[GRPC_PORT] = 0;
    const networks = publicNetworks?.map(parseCidr);
    // A network of all addresses of one family stands for both families, as in Coroot's default 0.0.0.0/0.
    this.#networks = networks?.some(isWholeFamily) ? undefined : networks;
  }

  excludesPort(port: number): boolean {
    return this.#ephemeral[port] === 1;
  }

  /** Why the remote endpoint is excluded, undefined if it is not; the 16 bytes at `at` are the address, IPv4 mapped. */
  exclusionReason(address: Uint8Array, at: number, port: number): ExclusionReason | undefined {
    if (this.#ephemeral[port] === 1) return 'ephemeral_port';
    if (this.#networks === undefined || !isExternal(address, at)) return undefined;
    for (const network of this.#networks) if (contains(network, address, at)) return undefined;
    return 'public_network';
  }
}
