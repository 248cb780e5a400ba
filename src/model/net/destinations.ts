// The remote ends of one container's connections, found again by address and port without making an object.
import { endpointText, ipv6Text } from '../../base/ip.ts';
import type { IpName } from '../dns/ip-names.ts';
import { Destination, Latency } from './destination.ts';
import type { NetworkRules } from './network-rules.ts';

/** How long a destination that nobody uses keeps its counts: Prometheus takes a series for gone after as long. */
const IDLE_MS = 5 * 60 * 1000;
/** The same for one that only the tables have told of: a crawler without events makes a thousand of them a minute. */
const IDLE_INFERRED_MS = 60 * 1000;
/** Looks between two searches for what is idle. */
const SWEEP_LOOKS = 4;
/** Addresses kept for each destination that may be: many hide behind one name. */
const ENDS_PER_DESTINATION = 4;
const OTHER = '~other:0';

/** One address and port, and what it is called. */
interface End {
  /** The four words of the address, IPv4 mapped into IPv6. */
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;
  readonly port: number;
  readonly ip: string;
  /** Another end with the same hash. */
  next: End | undefined;
  destination: Destination;
  name: IpName | undefined;
  /** Generation of the names that `destination` was chosen by. */
  generation: number;
  latency: Latency | undefined;
  active: number;
  usedAtMs: number;
}

/** So that not all containers search in the same look. */
let nextPhase = 0;

/**
 * Ten thousand look-ups a pass, and hundreds of thousands a second by events, so keys are small integers: a number that holds
 * address and port together would be an object of its own to V8, made for each look-up.
 */
export class Destinations {
  #ends: End[] = [];
  readonly #byHash = new Map<number, End>();
  readonly #byText = new Map<string, Destination>();
  readonly #latencies = new Map<string, Latency>();
  #values: Destination[] = [];
  /** Those with a connection in this look, so that a look costs as much as there are connections. */
  #activeEnds: End[] = [];
  #active: Destination[] = [];
  #activeBefore: Destination[] = [];
  #looks = nextPhase++;

