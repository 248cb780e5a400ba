// Listeners and outbound connections of one owner, kept between scans so that label sets are made once.
import { Destinations } from './destinations.ts';

/** An address that the owner listens on. */
export interface Listener {
  /** `ip:port`. */
  readonly address: string;
  /** `dockerd` for a published port, else empty. */
  readonly proxy: string;
  /** False if a setting excludes the port from the metrics. */
  readonly reported: boolean;
}

export class OwnerNetwork {
  listeners = new Map<string, Listener>();
  readonly destinations = new Destinations();
  #nextListeners = new Map<string, Listener>();
  /** Listening addresses by port, 16 bytes each, IPv4 mapped; `any` for a wildcard listener. */
  readonly #listening = new Map<number, Uint8Array[] | 'any'>();

  /** Starts a scan: active connections are set to zero, nothing is removed yet. */
  begin(): void {
    this.#nextListeners = new Map();
    this.#listening.clear();
    this.destinations.begin();
  }

  /**
   * Records a listening port. `address` are 16 bytes that the caller does not change afterwards, undefined for a
   * wildcard.
   */
  listen(port: number, address: Uint8Array | undefined): void {
    const before = this.#listening.get(port);
    if (!address) this.#listening.set(port, 'any');
    else if (before === undefined) this.#listening.set(port, [address]);
    else if (before !== 'any') before.push(address);
  }

  /** Whether a connection with this local endpoint may be inbound; the 16 bytes at `at` are the local address. */
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

  /** Ends a scan at a monotonic time: removes what the scan did not show and what has no counts. */
  end(monoMs = 0): void {
    this.listeners = this.#nextListeners;
    this.destinations.end(monoMs);
  }

  /** The owner has no process any more: removes listeners and active connections, keeps counts. */
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
