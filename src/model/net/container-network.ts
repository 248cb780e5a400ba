// The listeners and outbound connections of one container, kept from pass to pass so that their labels are made once.
import { Destinations } from './destinations.ts';

/** An address that the container listens on. */
export interface Listener {
  /** `ip:port`. */
  readonly address: string;
  /** `dockerd` for a published port, else empty. */
  readonly proxy: string;
}

export class ContainerNetwork {
  listeners = new Map<string, Listener>();
  readonly destinations = new Destinations();
  #nextListeners = new Map<string, Listener>();
  readonly #listenPorts = new Set<number>();

  /** Starts a look: counts begin at zero, nothing is forgotten yet. */
  begin(): void {
    this.#nextListeners = new Map();
    this.#listenPorts.clear();
    this.destinations.begin();
  }

  listen(port: number): void {
    this.#listenPorts.add(port);
  }

  listensOn(port: number): boolean {
    return this.#listenPorts.has(port);
  }

  addListener(address: string, proxy: string): void {
    const key = `${address}|${proxy}`;
    if (!this.#nextListeners.has(key)) this.#nextListeners.set(key, this.listeners.get(key) ?? { address, proxy });
  }

  /** Ends a look: what was not seen in it is forgotten. */
  end(): void {
    this.listeners = this.#nextListeners;
    this.destinations.end();
  }

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
