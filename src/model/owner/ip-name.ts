// The DNS name of an address, as destinations use it.

/** The name of one address. Replaced, never changed, so that label sets can be stored with it. */
export interface IpName {
  readonly ip: string;
  /** Normalised. */
  readonly fqdn: string;
  /** The answer listed several public addresses: connections to any of them are counted under the name. */
  readonly sharedName: boolean;
  /** When the last answer or the last connection to the address was observed, on the monotonic clock. */
  usedMonoMs: number;
  /** A container has connected to the address. */
  connected: boolean;
  /** The name was replaced or has expired. */
  removed: boolean;
}

/** The names of addresses that are known at the moment. */
export interface IpNameLookup {
  /** Changes with every change of a name: a lookup result is valid as long as the generation is the same. */
  readonly generation: number;
  nameOf(ip: string): IpName | undefined;
  /** Whether the last answer for the name listed several addresses, all of them public. */
  isSharedName(fqdn: string): boolean;
}
