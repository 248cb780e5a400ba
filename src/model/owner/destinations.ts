// The destinations of one owner, looked up by address and port without allocating.
import { ChainTable } from '../../base/chain-table.ts';
import { ipv6Text } from '../../base/ip.ts';
import { Destination, Latency, RemoteEndpoint } from './destination.ts';
import type { IpNameLookup } from './ip-name.ts';

/** Time until an idle destination loses its counts: Prometheus marks a series stale after the same time. */
const IDLE_S = 5 * 60;
/**
 * The same for a destination known from the tables only: a crawler without events makes a thousand of them a minute.
 */
const IDLE_INFERRED_S = 60;
/** Scans between two sweeps of idle destinations. */
const SWEEP_SCANS = 2;
/** Addresses kept for each possible destination: many addresses may share one name. */
const ENDPOINTS_PER_DESTINATION = 4;
const OTHER = '~other:0';

/** Staggers the sweeps, so that not all owners sweep in the same scan. */
let nextPhase = 0;

/** What applies to the destinations of every owner. */
export interface DestinationRules {
  readonly names: IpNameLookup;
  /** Destinations of one owner that are counted separately. */
  readonly maxDestinations: number;
}

/**
 * Times are those of the monotonic clock. There are ten thousand lookups a scan, and hundreds of thousands a second by
 * events. Hashes are small integers, because a number that holds address and port together would be a heap object in
 * V8, allocated for each lookup.
 */
export class Destinations {
  /** Every address and port, whether it is a destination itself or is counted in a group. */
  #endpoints: RemoteEndpoint[] = [];
  readonly #table = new ChainTable<RemoteEndpoint>();
  /** Destinations that several endpoints are counted in, by text: shared names and `~other:0`. */
  readonly #groups = new Map<string, Destination>();
  readonly #latencies = new Map<string, Latency>();
  #values: Destination[] = [];
  /** Destinations with a connection in this scan, so that the cost of a scan depends on the number of connections. */
  #active: Destination[] = [];
  #activeBefore: Destination[] = [];
  /** Endpoints that are counted in a group and have a connection in this scan. */
  #groupedActive: RemoteEndpoint[] = [];
  #scans = nextPhase++;

