// One remote end of a container's outbound connections, as its series have it, with everything that is counted for it.
import type { ChainLink } from '../../base/chain-table.ts';
import { endpointParts, endpointText } from '../../base/ip.ts';
import { labelSlot } from '../../base/label-slot.ts';
import type { IpName } from '../dns/ip-names.ts';

/** Reasons of failure kept apart for a destination. */
const MAX_REASONS = 16;

/** Failed connects to one destination. */
export class ConnectFailureCounts {
  /** By NTSTATUS. */
  readonly byStatus = new Map<number, number>();
  /** Those whose status found no more room. */
  others = 0;
  lastStatus = 0;
  lastAtMs = 0;

  add(status: number, atMs: number): void {
    this.lastStatus = status;
    this.lastAtMs = atMs;
    const before = this.byStatus.get(status);
    if (before === undefined && this.byStatus.size >= MAX_REASONS) this.others++;
    else this.byStatus.set(status, (before ?? 0) + 1);
  }
}

/** Counts only grow, and live here: processes come and go. There may be ten thousands of them: every field is felt. */
export class Destination {
  /** `ip:port`, or `name:port` where many addresses hide behind a name; `~other:0` for all beyond the limit. */
  readonly destination: string;
  /** Established outbound connections at the last look. */
  active = 0;
  successful = 0;
  /** Those of `successful` that no event told: they showed up in the TCP tables. */
  inferred = 0;
  failed = 0;
  /** Undefined before the first. */
  failures: ConnectFailureCounts | undefined = undefined;
  /** Time of handshakes, and how many of `successful` it is the time of. */
  connectMs = 0;
  timed = 0;
  /** Payload of connections that ended, and growth of those that live for long. */
  sentBytes = 0;
  receivedBytes = 0;
  /** Segments. */
  retransmits = 0;
  /** Connections that the other side reset. */
  resets = 0;
  /**
   * Whole seconds since 1970 of the last sign of life: V8 keeps them in the object until 2038, where milliseconds are an object
   * of their own.
   */
  usedAtS = 0;
  /** Its container has it among its destinations; counts on one that it has not are seen by nobody. */
  kept = false;
  [labelSlot]: undefined = undefined;

  constructor(destination: string) {
    this.destination = destination;
  }

  /** `ip:port`, empty where `destination` is none. */
  get actualDestination(): string {
    return '';
  }

  /** Whether there is anything that must not be forgotten at once. */
  get counted(): boolean {
    return (
      this.successful > 0 || this.failed > 0 || this.sentBytes > 0 || this.receivedBytes > 0 || this.retransmits > 0
    );
  }

  use(atMs: number): void {
    this.usedAtS = Math.floor(atMs / 1000);
  }

  fail(status: number, atMs: number): void {
    this.failed++;
    this.failures ??= new ConnectFailureCounts();
    this.failures.add(status, atMs);
  }
}

/** One address and port: a destination itself, unless it hides behind a name or beyond the limit. */
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
  /** Where its connections are counted: itself, or what it hides behind. */
  target: Destination = this;
  name: IpName | undefined = undefined;
  /** Generation of the names that `target` was chosen by. */
  generation = 0;
  latency: Latency | undefined = undefined;
  /** Established connections at the last look while it hides. */
  hiddenActive = 0;
  /** As `usedAtS`, of the address wherever it is counted. */
  foundAtS = 0;

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

  /** Taken from the text when it is asked for, which is seldom: tens of thousands of texts less. */
  get ip(): string {
    return endpointParts(this.destination).ip;
  }
}

/** The round-trip time to one address, from whatever connection measured it last. */
export class Latency {
  readonly ip: string;
  /** Mean of what was measured since the last look, or what was known before. */
  rttUs = 0;
  usedAtMs = 0;
  #sumUs = 0;
  #measured = 0;

  constructor(ip: string) {
    this.ip = ip;
  }

  measure(rttUs: number, atMs: number): void {
    this.#sumUs += rttUs;
    this.#measured++;
    this.usedAtMs = atMs;
  }

  /** Takes the measurements since the last look together. */
  settle(): void {
    if (this.#measured === 0) return;
    this.rttUs = this.#sumUs / this.#measured;
    this.#sumUs = 0;
    this.#measured = 0;
  }
}
