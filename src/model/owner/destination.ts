// One destination of an owner's outbound connections, with its counts.
import type { ChainLink } from '../../base/chain-table.ts';
import { endpointParts, endpointText } from '../../base/ip.ts';
import { labelSlot } from '../../base/label-slot.ts';
import type { IpName } from './ip-name.ts';

/** Failure statuses counted separately for a destination. */
const MAX_REASONS = 16;

/** Failed connects to one destination. */
export class ConnectFailureCounts {
  /** By NTSTATUS. */
  readonly byStatus = new Map<number, number>();
  /** Failures beyond `MAX_REASONS` statuses. */
  others = 0;
  lastStatus = 0;
  /** Milliseconds since 1970. */
  lastAtMs = 0;

  add(status: number, atMs: number): void {
    this.lastStatus = status;
    this.lastAtMs = atMs;
    const before = this.byStatus.get(status);
    if (before === undefined && this.byStatus.size >= MAX_REASONS) this.others++;
    else this.byStatus.set(status, (before ?? 0) + 1);
  }
}

/** Counts never decrease. There may be tens of thousands of destinations, so every field costs memory. */
export class Destination {
  /** `ip:port`, or `name:port` where several addresses share a name; `~other:0` for all beyond the limit. */
  readonly destination: string;
  /** Established outbound connections in the last scan. */
  active = 0;
  successful = 0;
  /** The part of `successful` that was inferred from the TCP tables, without an event. */
  inferred = 0;
  failed = 0;
  /** Undefined before the first failure. */
  failures: ConnectFailureCounts | undefined = undefined;
  /** Total handshake time, and the number of connects that it was measured for. */
  connectMs = 0;
  timed = 0;
  /** Payload of closed connections, and growth of long-lived ones. */
  sentBytes = 0;
  receivedBytes = 0;
  /** Segments. */
  retransmits = 0;
  /** Connections that the remote side reset. */
  resets = 0;
  /**
   * Last use in whole seconds of the monotonic clock. V8 stores them inside the object; milliseconds would be a
   * separate heap number.
   */
  usedMonoS = 0;
  /** In the owner's list of destinations; counts of a destination outside of the list are lost. */
  kept = false;
  [labelSlot]: undefined = undefined;

  constructor(destination: string) {
    this.destination = destination;
  }

  /** `ip:port`, empty for a destination that is a name or `~other:0`. */
  get actualDestination(): string {
    return '';
  }

  /** Whether it has counts that must not be dropped at once. */
  get counted(): boolean {
    return (
      this.successful > 0 || this.failed > 0 || this.sentBytes > 0 || this.receivedBytes > 0 || this.retransmits > 0
    );
  }

  use(monoMs: number): void {
    this.usedMonoS = Math.floor(monoMs / 1000);
  }

  fail(status: number, atMs: number): void {
    this.failed++;
    this.failures ??= new ConnectFailureCounts();
    this.failures.add(status, atMs);
  }
}

/** One address and port: the destination itself, unless it is counted in a group (a shared name or `~other:0`). */
export class RemoteEndpoint extends Destination implements ChainLink<RemoteEndpoint> {
  /** The four words of the address, IPv4 mapped into IPv6. */
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;
  readonly port: number;
  /** Of address and port. */
  readonly hash: number;
  next: RemoteEndpoint | undefined = undefined;
  /** Where its connections are counted: itself or its group. */
  target: Destination = this;
  name: IpName | undefined = undefined;
  /** Generation of the names when `target` was chosen. */
  generation = 0;
  latency: Latency | undefined = undefined;
  /** Established connections in the last scan while it is counted in a group. */
  groupedActive = 0;
  /** As `usedMonoS`, but of the address, wherever it is counted. */
  foundMonoS = 0;

  /** `words` are the 16 bytes of the address. */
  constructor(words: readonly [number, number, number, number], port: number, ip: string, hash: number) {
    super(endpointText(ip, port));
    [this.w0, this.w1, this.w2, this.w3] = words;
    this.port = port;
    this.hash = hash;
  }

  override get actualDestination(): string {
    return this.destination;
  }

  /** Parsed from the text on demand, which is rare: saves tens of thousands of strings. */
  get ip(): string {
    return endpointParts(this.destination).ip;
  }
}

/** The round-trip time to one address, measured by any connection to it. */
export class Latency {
  readonly ip: string;
  /** Mean of the measurements since the last scan, or the value before if there were none. */
  rttUs = 0;
  /** On the monotonic clock. */
  usedMonoMs = 0;
  #sumUs = 0;
  #measured = 0;

  constructor(ip: string) {
    this.ip = ip;
  }

  add(rttUs: number, monoMs: number): void {
    this.#sumUs += rttUs;
    this.#measured++;
    this.usedMonoMs = monoMs;
  }

  /** Ends a scan: sets `rttUs` from the measurements since the last one. */
  update(): void {
    if (this.#measured === 0) return;
    this.rttUs = this.#sumUs / this.#measured;
    this.#sumUs = 0;
    this.#measured = 0;
  }
}