  /** Starts a look: counts of what is active begin at zero, nothing is forgotten yet. */
  begin(): void {
    for (const end of this.#activeEnds) end.active = 0;
    for (const destination of this.#active) destination.active = 0;
    this.#activeBefore = this.#active;
    this.#activeEnds = [];
    this.#active = [];
  }

  /** Counts one established connection; the 16 bytes at `at` are the remote address, IPv4 mapped. */
  connect(address: Uint8Array, at: number, port: number, rules: NetworkRules, atMs: number): Destination {
    const end = this.#end(address, at, port, rules, atMs);
    const destination = end ? end.destination : this.#other();
    if (end && end.active++ === 0) this.#activeEnds.push(end);
    if (destination.active++ === 0) this.#active.push(destination);
    destination.usedAtMs = atMs;
    return destination;
  }

  /** The destination of a remote end, made when it is new. `name` is what the program connected by, normalised. */
  of(address: Uint8Array, at: number, port: number, rules: NetworkRules, atMs: number, name = ''): Destination {
    const end = this.#end(address, at, port, rules, atMs);
    let destination = end ? end.destination : this.#other();
    if (end && name !== '' && name !== end.name?.fqdn && rules.names.isTogether(name)) destination = this.#named(name, port, rules);
    destination.usedAtMs = atMs;
    return destination;
  }

  /** A round-trip time to the address was measured. */
  measure(address: Uint8Array, at: number, port: number, rules: NetworkRules, rttUs: number, atMs: number): void {
    const end = this.#end(address, at, port, rules, atMs);
    if (!end) return;
    end.latency ??= this.#latencies.get(end.ip);
    if (!end.latency) {
      end.latency = new Latency(end.ip);
      this.#latencies.set(end.ip, end.latency);
    }
    end.latency.measure(rttUs, atMs);
  }

  /** Ends a look: what has no connection and no counts is forgotten, and now and then what has counts and was idle for long. */
  end(nowMs: number): void {
    for (const { latency } of this.#activeEnds) if (latency) latency.usedAtMs = nowMs;
    for (const latency of this.#latencies.values()) latency.settle();
    const gone = this.#activeBefore.some((each) => each.active === 0 && !each.counted);
    this.#activeBefore = [];
    if (gone || ++this.#looks % SWEEP_LOOKS === 0) this.#sweep(nowMs);
  }

  #sweep(nowMs: number): void {
    for (const [ip, { usedAtMs }] of this.#latencies) if (nowMs - usedAtMs > IDLE_MS) this.#latencies.delete(ip);
    const live = this.#values.filter((each) => each.active > 0 || (each.counted && nowMs - each.usedAtMs <= idleMs(each)));
    if (live.length < this.#values.length) {
      for (const each of this.#values) each.forgotten = true;
      this.#values = live;
      this.#byText.clear();
      for (const each of live) {
        each.forgotten = false;
        this.#byText.set(each.destination, each);
      }
    }
    const kept = this.#ends.filter((end) => end.active > 0 || (!end.destination.forgotten && nowMs - end.usedAtMs <= IDLE_MS));
    if (kept.length === this.#ends.length) return;
    this.#ends = kept;
    this.#byHash.clear();
    for (const end of kept) this.#link(end);
  }

  values(): readonly Destination[] {
    return this.#values;
  }

  latencies(): Iterable<Latency> {
    return this.#latencies.values();
  }

  /** Names of all ends by the text of their destination, for lists. */
  names(): Map<string, string> {
    const names = new Map<string, string>();
    for (const { destination, name } of this.#ends) if (name && !name.dead) names.set(destination.destination, name.fqdn);
    return names;
  }

  /** Undefined when there are too many already. */
  #end(address: Uint8Array, at: number, port: number, rules: NetworkRules, atMs: number): End | undefined {
    const w0 = word(address, at);
    const w1 = word(address, at + 4);
    const w2 = word(address, at + 8);
    const w3 = word(address, at + 12);
    const key = hash(w0, w1, w2, w3, port);
    const first = this.#byHash.get(key);
    for (let end = first; end; end = end.next) {
      if (end.w3 !== w3 || end.port !== port || end.w2 !== w2 || end.w1 !== w1 || end.w0 !== w0) continue;
      end.usedAtMs = atMs;
      if (end.name) end.name.usedAtMs = atMs;
      if (end.generation !== rules.names.generation || end.destination.forgotten) this.#rename(end, rules);
      return end;
    }
    if (this.#ends.length >= rules.maxDestinations * ENDS_PER_DESTINATION) return undefined;
    const ip = ipv6Text(address, at);
    const name = rules.names.of(ip);
    const destination = this.#called(ip, port, name, rules);
    if (name) name.connected = true;
    const generation = rules.names.generation;
    const end: End = {
      w0,
      w1,
      w2,
      w3,
      port,
      ip,
      next: first,
      destination,
      name,
      generation,
      latency: undefined,
      active: 0,
      usedAtMs: atMs,
    };
    this.#byHash.set(key, end);
    this.#ends.push(end);
    return end;
  }

  /** What was counted under the old name stays there: counters never go back. */
  #rename(end: End, rules: NetworkRules): void {
    end.generation = rules.names.generation;
    const name = rules.names.of(end.ip);
    if (name === end.name && !end.destination.forgotten) return;
    end.name = name;
    if (name) name.connected = true;
    end.destination = this.#called(end.ip, end.port, name, rules);
  }

  #called(ip: string, port: number, name: IpName | undefined, rules: NetworkRules): Destination {
    if (name?.together) return this.#named(name.fqdn, port, rules);
    const text = endpointText(ip, port);
    return this.#byText.get(text) ?? this.#add(text, text, rules);
  }

  #named(fqdn: string, port: number, rules: NetworkRules): Destination {
    const text = `${fqdn}:${port}`;
    return this.#byText.get(text) ?? this.#add(text, '', rules);
  }

  #add(text: string, actual: string, rules: NetworkRules): Destination {
    if (this.#byText.size >= rules.maxDestinations) return this.#other();
    return this.#insert(new Destination(text, actual));
  }

  #other(): Destination {
    return this.#byText.get(OTHER) ?? this.#insert(new Destination(OTHER, ''));
  }

  #insert(destination: Destination): Destination {
    this.#byText.set(destination.destination, destination);
    this.#values.push(destination);
    return destination;
  }

  #link(end: End): void {
    const key = hash(end.w0, end.w1, end.w2, end.w3, end.port);
    end.next = this.#byHash.get(key);
    this.#byHash.set(key, end);
  }
}

function idleMs({ successful, inferred, failed, sentBytes, receivedBytes }: Destination): number {
  const told = successful > inferred || failed > 0 || sentBytes > 0 || receivedBytes > 0;
  return told ? IDLE_MS : IDLE_INFERRED_MS;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

/** Spreads neighbouring addresses and ports; a signed 32-bit number. */
function hash(w0: number, w1: number, w2: number, w3: number, port: number): number {
  const upper = Math.imul(w0, 0xc2b2_ae35) ^ Math.imul(w1, 0x27d4_eb2f) ^ Math.imul(w2 ^ 0xffff, 0x1656_67b1);
  return Math.imul(port, 0x85eb_ca6b) ^ Math.imul(w3, 0x9e37_79b1) ^ upper;
}
