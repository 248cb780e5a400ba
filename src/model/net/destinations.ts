// The remote ends of one container's connections, found again by address and port without making an object.
import { ChainTable } from '../../base/chain-table.ts';
import { ipv6Text } from '../../base/ip.ts';
import { Destination, Latency, RemoteEndpoint } from './destination.ts';
import type { NetworkRules } from './network-rules.ts';

/** How long a destination that nobody uses keeps its counts: Prometheus takes a series for gone after as long. */
const IDLE_S = 5 * 60;
/** The same for one that only the tables have told of: a crawler without events makes a thousand of them a minute. */
const IDLE_INFERRED_S = 60;
/** Looks between two searches for what is idle. */
const SWEEP_LOOKS = 2;
/** Addresses kept for each destination that may be: many hide behind one name. */
const ENDS_PER_DESTINATION = 4;
const OTHER = '~other:0';

/** So that not all containers search in the same look. */
let nextPhase = 0;

/**
 * Ten thousand look-ups a pass, and hundreds of thousands a second by events, so hashes are small integers: a number that
 * holds address and port together would be an object of its own to V8, made for each look-up.
 */
export class Destinations {
  /** Of every address and port, whether it is a destination itself or hides behind one. */
  #ends: RemoteEndpoint[] = [];
  readonly #table = new ChainTable<RemoteEndpoint>();
  /** What ends hide behind, by its text. */
  readonly #collective = new Map<string, Destination>();
  readonly #latencies = new Map<string, Latency>();
  #values: Destination[] = [];
  /** Those with a connection in this look, so that a look costs as much as there are connections. */
  #active: Destination[] = [];
  #activeBefore: Destination[] = [];
  /** Ends that hide, with a connection in this look. */
  #hidden: RemoteEndpoint[] = [];
  #looks = nextPhase++;

  /** Starts a look: counts of what is active begin at zero, nothing is forgotten yet. */
  begin(): void {
    for (const end of this.#hidden) end.hiddenActive = 0;
    for (const destination of this.#active) destination.active = 0;
    this.#activeBefore = this.#active;
    this.#hidden = [];
    this.#active = [];
  }

  /** Counts one established connection; the 16 bytes at `at` are the remote address, IPv4 mapped. */
  connect(address: Uint8Array, at: number, port: number, rules: NetworkRules, atMs: number): Destination {
    const end = this.#end(address, at, port, rules, atMs);
    const destination = end ? end.target : this.#other();
    if (end && destination !== end && end.hiddenActive++ === 0) this.#hidden.push(end);
    if (destination.active++ === 0) this.#active.push(destination);
    destination.use(atMs);
    return destination;
  }

  /** The destination of a remote end, made when it is new. `name` is what the program connected by, normalised. */
  of(address: Uint8Array, at: number, port: number, rules: NetworkRules, atMs: number, name = ''): Destination {
    const end = this.#end(address, at, port, rules, atMs);
    let destination = end ? end.target : this.#other();
    if (end && name !== '' && name !== end.name?.fqdn && rules.names.isTogether(name))
      destination = this.#named(name, port, rules);
    destination.use(atMs);
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
    if (this.#latencies.size > 0) this.#settleLatencies(nowMs);
    const gone = this.#activeBefore.some((each) => each.active === 0 && !each.counted);
    this.#activeBefore = [];
    if (gone || ++this.#looks % SWEEP_LOOKS === 0) this.#sweep(Math.floor(nowMs / 1000));
  }

  #settleLatencies(nowMs: number): void {
    for (const { latency } of this.#hidden) if (latency) latency.usedAtMs = nowMs;
    for (const each of this.#active) if (each instanceof RemoteEndpoint && each.latency) each.latency.usedAtMs = nowMs;
    for (const [ip, latency] of this.#latencies) {
      latency.settle();
      if (nowMs - latency.usedAtMs > IDLE_S * 1000) this.#latencies.delete(ip);
    }
  }

  #sweep(nowS: number): void {
    const live = this.#values.filter(
      (each) => each.active > 0 || (each.counted && nowS - each.usedAtS <= idleSeconds(each)),
    );
    if (live.length < this.#values.length) {
      for (const each of this.#values) each.kept = false;
      for (const each of live) each.kept = true;
      this.#values = live;
      for (const [text, { kept }] of this.#collective) if (!kept) this.#collective.delete(text);
    }
    this.#ends = this.#ends.filter((end) => {
      if (end.kept || end.hiddenActive > 0 || (end.target.kept && nowS - end.foundAtS <= IDLE_S)) return true;
      this.#table.remove(end);
      return false;
    });
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
    for (const { target, name } of this.#ends) if (name && !name.dead) names.set(target.destination, name.fqdn);
    return names;
  }

  /** Undefined when there are too many already. */
  #end(address: Uint8Array, at: number, port: number, rules: NetworkRules, atMs: number): RemoteEndpoint | undefined {
    const w0 = word(address, at);
    const w1 = word(address, at + 4);
    const w2 = word(address, at + 8);
    const w3 = word(address, at + 12);
    const key = hash(w0, w1, w2, w3, port);
    for (let end = this.#table.first(key); end; end = end.next) {
      if (end.w3 !== w3 || end.port !== port || end.w2 !== w2 || end.w1 !== w1 || end.w0 !== w0) continue;
      if (end.generation !== rules.names.generation || !end.target.kept) this.#aim(end, rules);
      return this.#found(end, atMs);
    }
    if (this.#ends.length >= rules.maxDestinations * ENDS_PER_DESTINATION) return undefined;
    const ip = ipv6Text(address, at);
    const end = new RemoteEndpoint([w0, w1, w2, w3], port, ip, key);
    this.#aim(end, rules);
    this.#table.add(end);
    this.#ends.push(end);
    return this.#found(end, atMs);
  }

  #found(end: RemoteEndpoint, atMs: number): RemoteEndpoint {
    end.foundAtS = Math.floor(atMs / 1000);
    if (end.name) end.name.usedAtMs = atMs;
    return end;
  }

  /** Where an end is counted from now on. What was counted under an old name stays there: counters never go back. */
  #aim(end: RemoteEndpoint, rules: NetworkRules): void {
    end.generation = rules.names.generation;
    const name = rules.names.of(end.ip);
    if (name === end.name && end.target.kept) return;
    end.name = name;
    if (name) name.connected = true;
    if (name?.together) end.target = this.#named(name.fqdn, end.port, rules);
    else end.target = end.kept || this.#values.length < rules.maxDestinations ? this.#keep(end) : this.#other();
  }

  #named(fqdn: string, port: number, rules: NetworkRules): Destination {
    const text = `${fqdn}:${port}`;
    const known = this.#collective.get(text);
    if (known) return known;
    return this.#values.length < rules.maxDestinations ? this.#add(text) : this.#other();
  }

  #other(): Destination {
    return this.#collective.get(OTHER) ?? this.#add(OTHER);
  }

  #add(text: string): Destination {
    const destination = new Destination(text);
    this.#collective.set(text, destination);
    return this.#keep(destination);
  }

  #keep(destination: Destination): Destination {
    if (!destination.kept) this.#values.push(destination);
    destination.kept = true;
    return destination;
  }
}

function idleSeconds({ successful, inferred, failed, sentBytes, receivedBytes }: Destination): number {
  const told = successful > inferred || failed > 0 || sentBytes > 0 || receivedBytes > 0;
  return told ? IDLE_S : IDLE_INFERRED_S;
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
