// The listeners and outbound connections of one container, kept from pass to pass so that their labels are made once.
import { ContainerDns } from '../dns/container-dns.ts';
import { Destinations } from './destinations.ts';

/** An address that the container listens on. */
export interface Listener {
  /** `ip:port`. */
  readonly address: string;
  /** `dockerd` for a published port, else empty. */
  readonly proxy: string;
  /** False on a port of those that are left out of the metrics. */
  readonly reported: boolean;
}

export class ContainerNetwork {
  listeners = new Map<string, Listener>();
  readonly destinations = new Destinations();
  readonly dns = new ContainerDns();
  #nextListeners = new Map<string, Listener>();
  /** Addresses by port, 16 bytes each, IPv4 mapped; `any` for every one of the host. */
  readonly #listening = new Map<number, Uint8Array[] | 'any'>();

  /** Starts a look: what is active begins at zero, nothing is forgotten yet. */
  begin(): void {
    this.#nextListeners = new Map();
    this.#listening.clear();
    this.destinations.begin();
  }

  /** Somebody of the container listens there; `address` are 16 bytes that are not used again, undefined for every address. */
  listen(port: number, address: Uint8Array | undefined): void {
    const before = this.#listening.get(port);
    if (!address) this.#listening.set(port, 'any');
    else if (before === undefined) this.#listening.set(port, [address]);
    else if (before !== 'any') before.push(address);
  }

  /** Whether a connection with this local end may have come in by a listener; the 16 bytes at `at` are the local address. */
  listensOn(port: number, address: Uint8Array, at: number): boolean {
    const listening = this.#listening.get(port);
    if (listening === undefined || listening === 'any') return listening !== undefined;
    return listening.some((each) => each.every((byte, i) => byte === address[at + i]));
  }

  addListener(address: string, proxy: string, reported = true): void {
    const key = `${address}|${proxy}`;
    if (!this.#nextListeners.has(key))
      this.#nextListeners.set(key, this.listeners.get(key) ?? { address, proxy, reported });
  }

  /** Ends a look: what was not seen in it, and has no counts, is forgotten. */
  end(nowMs = 0): void {
    this.listeners = this.#nextListeners;
    this.destinations.end(nowMs);
  }

  /** Nothing runs any more; counts stay. */
  clear(): void {
    this.begin();
    this.end();
  }

  get activeConnections(): number {
    let sum = 0;
    for (const destination of this.destinations.values()) sum += destination.active;
    return sum;
  }
}