  /** Starts a scan: active connections are set to zero, nothing is removed yet. */
  begin(): void {
    for (const endpoint of this.#groupedActive) endpoint.groupedActive = 0;
    for (const destination of this.#active) destination.active = 0;
    this.#activeBefore = this.#active;
    this.#groupedActive = [];
    this.#active = [];
  }

  /** Counts one established connection; the 16 bytes at `at` are the remote address, IPv4 mapped. */
  countActive(address: Uint8Array, at: number, port: number, rules: DestinationRules, monoMs: number): Destination {
    const endpoint = this.#endpoint(address, at, port, rules, monoMs);
    const destination = endpoint ? endpoint.target : this.#other();
    if (endpoint && destination !== endpoint && endpoint.groupedActive++ === 0) this.#groupedActive.push(endpoint);
    if (destination.active++ === 0) this.#active.push(destination);
    destination.use(monoMs);
    return destination;
  }

  /**
   * The destination of a remote endpoint, created if it is new. `name` is the normalised name that the program
   * connected by, empty if unknown.
   */
  resolve(
    address: Uint8Array,
    at: number,
    port: number,
    rules: DestinationRules,
    monoMs: number,
    name = '',
  ): Destination {
    const endpoint = this.#endpoint(address, at, port, rules, monoMs);
    let destination = endpoint ? endpoint.target : this.#other();
    if (endpoint && name !== '' && name !== endpoint.name?.fqdn && rules.names.isSharedName(name))
      destination = this.#named(name, port, rules);
    destination.use(monoMs);
    return destination;
  }

  /** Adds a measured round-trip time to the address. */
  addRtt(address: Uint8Array, at: number, port: number, rules: DestinationRules, rttUs: number, monoMs: number): void {
    const endpoint = this.#endpoint(address, at, port, rules, monoMs);
    if (!endpoint) return;
    endpoint.latency ??= this.#latencies.get(endpoint.ip);
    if (!endpoint.latency) {
      endpoint.latency = new Latency(endpoint.ip);
      this.#latencies.set(endpoint.ip, endpoint.latency);
    }
    endpoint.latency.add(rttUs, monoMs);
  }

  /**
   * Ends a scan: removes destinations without a connection and without counts, and regularly those with idle counts.
   */
  end(monoMs: number): void {
    if (this.#latencies.size > 0) this.#updateLatencies(monoMs);
    const gone = this.#activeBefore.some((each) => each.active === 0 && !each.counted);
    this.#activeBefore = [];
    if (gone || ++this.#scans % SWEEP_SCANS === 0) this.#sweep(Math.floor(monoMs / 1000));
  }

  #updateLatencies(monoMs: number): void {
    for (const { latency } of this.#groupedActive) if (latency) latency.usedMonoMs = monoMs;
    for (const each of this.#active)
      if (each instanceof RemoteEndpoint && each.latency) each.latency.usedMonoMs = monoMs;
    for (const [ip, latency] of this.#latencies) {
      latency.update();
      if (monoMs - latency.usedMonoMs > IDLE_S * 1000) this.#latencies.delete(ip);
    }
  }

  #sweep(monoS: number): void {
    const live = this.#values.filter(
      (each) => each.active > 0 || (each.counted && monoS - each.usedMonoS <= idleSeconds(each)),
    );
    if (live.length < this.#values.length) {
      for (const each of this.#values) each.kept = false;
      for (const each of live) each.kept = true;
      this.#values = live;
      for (const [text, { kept }] of this.#groups) if (!kept) this.#groups.delete(text);
    }
    this.#endpoints = this.#endpoints.filter((endpoint) => {
      if (endpoint.kept || endpoint.groupedActive > 0) return true;
      if (endpoint.target.kept && monoS - endpoint.foundMonoS <= IDLE_S) return true;
      this.#table.remove(endpoint);
      return false;
    });
  }

  values(): readonly Destination[] {
    return this.#values;
  }

  latencies(): Iterable<Latency> {
    return this.#latencies.values();
  }

  /** Names of all endpoints by the text of their destination. */
  names(): Map<string, string> {
    const names = new Map<string, string>();
    for (const { target, name } of this.#endpoints) if (name && !name.removed) names.set(target.destination, name.fqdn);
    return names;
  }

  /** Undefined when the limit of endpoints is reached. */
  #endpoint(
    address: Uint8Array,
    at: number,
    port: number,
    rules: DestinationRules,
    monoMs: number,
  ): RemoteEndpoint | undefined {
    const w0 = word(address, at);
    const w1 = word(address, at + 4);
    const w2 = word(address, at + 8);
    const w3 = word(address, at + 12);
    const key = hash(w0, w1, w2, w3, port);
    for (let each = this.#table.first(key); each; each = each.next) {
      if (each.w3 !== w3 || each.port !== port || each.w2 !== w2 || each.w1 !== w1 || each.w0 !== w0) continue;
      if (each.generation !== rules.names.generation || !each.target.kept) this.#retarget(each, rules);
      return markUsed(each, monoMs);
    }
    if (this.#endpoints.length >= rules.maxDestinations * ENDPOINTS_PER_DESTINATION) return undefined;
    const ip = ipv6Text(address, at);
    const endpoint = new RemoteEndpoint([w0, w1, w2, w3], port, ip, key);
    this.#retarget(endpoint, rules);
    this.#table.add(endpoint);
    this.#endpoints.push(endpoint);
    return markUsed(endpoint, monoMs);
  }

  /**
   * Chooses where an endpoint is counted from now on. Earlier counts stay where they are, because counters never
   * decrease.
   */
  #retarget(endpoint: RemoteEndpoint, rules: DestinationRules): void {
    endpoint.generation = rules.names.generation;
    const name = rules.names.nameOf(endpoint.ip);
    if (name === endpoint.name && endpoint.target.kept) return;
    endpoint.name = name;
    if (name) name.connected = true;
    if (name?.sharedName) endpoint.target = this.#named(name.fqdn, endpoint.port, rules);
    else if (endpoint.kept || this.#values.length < rules.maxDestinations) endpoint.target = this.#keep(endpoint);
    else endpoint.target = this.#other();
  }

  #named(fqdn: string, port: number, rules: DestinationRules): Destination {
    const text = `${fqdn}:${port}`;
    const known = this.#groups.get(text);
    if (known) return known;
    return this.#values.length < rules.maxDestinations ? this.#addGroup(text) : this.#other();
  }

  #other(): Destination {
    return this.#groups.get(OTHER) ?? this.#addGroup(OTHER);
  }

  #addGroup(text: string): Destination {
    const destination = new Destination(text);
    this.#groups.set(text, destination);
    return this.#keep(destination);
  }

  #keep(destination: Destination): Destination {
    if (!destination.kept) this.#values.push(destination);
    destination.kept = true;
    return destination;
  }
}

function markUsed(endpoint: RemoteEndpoint, monoMs: number): RemoteEndpoint {
  endpoint.foundMonoS = Math.floor(monoMs / 1000);
  if (endpoint.name) endpoint.name.usedMonoMs = monoMs;
  return endpoint;
}

function idleSeconds({ successful, inferred, failed, sentBytes, receivedBytes }: Destination): number {
  const reported = successful > inferred || failed > 0 || sentBytes > 0 || receivedBytes > 0;
  return reported ? IDLE_S : IDLE_INFERRED_S;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

/** Spreads neighbouring addresses and ports over all bits; a signed 32-bit number. */
function hash(w0: number, w1: number, w2: number, w3: number, port: number): number {
  const upper = Math.imul(w0, 0xc2b2_ae35) ^ Math.imul(w1, 0x27d4_eb2f) ^ Math.imul(w2 ^ 0xffff, 0x1656_67b1);
  const mixed = Math.imul(port, 0x85eb_ca6b) ^ Math.imul(w3, 0x9e37_79b1) ^ upper;
  return mixed ^ (mixed >>> 15);
}
