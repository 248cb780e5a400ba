// The listeners and outbound connections of one container, kept from pass to pass so that their labels are made once.

/** An address that the container listens on. */
export interface Listener {
  /** `ip:port`. */
  readonly address: string;
  /** `dockerd` for a published port, else empty. */
  readonly proxy: string;
}

/** One remote end of the container's connections. */
export interface Destination {
  /** `ip:port`, or `name:port` where many addresses hide behind a name. */
  readonly destination: string;
  /** `ip:port`, empty where `destination` is a name. */
  readonly actualDestination: string;
  /** Established outbound connections at the last look. */
  active: number;
}

/** Identifies a remote end cheaply: IPv4 as address * 65536 + port, IPv6 as text of its bytes. */
export type EndpointKey = number | string;

export class ContainerNetwork {
  listeners = new Map<string, Listener>();
  destinations = new Map<EndpointKey, Destination>();
  #nextListeners = new Map<string, Listener>();
  readonly #listenPorts = new Set<number>();

  /** Starts a look: counts begin at zero, nothing is forgotten yet. */
  begin(): void {
    this.#nextListeners = new Map();
    this.#listenPorts.clear();
    for (const destination of this.destinations.values()) destination.active = 0;
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

  /** Counts one established connection; false when its remote end is new and must be added first. */
  connect(key: EndpointKey): boolean {
    const destination = this.destinations.get(key);
    if (!destination) return false;
    destination.active++;
    return true;
  }

  /** Adds a remote end with its first connection. */
  addDestination(key: EndpointKey, address: string): void {
    this.destinations.set(key, { destination: address, actualDestination: address, active: 1 });
  }

  /** Ends a look: what was not seen in it is forgotten. */
  end(): void {
    this.listeners = this.#nextListeners;
    for (const [key, destination] of this.destinations) if (destination.active === 0) this.destinations.delete(key);
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
