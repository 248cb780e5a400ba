// What all containers' connections go by: which destinations are left out, how many are kept apart, and what addresses are called.
import { contains, type Network, parseCidr } from '../../base/cidr.ts';
import { isExternal } from '../../base/ip.ts';
import type { PortRange } from '../../base/port-range.ts';
import { IpNames } from '../dns/ip-names.ts';
import { NameNormaliser } from '../dns/name-normaliser.ts';

/** gRPC's own port lies in the range that Linux gives to clients; Coroot's agents never leave it out. */
const KEPT_PORT = 50_051;

export interface NetworkRulesOptions {
  /** Destinations and listeners on these ports are left out; none by default. */
  readonly ephemeralPorts?: readonly PortRange[];
  /** Public addresses outside of these networks are left out; by default none is. */
  readonly publicNetworks?: readonly string[];
  /** Destinations of one container that are kept apart. */
  readonly maxDestinations?: number;
  /** Domains of one container that are kept apart. */
  readonly maxDomains?: number;
}

/** Why a destination is left out. */
export type Skip = 'ephemeral port' | 'public network';

export class NetworkRules {
  readonly names = new IpNames();
  readonly normaliser = new NameNormaliser();
  /** Domains of one container that are kept apart in its DNS metrics. */
  readonly maxDomains: number;
  readonly maxDestinations: number;
  readonly #ephemeral = new Uint8Array(65_536);
  readonly #networks: readonly Network[] | undefined;

  constructor({
    ephemeralPorts = [],
    publicNetworks,
    maxDestinations = 500,
    maxDomains = 50,
  }: NetworkRulesOptions = {}) {
    this.maxDomains = maxDomains;
    this.maxDestinations = maxDestinations;
    for (const { from, to } of ephemeralPorts) this.#ephemeral.fill(1, from, to + 1);
    this.#ephemeral[KEPT_PORT] = 0;
    const networks = publicNetworks?.map(parseCidr);
    // A network of all addresses of one family means all of both, as in Coroot's default 0.0.0.0/0.
    const everything = networks?.some(({ bits }) => bits === 0 || bits === 96);
    this.#networks = everything ? undefined : networks;
  }

  skipsPort(port: number): boolean {
    return this.#ephemeral[port] === 1;
  }

  /** Why the remote end is left out; the 16 bytes at `at`, IPv4 mapped. */
  skip(address: Uint8Array, at: number, port: number): Skip | undefined {
    if (this.#ephemeral[port] === 1) return 'ephemeral port';
    if (this.#networks === undefined || !isExternal(address, at)) return undefined;
    for (const network of this.#networks) if (contains(network, address, at)) return undefined;
    return 'public network';
  }
}
